package company

import (
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// people are the scopes of which any lets an app see users.
const people = "user|user_basic|user_brief"

// Company answers the methods of people, groups, chats, tasks and deals.
type Company struct{ *portal.Portal }

// call is a call of one of these methods.
type call struct {
	*rest.Call
	portal *Company
}

// Methods are the REST methods, by lower-case name.
func (p *Company) Methods() map[string]rest.Method {
	table := map[string]rest.Method{}
	add := func(scope string, methods map[string]func(*call) (rest.Result, error)) {
		for name, run := range methods {
			table[name] = rest.Method{Scope: scope, Run: func(c *rest.Call) (rest.Result, error) { return run(&call{c, p}) }}
		}
	}
	add("", map[string]func(*call) (rest.Result, error){
		"profile":    profile,
		"user.admin": userAdmin,
	})
	add(people, map[string]func(*call) (rest.Result, error){
		"user.current": userCurrent,
		"user.get":     userGet,
		"user.search":  userGet,
	})
	add("department", map[string]func(*call) (rest.Result, error){
		"department.get": departmentGet,
	})
	add("im", map[string]func(*call) (rest.Result, error){
		"im.search.user.list":  searchUserList,
		"im.dialog.users.list": dialogUsersList,
		"im.chat.user.list":    chatUserList,
		"im.recent.list":       recentList,
		"im.user.list.get":     chatUserListGet,
	})
	add("sonet_group", map[string]func(*call) (rest.Result, error){
		"sonet_group.get":         groupGet,
		"sonet_group.user.get":    groupUserGet,
		"sonet_group.user.groups": groupUserGroups,
	})
	add("task", map[string]func(*call) (rest.Result, error){
		"tasks.task.get": taskGet,
	})
	add("crm", map[string]func(*call) (rest.Result, error){
		"crm.deal.get":  dealGet,
		"crm.item.get":  itemGet,
		"crm.item.list": itemList,
	})
	return table
}
