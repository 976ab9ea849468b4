package portalsim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// departmentGet is department.get: the root has no PARENT, a department without
// head no UF_HEAD.
func departmentGet(c *call) (result, error) {
	sent := c.params.upper()
	var rows []obj
	for _, d := range c.portal.Departments {
		row := obj{{"ID", strconv.Itoa(d.ID)}, {"NAME", d.Name}, {"SORT", d.Sort}}
		if d.Parent != 0 {
			row = row.with("PARENT", strconv.Itoa(d.Parent))
		}
		if d.Head != 0 {
			row = row.with("UF_HEAD", strconv.Itoa(d.Head))
		}
		if sent.selects(row, "ID", "NAME", "SORT", "PARENT", "UF_HEAD") {
			rows = append(rows, row)
		}
	}
	return paged(rows, c.start), nil
}

// selects tells whether the row has the value, or one of the values, asked for
// in each of the fields.
func (p params) selects(row obj, fields ...string) bool {
	for _, name := range fields {
		want, given := p.get(name)
		if !given {
			continue
		}
		wanted, isList := phpItems(want)
		if !isList {
			wanted = []any{want}
		}
		has, _ := row.get(name)
		if !slices.ContainsFunc(wanted, func(w any) bool { return phpString(w) == phpString(has) }) {
			return false
		}
	}
	return true
}

// groupGet is sonet_group.get: every value is a string.
func groupGet(c *call) (result, error) {
	filter := c.params.upper().sub("FILTER")
	var rows []obj
	for _, g := range c.portal.Groups {
		if c.user.Extranet && !g.has(c.user.ID) || !groupPasses(filter, g) {
			continue
		}
		rows = append(rows, obj{
			{"ID", strconv.Itoa(g.ID)},
			{"SITE_ID", "s1"},
			{"NAME", g.Name},
			{"DESCRIPTION", ""},
			{"ACTIVE", "Y"},
			{"VISIBLE", "Y"},
			{"OPENED", "N"},
			{"OWNER_ID", strconv.Itoa(g.owner())},
			{"NUMBER_OF_MEMBERS", strconv.Itoa(len(g.Members))},
		})
	}
	return paged(rows, c.start), nil
}

// groupPasses tests a group against a filter of ID and NAME.
func groupPasses(filter params, g *Group) bool {
	for _, f := range filter {
		operator, name := splitOperator(strings.ToUpper(f.key))
		value := map[string]string{"ID": strconv.Itoa(g.ID), "NAME": g.Name}[name]
		wanted, isList := phpItems(f.value)
		if !isList {
			wanted = []any{f.value}
		}
		if value != "" && !matches(operator, []string{value}, wanted) {
			return false
		}
	}
	return true
}

func (g *Group) owner() int {
	for _, m := range g.Members {
		if m.Role == "A" {
			return m.User
		}
	}
	return 0
}

// group finds a group that the caller may know of; an extranet user knows his
// own.
func (c *call) group(id int) *Group {
	for _, g := range c.portal.Groups {
		if g.ID == id && (!c.user.Extranet || g.has(c.user.ID)) {
			return g
		}
	}
	return nil
}

// groupUserGet is sonet_group.user.get: active members with their roles.
func groupUserGet(c *call) (result, error) {
	g := c.group(c.params.upper().num("ID"))
	if g == nil {
		return result{}, badRequest("Socialnetwork group not found")
	}
	rows := []obj{}
	for _, m := range g.Members {
		if u := c.portal.user(m.User); u != nil && u.Active {
			rows = append(rows, obj{{"USER_ID", strconv.Itoa(m.User)}, {"ROLE", m.Role}})
		}
	}
	return result{value: rows}, nil
}

// groupUserGroups is sonet_group.user.groups: the caller's own groups.
func groupUserGroups(c *call) (result, error) {
	rows := []obj{}
	for _, g := range c.portal.Groups {
		for _, m := range g.Members {
			if m.User == c.user.ID {
				rows = append(rows, obj{{"GROUP_ID", strconv.Itoa(g.ID)}, {"GROUP_NAME", g.Name}, {"ROLE", m.Role}})
			}
		}
	}
	return result{value: rows}, nil
}

// chatError is a refusal of the messenger.
func chatError(code, text string, status int) error {
	return &restError{Code: code, Text: text, Status: status}
}

