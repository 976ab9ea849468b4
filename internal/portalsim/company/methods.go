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
	company *Company
}

// Methods are the REST methods, by lower-case name.
func (c *Company) Methods() map[string]rest.Method {
	table := map[string]rest.Method{}
	wrap := func(called *rest.Call) *call { return &call{called, c} }
	rest.Add(table, "", wrap, map[string]func(*call) (rest.Result, error){
		"profile":    profile,
		"user.admin": userAdmin,
	})
	rest.Add(table, people, wrap, map[string]func(*call) (rest.Result, error){
		"user.current": userCurrent,
		"user.get":     userGet,
		"user.search":  userGet,
	})
	rest.Add(table, "department", wrap, map[string]func(*call) (rest.Result, error){
		"department.get": departmentGet,
	})
	rest.Add(table, "im", wrap, map[string]func(*call) (rest.Result, error){
		"im.search.user.list":  searchUserList,
		"im.dialog.users.list": dialogUsersList,
		"im.chat.user.list":    chatUserList,
		"im.recent.list":       recentList,
		"im.user.list.get":     chatUserListGet,
	})
	rest.Add(table, "sonet_group", wrap, map[string]func(*call) (rest.Result, error){
		"sonet_group.get":         groupGet,
		"sonet_group.user.get":    groupUserGet,
		"sonet_group.user.groups": groupUserGroups,
	})
	rest.Add(table, "task", wrap, map[string]func(*call) (rest.Result, error){
		"tasks.task.get": taskGet,
	})
	rest.Add(table, "crm", wrap, map[string]func(*call) (rest.Result, error){
		"crm.deal.get":  dealGet,
		"crm.item.get":  itemGet,
		"crm.item.list": itemList,
	})
	return table
}
