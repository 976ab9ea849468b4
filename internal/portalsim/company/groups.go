package company

import (
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// departmentGet is department.get. The root has no PARENT, and a department
// without head has no UF_HEAD.
func departmentGet(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	var rows []php.Array
	for _, d := range c.company.Departments {
		row := php.Array{{"ID", strconv.Itoa(d.ID)}, {"NAME", d.Name}, {"SORT", d.Sort}}
		if d.Parent != 0 {
			row = row.With("PARENT", strconv.Itoa(d.Parent))
		}
		if d.Head != 0 {
			row = row.With("UF_HEAD", strconv.Itoa(d.Head))
		}
		if matchesRow(sent, row, "ID", "NAME", "SORT", "PARENT", "UF_HEAD") {
			rows = append(rows, row)
		}
	}
	return rest.PageOf(rows, c.Start), nil
}

// matchesRow reports whether the row has the value asked for, or one of them, in
// each of the fields.
func matchesRow(sent php.Params, row php.Array, fields ...string) bool {
	for _, name := range fields {
		want, given := sent.Get(name)
		if !given {
			continue
		}
		wanted, isList := php.Items(want)
		if !isList {
			wanted = []any{want}
		}
		has, _ := row.Get(name)
		if !slices.ContainsFunc(wanted, func(w any) bool { return php.Text(w) == php.Text(has) }) {
			return false
		}
	}
	return true
}

// groupGet is sonet_group.get: every value is a string.
func groupGet(c *call) (rest.Result, error) {
	filter := c.Params.Upper().Sub("FILTER")
	var rows []php.Array
	for _, g := range c.company.Groups {
		if c.User.Extranet && !g.Has(c.User.ID) || !groupPasses(filter, g) {
			continue
		}
		rows = append(rows, php.Array{
			{"ID", strconv.Itoa(g.ID)},
			{"SITE_ID", "s1"},
			{"NAME", g.Name},
			{"DESCRIPTION", ""},
			{"ACTIVE", "Y"},
			{"VISIBLE", "Y"},
			{"OPENED", "N"},
			{"OWNER_ID", strconv.Itoa(g.Owner())},
			{"NUMBER_OF_MEMBERS", strconv.Itoa(len(g.Members))},
		})
	}
	return rest.PageOf(rows, c.Start), nil
}

// groupPasses tests a group against a filter of ID and NAME.
func groupPasses(filter php.Params, g *portal.Group) bool {
	for _, f := range filter {
		operator, name := splitOperator(strings.ToUpper(f.Key))
		value := map[string]string{"ID": strconv.Itoa(g.ID), "NAME": g.Name}[name]
		wanted, isList := php.Items(f.Value)
		if !isList {
			wanted = []any{f.Value}
		}
		if value != "" && !matches(operator, []string{value}, wanted) {
			return false
		}
	}
	return true
}

// group finds a group that the caller may know of; extranet users know their own
// only.
func (c *call) group(id int) *portal.Group {
	for _, g := range c.company.Groups {
		if g.ID == id && (!c.User.Extranet || g.Has(c.User.ID)) {
			return g
		}
	}
	return nil
}

// groupUserGet is sonet_group.user.get: the active members with their roles.
func groupUserGet(c *call) (rest.Result, error) {
	g := c.group(c.Params.Upper().Int("ID"))
	if g == nil {
		return rest.Result{}, fault.BadRequest("Socialnetwork group not found")
	}
	rows := []php.Array{}
	for _, m := range g.Members {
		if u := c.company.User(m.User); u != nil && u.Active {
			rows = append(rows, php.Array{{"USER_ID", strconv.Itoa(m.User)}, {"ROLE", m.Role}})
		}
	}
	return rest.Result{Value: rows}, nil
}

// groupUserGroups is sonet_group.user.groups: the caller's own groups.
func groupUserGroups(c *call) (rest.Result, error) {
	rows := []php.Array{}
	for _, g := range c.company.Groups {
		for _, m := range g.Members {
			if m.User == c.User.ID {
				rows = append(rows, php.Array{{"GROUP_ID", strconv.Itoa(g.ID)}, {"GROUP_NAME", g.Name}, {"ROLE", m.Role}})
			}
		}
	}
	return rest.Result{Value: rows}, nil
}