// searchUserList is im.search.user.list: an object keyed by id, of active users.
func searchUserList(c *call) (result, error) {
	sent := c.params.upper()
	find := sent.str("FIND")
	if utf8.RuneCountInString(find) < 2 {
		return result{}, chatError("FIND_SHORT", "Too short a search phrase.", http.StatusBadRequest)
	}
	passes := c.search(true, find)
	found := slices.DeleteFunc(c.portal.usersFor(c.user), func(u *User) bool { return !u.Active || !passes(u) })
	slices.SortStableFunc(found, func(a, b *User) int { return a.ID - b.ID })
	first := min(max(0, sent.num("OFFSET")), len(found))
	last := min(first+sent.limit(10, 50), len(found))
	rows := obj{}
	for _, u := range found[first:last] {
		rows = rows.with(strconv.Itoa(u.ID), c.chatUser(u))
	}
	res := result{value: rows, paged: true, total: len(found)}
	if last < len(found) {
		res.next = last
	}
	return res, nil
}

// limit is the parameter LIMIT within 1…most.
func (p params) limit(otherwise, most int) int {
	n := p.num("LIMIT")
	if n <= 0 {
		n = otherwise
	}
	return min(n, most)
}

// chatUser is a user as the messenger tells him: id and departments are ints,
// and what is absent is false or "".
func (c *call) chatUser(u *User) obj {
	departments := u.Departments
	if departments == nil {
		departments = []int{}
	}
	return obj{
		{"id", u.ID},
		{"active", u.Active},
		{"name", u.FullName()},
		{"first_name", u.Name},
		{"last_name", u.LastName},
		{"work_position", u.Position},
		{"color", "#3e99ce"},
		{"avatar", c.portal.photoURL(u)},
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
func dialogUsersList(c *call) (result, error) {
	sent := c.params.upper()
	ids, err := c.dialog(sent.str("DIALOG_ID"))
	if err != nil {
		return result{}, err
	}
	slices.Sort(ids)
	after, rows := sent.num("LAST_ID"), []obj{}
	skip := max(0, sent.num("OFFSET"))
	for _, id := range ids {
		u := c.portal.user(id)
		if u == nil || !u.Active || id <= after || sent.str("SKIP_EXTERNAL") == "Y" && u.Extranet {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(rows) < sent.limit(50, 200) {
			rows = append(rows, c.chatUser(u))
		}
	}
	return result{value: rows}, nil
}

// dialog lists the members of a dialogue: "chat29" (a chat), "sg10" (a group) or
// a user id (the caller and he). Only members may ask.
func (c *call) dialog(id string) ([]int, error) {
	if id == "" {
		return nil, chatError("DIALOG_ID_EMPTY", "Dialog ID can't be empty", http.StatusBadRequest)
	}
	denied := chatError("ACCESS_ERROR", "You do not have access to the specified dialog", http.StatusForbidden)
	var members []int
	switch {
	case strings.HasPrefix(id, "chat"):
		members = c.portal.chatMembers(phpInt(id[len("chat"):]))
	case strings.HasPrefix(id, "sg"):
		if g := c.group(phpInt(id[len("sg"):])); g != nil {
			for _, m := range g.Members {
				members = append(members, m.User)
			}
		}
	default:
		members = []int{c.user.ID, phpInt(id)}
	}
	if !slices.Contains(members, c.user.ID) {
		return nil, denied
	}
	return slices.Compact(members), nil
}

// chatMembers are the members of a chat, nil when there is none. mu is held.
func (p *Portal) chatMembers(id int) []int {
	for _, chat := range p.Chats {
		if chat.ID == id {
			return slices.Clone(chat.Members)
		}
	}
	return nil
}

// chatUserList is im.chat.user.list: ids as ints.
func chatUserList(c *call) (result, error) {
	sent := c.params.upper()
	dialog := sent.str("DIALOG_ID")
	if id := sent.num("CHAT_ID"); id > 0 {
		dialog = "chat" + strconv.Itoa(id)
	}
	if dialog == "" {
		return result{}, chatError("CHAT_ID_EMPTY", "Chat ID can't be empty", http.StatusBadRequest)
	}
	ids, err := c.dialog(dialog)
	if err != nil {
		return result{}, err
	}
	return result{value: ids}, nil
}

// chatUserListGet is im.user.list.get: an object keyed by id, null for whom the
// messenger does not know; bots are among those it does.
func chatUserListGet(c *call) (result, error) {
	value, given := c.params.upper().get("ID")
	ids, isList := phpItems(value)
	if given && !isList {
		return result{}, chatError("INVALID_FORMAT", "A wrong format for the ID field is passed", http.StatusBadRequest)
	}
	rows := obj{}
	for _, item := range ids {
		id := phpInt(phpString(item))
		rows = rows.with(strconv.Itoa(id), c.chatMember(id))
	}
	return result{value: rows}, nil
}

// chatMember is somebody, or a bot, as the messenger tells of them; nil for nobody.
func (c *call) chatMember(id int) any {
	for _, b := range c.portal.Bots {
		if b.ID == id {
			return c.chatUser(&User{ID: b.ID, Name: b.Name, Active: true}).with("bot", true)
		}
	}
	if u := c.portal.user(id); u != nil {
		return c.chatUser(u)
	}
	return nil
}
