package company

import (
	"slices"
	"strconv"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/rest"
)

// recentList is im.recent.list: the caller's chats and those of their groups.
// Dialogues of two are left out, as with SKIP_DIALOG, because the simulator keeps
// none.
func recentList(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	items := []php.Array{}
	for _, chat := range c.company.Chats {
		if slices.Contains(chat.Members, c.User.ID) {
			items = append(items, recentItem(chat.ID, chat.Name, "", "", len(chat.Members)))
		}
	}
	for _, g := range c.company.Groups {
		if g.Has(c.User.ID) { // the messenger makes a chat for each; its number here is made up
			items = append(items, recentItem(10_000+g.ID, g.Name, "SONET_GROUP", strconv.Itoa(g.ID), len(g.Members)))
		}
	}
	first := min(max(0, sent.Int("OFFSET")), len(items))
	last := min(first+limit(sent, 50, 200), len(items))
	more := last < len(items)
	return rest.Result{Value: php.Array{
		{"items", items[first:last]}, {"hasMorePages", more}, {"hasMore", more}, {"copilot", php.Array{}},
	}}, nil
}

// recentItem is a chat in the list; the last message is part of it.
func recentItem(id int, name, entity, entityID string, members int) php.Array {
	return php.Array{
		{"id", "chat" + strconv.Itoa(id)},
		{"chat_id", id},
		{"type", "chat"},
		{"title", name},
		{"avatar", php.Array{{"url", ""}, {"color", "#4ba984"}}},
		{"message", php.Array{{"id", id * 100}, {"text", "Numbers are in"}, {"file", false}, {"author_id", 1}}},
		{"counter", 0},
		{"pinned", false},
		{"unread", false},
		{"chat", php.Array{
			{"id", id}, {"name", name}, {"entity_type", entity}, {"entity_id", entityID}, {"message_type", "C"}, {"user_counter", members},
		}},
		{"options", []php.Array{}},
	}
}
