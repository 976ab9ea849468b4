package company

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// chatError is an error of the messenger.
func chatError(code, text string, status int) error {
	return &fault.Error{Code: code, Text: text, Status: status}
}

// searchUserList is im.search.user.list: active users in an object keyed by id.
func searchUserList(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	find := sent.Text("FIND")
	if utf8.RuneCountInString(find) < 2 {
		return rest.Result{}, chatError("FIND_SHORT", "Too short a search phrase.", http.StatusBadRequest)
	}
	passes := c.search(true, find)
	found := slices.DeleteFunc(c.company.usersFor(c.User), func(u *portal.User) bool { return !u.Active || !passes(u) })
	slices.SortStableFunc(found, func(a, b *portal.User) int { return a.ID - b.ID })
	first := min(max(0, sent.Int("OFFSET")), len(found))
	last := min(first+limit(sent, 10, 50), len(found))
	rows := php.Array{}
	for _, u := range found[first:last] {
		rows = rows.With(strconv.Itoa(u.ID), c.chatUser(u))
	}
	res := rest.Result{Value: rows, Paged: true, Total: len(found)}
	if last < len(found) {
		res.Next = last
	}
	return res, nil
}

// limit is the parameter LIMIT within 1…most.
func limit(sent php.Params, otherwise, most int) int {
	n := sent.Int("LIMIT")
	if n <= 0 {
		n = otherwise
	}
	return min(n, most)
}

// chatUser is a user in an answer of the messenger: the id and the departments are
// ints, and what is missing is false or "".
func (c *call) chatUser(u *portal.User) php.Array {
	departments := u.Departments
	if departments == nil {
		departments = []int{}
	}
	return php.Array{
		{"id", u.ID},
		{"active", u.Active},
		{"name", u.FullName()},
		{"first_name", u.Name},
		{"last_name", u.LastName},
		{"work_position", u.Position},
		{"color", "#3e99ce"},
		{"avatar", c.company.PhotoURL(u)},
		{"gender", "M"},
		{"birthday", ""},
		{"extranet", u.Extranet},
		{"network", false},
		{"bot", false},
		{"connector", false},
		{"external_auth_id", "default"},
		{"status", "online"},
		{"idle", false},
		{"last_activity_date", false},
		{"departments", departments},
		{"absent", false},
		{"phones", false},
		{"type", "user"},
	}
}

// dialogUsersList is im.dialog.users.list.
func dialogUsersList(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	ids, err := c.dialog(sent.Text("DIALOG_ID"))
	if err != nil {
		return rest.Result{}, err
	}
	slices.Sort(ids)
	after, rows := sent.Int("LAST_ID"), []php.Array{}
	skip := max(0, sent.Int("OFFSET"))
	for _, id := range ids {
		u := c.company.User(id)
		if u == nil || !u.Active || id <= after || sent.Text("SKIP_EXTERNAL") == "Y" && u.Extranet {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(rows) < limit(sent, 50, 200) {
			rows = append(rows, c.chatUser(u))
		}
	}
	return rest.Result{Value: rows}, nil
}

// dialog lists the members of a dialogue: "chat29" (a chat), "sg10" (a group) or a
// user id (that user and the caller). Only members may ask.
func (c *call) dialog(id string) ([]int, error) {
	if id == "" {
		return nil, chatError("DIALOG_ID_EMPTY", "Dialog ID can't be empty", http.StatusBadRequest)
	}
	denied := chatError("ACCESS_ERROR", "You do not have access to the specified dialog", http.StatusForbidden)
	var members []int
	switch {
	case strings.HasPrefix(id, "chat"):
		members = c.company.chatMembers(php.Int(id[len("chat"):]))
	case strings.HasPrefix(id, "sg"):
		if g := c.group(php.Int(id[len("sg"):])); g != nil {
			for _, m := range g.Members {
				members = append(members, m.User)
			}
		}
	default:
		members = []int{c.User.ID, php.Int(id)}
	}
	if !slices.Contains(members, c.User.ID) {
		return nil, denied
	}
	return slices.Compact(members), nil
}

// chatMembers are the members of a chat, nil when there is none. The portal is locked.
func (c *Company) chatMembers(id int) []int {
	for _, chat := range c.Chats {
		if chat.ID == id {
			return slices.Clone(chat.Members)
		}
	}
	return nil
}

// chatUserList is im.chat.user.list, with ids as ints.
func chatUserList(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	dialog := sent.Text("DIALOG_ID")
	if id := sent.Int("CHAT_ID"); id > 0 {
		dialog = "chat" + strconv.Itoa(id)
	}
	if dialog == "" {
		return rest.Result{}, chatError("CHAT_ID_EMPTY", "Chat ID can't be empty", http.StatusBadRequest)
	}
	ids, err := c.dialog(dialog)
	if err != nil {
		return rest.Result{}, err
	}
	return rest.Result{Value: ids}, nil
}

// chatUserListGet is im.user.list.get: an object keyed by id, with null for ids
// that the messenger does not know. It knows bots.
func chatUserListGet(c *call) (rest.Result, error) {
	value, given := c.Params.Upper().Get("ID")
	ids, isList := php.Items(value)
	if given && !isList {
		return rest.Result{}, chatError("INVALID_FORMAT", "A wrong format for the ID field is passed", http.StatusBadRequest)
	}
	rows := php.Array{}
	for _, item := range ids {
		id := php.Int(php.Text(item))
		rows = rows.With(strconv.Itoa(id), c.chatMember(id))
	}
	return rest.Result{Value: rows}, nil
}

// chatMember is a user or bot in an answer of the messenger, nil if there is none.
func (c *call) chatMember(id int) any {
	for _, b := range c.company.Bots {
		if b.ID == id {
			return c.chatUser(&portal.User{ID: b.ID, Name: b.Name, Active: true}).With("bot", true)
		}
	}
	if u := c.company.User(id); u != nil {
		return c.chatUser(u)
	}
	return nil
}
