package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"slotfinder/internal/meet"
)

// Audiences reads work groups and chats. It implements meet.Audiences and is safe for
// concurrent use.
type Audiences struct {
	client  *Client
	lists   *cache[meet.Member, []meet.Audience]
	members *cache[audienceKey, []int64]
	outside *cache[personKey, meet.Outsider]
}

var _ meet.Audiences = (*Audiences)(nil)

// audienceKey is an audience as a member sees it.
type audienceKey struct {
	member meet.Member
	kind   meet.AudienceKind
	id     int64
}

// maxChats is how many chats are read, the latest ones. An answer holds no more.
const maxChats = "200"

// NewAudiences returns Audiences that read through the client.
func NewAudiences(c *Client) *Audiences {
	return &Audiences{
		client:  c,
		lists:   newCache[meet.Member, []meet.Audience](c.cfg.Now, directoryTTL, personCacheSize),
		members: newCache[audienceKey, []int64](c.cfg.Now, directoryTTL, personCacheSize),
		outside: newCache[personKey, meet.Outsider](c.cfg.Now, directoryTTL, personCacheSize),
	}
}

// Audiences implements meet.Audiences. It costs one request, and another one in portals with more
// than 50 groups. The answer is cached for five minutes and must not be changed. Chats are
// those in which the member takes part. Only their names are read, though the portal's answer
// holds the latest messages, too (FACTS.md fact 71).
func (c *Audiences) Audiences(ctx context.Context, m meet.Member) ([]meet.Audience, error) {
	if known, ok := c.lists.get(m); ok {
		return known, nil
	}
	audiences, err := coalesce(ctx, c.client, fmt.Sprint("audiences", m), func(ctx context.Context) ([]meet.Audience, error) {
		began := c.client.cfg.Now()
		audiences, err := c.readAudiences(ctx, m)
		if err == nil {
			c.lists.put(m, audiences, len(audiences)+1, began)
		}
		return audiences, err
	})
	return audiences, toMeetError(err)
}

// readAudiences asks for groups and chats in one request. There are none of those for which the
// app has no scope, or the portal no method.
func (c *Audiences) readAudiences(ctx context.Context, m meet.Member) ([]meet.Audience, error) {
	outcomes, _, err := c.client.batch(ctx, m, []command{
		{"sonet_group.get", url.Values{}},
		{"im.recent.list", url.Values{"SKIP_DIALOG": {"Y"}, "SKIP_OPENLINES": {"Y"}, "LIMIT": {maxChats}}},
	})
	if err != nil {
		return nil, err
	}
	groups, err := c.groups(ctx, m, outcomes[0])
	if err != nil && !lacksScope(err) {
		return nil, err
	}
	chats, err := readChats(outcomes[1])
	if err != nil && !lacksScope(err) {
		return nil, err
	}
	return append(groups, chats...), nil
}

// groupRow is a row of sonet_group.get.
type groupRow struct {
	ID     integer `json:"ID"`
	Name   text    `json:"NAME"`
	Active text    `json:"ACTIVE"`
}

func (c *Audiences) groups(ctx context.Context, m meet.Member, first outcome) ([]meet.Audience, error) {
	var rows array[groupRow]
	if err := first.into(&rows); err != nil {
		return nil, err
	}
	if first.more {
		var err error
		if rows, err = readAllRows[groupRow](ctx, c.client, m, "sonet_group.get", url.Values{}); err != nil {
			return nil, err
		}
	}
	var audiences []meet.Audience
	for _, g := range rows {
		if g.ID > 0 && g.Active != "N" {
			audiences = append(audiences, meet.Audience{Kind: meet.AudienceGroup, ID: int64(g.ID), Name: tidyText(string(g.Name))})
		}
	}
	return audiences, nil
}

// chatRow is an item of im.recent.list.
type chatRow struct {
	ID    integer `json:"chat_id"`
	Type  text    `json:"type"`
	Title text    `json:"title"`
	Chat  struct {
		Of text `json:"entity_type"`
	} `json:"chat"`
}

// groupChat is the type of the chat that belongs to a work group (FACTS.md fact 71).
const groupChat = "SONET_GROUP"

