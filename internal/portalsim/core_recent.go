package portalsim

import (
	"slices"
	"strconv"
)

// recentList is im.recent.list: the caller's chats and those of his groups. It
// tells no dialogues of two, as with SKIP_DIALOG, because the simulated portal
// keeps none.
func recentList(c *call) (result, error) {
	sent := c.params.upper()
	items := []obj{}
	for _, chat := range c.portal.Chats {
		if slices.Contains(chat.Members, c.user.ID) {
			items = append(items, recentItem(chat.ID, chat.Name, "", "", len(chat.Members)))
		}
	}
	for _, g := range c.portal.Groups {
		if g.has(c.user.ID) { // the messenger makes a chat for each; its number here is made up
			items = append(items, recentItem(10_000+g.ID, g.Name, "SONET_GROUP", strconv.Itoa(g.ID), len(g.Members)))
		}
	}
	first := min(max(0, sent.num("OFFSET")), len(items))
	last := min(first+sent.limit(50, 200), len(items))
	more := last < len(items)
	return result{value: obj{
		{"items", items[first:last]}, {"hasMorePages", more}, {"hasMore", more}, {"copilot", obj{}},
	}}, nil
}

// recentItem is a chat in the list; the last message is part of it.
func recentItem(id int, name, entity, entityID string, members int) obj {
	return obj{
		{"id", "chat" + strconv.Itoa(id)},
		{"chat_id", id},
		{"type", "chat"},
		{"title", name},
		{"avatar", obj{{"url", ""}, {"color", "#4ba984"}}},
		{"message", obj{{"id", id * 100}, {"text", "Numbers are in"}, {"file", false}, {"author_id", 1}}},
		{"counter", 0},
		{"pinned", false},
		{"unread", false},
		{"chat", obj{
			{"id", id}, {"name", name}, {"entity_type", entity}, {"entity_id", entityID}, {"message_type", "C"}, {"user_counter", members},
		}},
		{"options", []obj{}},
	}
}
