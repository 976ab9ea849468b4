package portalsim

import "slices"

// people are the scopes of which any lets an app see users.
const people = "user|user_basic|user_brief"

// coreMethods are the REST methods that are not the calendar's, by lower-case
// name.
func coreMethods() map[string]method {
	return map[string]method{
		"batch":       {run: runBatch},
		"profile":     {run: profile},
		"user.admin":  {run: userAdmin},
		"scope":       {run: scopeList},
		"method.get":  {run: methodGet},
		"server.time": {run: serverTime},
		"app.info":    {run: portalAppInfo},

		"user.current": {scope: people, run: userCurrent},
		"user.get":     {scope: people, run: userGet},
		"user.search":  {scope: people, run: userGet},

		"department.get": {scope: "department", run: departmentGet},

		"im.search.user.list":  {scope: "im", run: searchUserList},
		"im.dialog.users.list": {scope: "im", run: dialogUsersList},
		"im.chat.user.list":    {scope: "im", run: chatUserList},
		"im.recent.list":       {scope: "im", run: recentList},
		"im.user.list.get":     {scope: "im", run: chatUserListGet},

		"sonet_group.get":         {scope: "sonet_group", run: groupGet},
		"sonet_group.user.get":    {scope: "sonet_group", run: groupUserGet},
		"sonet_group.user.groups": {scope: "sonet_group", run: groupUserGroups},

		"tasks.task.get": {scope: "task", run: taskGet},
		"crm.deal.get":   {scope: "crm", run: dealGet},
		"crm.item.get":   {scope: "crm", run: itemGet},
		"crm.item.list":  {scope: "crm", run: itemList},

		"events":       {run: eventNames},
		"event.bind":   {run: handlerBind},
		"event.unbind": {run: handlerUnbind},
		"event.get":    {run: handlerList},

		"placement.bind":   {scope: "placement", run: placementBind},
		"placement.unbind": {scope: "placement", run: placementUnbind},
		"placement.get":    {scope: "placement", run: placementGet},
		"placement.list":   {scope: "placement", run: placementList},
	}
}

// serverTime is server.time: the instant in the server's zone.
func serverTime(c *call) (result, error) {
	return result{value: c.now.In(c.portal.zone()).Format("2006-01-02T15:04:05-07:00")}, nil
}

// scopeList is scope: those of the token, with full the portal's.
func scopeList(c *call) (result, error) {
	if !c.params.filled("full") {
		return result{value: slices.Clone(c.app.Scopes)}, nil
	}
	return result{value: []string{
		"calendar", "crm", "department", "im", "placement", "sonet_group", "task", "user", "user_basic", "user_brief",
	}}, nil
}

// methodGet is method.get: whether a method exists and the token may call it.
func methodGet(c *call) (result, error) {
	m, exists := c.portal.sim.methods[methodName(c.params.str("name"))]
	return result{value: obj{
		{"isExisting", exists},
		{"isAvailable", exists && c.app.may(m.scope)},
	}}, nil
}

// pageSize is how many rows a list method gives at a time.
const pageSize = 50

// paged answers with one page of rows. Offsets are cut to whole pages; offset -1
// gives the first page uncounted. Without any row neither total nor next is told.
func paged(rows []obj, offset int) result {
	total := len(rows)
	if total == 0 {
		return result{value: rows}
	}
	if offset < 0 {
		return result{value: rows[:min(pageSize, total)], paged: true}
	}
	first := min(offset/pageSize*pageSize, total)
	last := min(first+pageSize, total)
	res := result{value: rows[first:last], paged: true, total: total}
	if last < total {
		res.next = last
	}
	return res
}