func readChats(o outcome) ([]meet.Audience, error) {
	var answer object
	if err := o.into(&answer); err != nil {
		return nil, err
	}
	var items array[json.RawMessage]
	if raw := answer["items"]; raw != nil && json.Unmarshal(raw, &items) != nil {
		return nil, &Error{Method: "im.recent.list", Status: 200, Err: errNotJSON}
	}
	var audiences []meet.Audience
	for _, item := range items {
		var one chatRow
		if json.Unmarshal(item, &one) != nil || one.ID <= 0 || one.Type != "chat" || one.Chat.Of == groupChat {
			continue
		}
		audiences = append(audiences, meet.Audience{Kind: meet.AudienceChat, ID: int64(one.ID), Name: tidyText(string(one.Title))})
	}
	return audiences, nil
}

// Members implements meet.Audiences. What isn't cached is asked for in one request, and in two
// for each deal. The answer is cached for five minutes and must not be changed.
func (c *Audiences) Members(ctx context.Context, m meet.Member, audiences []meet.Audience) ([][]int64, error) {
	found := make([][]int64, len(audiences))
	var ask []audienceKey
	for i, audience := range audiences {
		key := audienceKey{m, audience.Kind, audience.ID}
		if ids, ok := c.members.get(key); ok {
			found[i] = ids
		} else {
			ask = append(ask, key)
		}
	}
	read := map[audienceKey][]int64{}
	for _, key := range ask {
		if key.kind == meet.AudienceDeal {
			if err := c.readDeal(ctx, m, key, read); err != nil {
				return nil, toMeetError(err)
			}
		}
	}
	ask = slices.DeleteFunc(ask, func(key audienceKey) bool { return key.kind == meet.AudienceDeal })
	for some := range slices.Chunk(ask, batchLimit) {
		if err := c.readMembers(ctx, m, some, read); err != nil {
			return nil, toMeetError(err)
		}
	}
	for i, audience := range audiences {
		if ids, ok := read[audienceKey{m, audience.Kind, audience.ID}]; ok {
			found[i] = ids
		}
	}
	return found, nil
}

// readMembers asks for the members of up to 50 audiences.
func (c *Audiences) readMembers(ctx context.Context, m meet.Member, keys []audienceKey, read map[audienceKey][]int64) error {
	ctx, cancel := withReadTimeout(ctx)
	defer cancel()
	began := c.client.cfg.Now()
	commands := make([]command, len(keys))
	for i, key := range keys {
		commands[i] = key.command()
	}
	outcomes, _, err := c.client.batch(ctx, m, commands)
	if err != nil {
		return err
	}
	for i, key := range keys {
		ids, err := key.members(outcomes[i])
		if err != nil {
			return err
		}
		read[key] = ids
		c.members.put(key, ids, len(ids)+1, began)
	}
	return nil
}

func (k audienceKey) command() command {
	id := strconv.FormatInt(k.id, 10)
	switch k.kind {
	case meet.AudienceChat:
		return command{"im.chat.user.list", url.Values{"CHAT_ID": {id}}}
	case meet.AudienceTask:
		return command{"tasks.task.get", url.Values{"taskId": {id}, "select[]": {"RESPONSIBLE_ID", "CREATED_BY", "ACCOMPLICES", "AUDITORS"}}}
	default:
		return command{"sonet_group.user.get", url.Values{"ID": {id}}}
	}
}

func (k audienceKey) members(o outcome) ([]int64, error) {
	if k.kind == meet.AudienceTask {
		return readUserFields(o, "task", "responsibleId", "createdBy", "accomplices", "auditors")
	}
	return memberIDs(o)
}

// memberIDs reads the ids of a chat's members or the rows of a group's (FACTS.md fact 70). A
// refusal, as for the chat of the whole company, means that there is nobody to show.
func memberIDs(o outcome) ([]int64, error) {
	if isRefused(o) {
		return nil, nil
	}
	var items array[json.RawMessage]
	if err := o.into(&items); err != nil {
		return nil, err
	}
	var ids []int64
	for _, item := range items {
		var row struct {
			ID integer `json:"USER_ID"`
		}
		if json.Unmarshal(item, &row.ID) == nil && row.ID == 0 {
			_ = json.Unmarshal(item, &row) // an item that is neither has no id
		}
		if row.ID > 0 {
			ids = append(ids, int64(row.ID))
		}
	}
	return ids, nil
}
