package rest

import (
	"slices"

	"slotfinder/internal/portalsim/php"
)

// ownMethods are the methods of REST itself, by lower-case name.
func (s *Server) ownMethods() map[string]Method {
	return map[string]Method{
		"batch":       {Run: s.runBatch},
		"scope":       {Run: scopeList},
		"method.get":  {Run: s.methodGet},
		"server.time": {Run: s.serverTime},
	}
}

// serverTime is server.time: the instant in the server's zone.
func (s *Server) serverTime(c *Call) (Result, error) {
	return Result{Value: c.Now.In(s.Zone()).Format("2006-01-02T15:04:05-07:00")}, nil
}

// scopeList is the method scope: the scopes of the token, with full those of the
// portal.
func scopeList(c *Call) (Result, error) {
	if !c.Params.Filled("full") {
		return Result{Value: slices.Clone(c.App.Scopes)}, nil
	}
	return Result{Value: []string{
		"calendar", "crm", "department", "im", "placement", "sonet_group", "task", "user", "user_basic", "user_brief",
	}}, nil
}

// methodGet is method.get: whether a method exists and the token may call it.
func (s *Server) methodGet(c *Call) (Result, error) {
	m, exists := s.methods[methodName(c.Params.Text("name"))]
	return Result{Value: php.Array{
		{"isExisting", exists},
		{"isAvailable", exists && c.App.May(m.Scope)},
	}}, nil
}

// pageSize is how many rows a list method gives at a time.
const pageSize = 50

// PageOf answers with one page of rows. Offsets are cut to whole pages; offset -1
// gives the first page and does not count. Without rows neither total nor next is
// told.
func PageOf(rows []php.Array, offset int) Result {
	total := len(rows)
	if total == 0 {
		return Result{Value: rows}
	}
	if offset < 0 {
		return Result{Value: rows[:min(pageSize, total)], Paged: true}
	}
	first := min(offset/pageSize*pageSize, total)
	last := min(first+pageSize, total)
	res := Result{Value: rows[first:last], Paged: true, Total: total}
	if last < total {
		res.Next = last
	}
	return res
}
