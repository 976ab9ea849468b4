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

// Outsiders implements meet.Audiences. What isn't cached is asked for in one request, for up to
// 50 people. The answer is cached for five minutes.
//
// Both user.get and the messenger are asked, because each knows people whom the other doesn't
// (FACTS.md fact 74).
func (c *Audiences) Outsiders(ctx context.Context, m meet.Member, ids []int64) ([]meet.Outsider, error) {
	ids = uniqueIDs(ids)
	ids = ids[:min(len(ids), pageSize)]
	known := map[int64]meet.Outsider{}
	var ask []int64
	for _, id := range ids {
		if o, ok := c.outside.get(personKey{m, id}); ok {
			known[id] = o
		} else {
			ask = append(ask, id)
		}
	}
	if len(ask) > 0 {
		slices.Sort(ask)
		read, err := coalesce(ctx, c.client, fmt.Sprint("outsiders", m, ask), func(ctx context.Context) ([]meet.Outsider, error) {
			return c.readOutsiders(ctx, m, ask)
		})
		if err != nil {
			return nil, toMeetError(err)
		}
		for _, o := range read {
			known[o.ID] = o
		}
	}
	all := make([]meet.Outsider, len(ids))
	for i, id := range ids {
		all[i] = known[id]
	}
	return all, nil
}

// readOutsiders asks the portal who these people are, and caches the answer.
func (c *Audiences) readOutsiders(ctx context.Context, m meet.Member, ids []int64) ([]meet.Outsider, error) {
	began := c.client.cfg.Now()
	filter, messenger := url.Values{}, url.Values{}
	for i, id := range ids {
		text := strconv.FormatInt(id, 10)
		filter.Set(fmt.Sprintf("FILTER[ID][%d]", i), text)
		messenger.Set(fmt.Sprintf("ID[%d]", i), text)
	}
	outcomes, _, err := c.client.batch(ctx, m, []command{{"user.get", filter}, {"im.user.list.get", messenger}})
	if err != nil {
		return nil, err
	}
	found := map[int64]meet.Outsider{}
	if err := readMessengerUsers(outcomes[1], found); err != nil {
		return nil, err
	}
	if err := readUsers(outcomes[0], found); err != nil {
		return nil, err
	}
	all := make([]meet.Outsider, len(ids))
	for i, id := range ids {
		all[i] = found[id]
		all[i].ID = id
		c.outside.put(personKey{m, id}, all[i], 1, began)
	}
	return all, nil
}

// readUsers reads rows of user.get. Employees are no outsiders.
func readUsers(o outcome, found map[int64]meet.Outsider) error {
	if isRefused(o) {
		return nil
	}
	var rows array[userRow]
	if err := o.into(&rows); err != nil {
		return err
	}
	for _, u := range rows {
		out := meet.Outsider{Name: fullName(u.First, u.Last), Kind: meet.OutsiderGuest}
		switch {
		case !bool(u.Active):
			out.Kind = meet.OutsiderDismissed
		case u.Type == "" || u.Type == "employee":
			out.Kind = meet.OutsiderUnknown
		}
		found[int64(u.ID)] = out
	}
	return nil
}

// messengerUser is a person in an answer of the messenger, which has null for those whom it
// doesn't know.
type messengerUser struct {
	ID        integer `json:"id"`
	Name      text    `json:"name"`
	Extranet  boolean `json:"extranet"`
	Bot       boolean `json:"bot"`
	Connector boolean `json:"connector"`
	Network   boolean `json:"network"`
	Auth      text    `json:"external_auth_id"`
}

func readMessengerUsers(o outcome, found map[int64]meet.Outsider) error {
	if isRefused(o) {
		return nil
	}
	var items array[json.RawMessage]
	if err := o.into(&items); err != nil {
		return err
	}
	for _, item := range items {
		var one messengerUser
		if json.Unmarshal(item, &one) != nil || one.ID <= 0 {
			continue
		}
		out := meet.Outsider{Name: tidyText(string(one.Name))}
		switch {
		case bool(one.Bot):
			out.Kind = meet.OutsiderBot
		case bool(one.Extranet || one.Connector || one.Network) || one.Auth == "email":
			out.Kind = meet.OutsiderGuest
		}
		found[int64(one.ID)] = out
	}
	return nil
}
