package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"slotfinder/internal/meet"
)

const (
	pageSize = 50     // fixed by Bitrix24
	mostRows = 50_000 // of a list; more is no company but a fault

	mostDepartments = 100 // of a person; of what goes beyond, nobody makes use
)

// user is a row of user.get. Null fields are left out by the portal.
type user struct {
	ID          integer        `json:"ID"`
	Active      truth          `json:"ACTIVE"`
	First       text           `json:"NAME"`
	Last        text           `json:"LAST_NAME"`
	Position    text           `json:"WORK_POSITION"`
	Photo       text           `json:"PERSONAL_PHOTO"`
	Zone        text           `json:"TIME_ZONE"`
	Type        text           `json:"USER_TYPE"`
	Departments array[integer] `json:"UF_DEPARTMENT"`
}

func (u user) person() meet.Person {
	p := meet.Person{
		ID:       int64(u.ID),
		Name:     fullName(u.First, u.Last),
		Position: short(string(u.Position)),
		Zone:     short(string(u.Zone)),
		Active:   bool(u.Active),
	}
	if hostOf(string(u.Photo)) != "" && len(u.Photo) < 2000 {
		p.Photo = string(u.Photo)
	}
	for _, id := range u.Departments[:min(len(u.Departments), mostDepartments)] {
		p.Departments = append(p.Departments, int64(id))
	}
	return p
}

// weight is what it takes to remember a person, in units of 200 bytes. Most people take
// two or three.
func weight(p meet.Person) int {
	return 1 + (len(p.Name)+len(p.Position)+len(p.Zone)+len(p.Photo)+8*len(p.Departments))/200
}

func fullName(first, last text) string {
	return short(string(first) + " " + string(last))
}

// short makes a name fit for a page: in one line, no longer than a name can be, and
// without what turns round the text beside it. Joiners stay, as some scripts need them.
func short(s string) string {
	const most = 200
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case invisible(r):
			continue
		case unicode.IsSpace(r), unicode.IsControl(r):
			gap = b.Len() > 0
			continue
		case b.Len() >= most:
			return b.String() + "…"
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// invisible reports whether r shows nothing and only steers the direction of text,
// for which pages have other means, or where lines break.
func invisible(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r) || r == '\u200B' || r == '\uFEFF' || r >= '\u2060' && r <= '\u206F'
}

// People implements meet.Directory. Up to 50 ids cost one request, up to 2,500 as well.
func (c *Client) People(ctx context.Context, m meet.Member, ids []int64) (map[int64]meet.Person, error) {
	found := make(map[int64]meet.Person, len(ids))
	var ask []int64
	for _, id := range ids {
		if p, ok := c.persons.get(acquaintance{m, id}); ok {
			found[id] = p
		} else if id > 0 {
			ask = append(ask, id)
		}
	}
	if len(ask) == 0 {
		return found, nil
	}
	slices.Sort(ask)
	ask = slices.Compact(ask)
	read, err := together(ctx, c, fmt.Sprint("people", m, ask), func(ctx context.Context) (map[int64]meet.Person, error) {
		return c.readPeople(ctx, m, ask)
	})
	if err != nil {
		return nil, explain(err)
	}
	maps.Copy(found, read)
	return found, nil
}

func (c *Client) readPeople(ctx context.Context, m meet.Member, ids []int64) (map[int64]meet.Person, error) {
	began := c.cfg.Now()
	var queries []url.Values
	for chunk := range slices.Chunk(ids, pageSize) {
		q := url.Values{"IMAGE_RESIZE": {"small"}}
		for i, id := range chunk {
			q.Set(fmt.Sprintf("FILTER[ID][%d]", i), strconv.FormatInt(id, 10))
		}
		queries = append(queries, q)
	}
	people := make(map[int64]meet.Person, len(ids))
	for batch := range slices.Chunk(queries, batchLimit) {
		pages, err := rows[user](ctx, c, m, "user.get", batch)
		if err != nil {
			return nil, err
		}
		for _, u := range pages {
			people[int64(u.ID)] = u.person()
		}
	}
	maps.DeleteFunc(people, func(id int64, _ meet.Person) bool {
		_, asked := slices.BinarySearch(ids, id) // a portal that ignores the filter
		return !asked
	})
	for id, p := range people {
		c.persons.put(acquaintance{m, id}, p, weight(p), began)
	}
	return people, nil
}

// rows asks for one page per query, all in one request, and joins the pages.
func rows[T any](ctx context.Context, c *Client, m meet.Member, method string, queries []url.Values) ([]T, error) {
	commands := make([]command, len(queries))
	for i, q := range queries {
		commands[i] = command{method, q}
	}
	outcomes, _, err := c.batch(ctx, m, commands)
	if err != nil {
		return nil, err
	}
	var all []T
	for _, o := range outcomes {
		var page array[T]
		if err := o.into(&page); err != nil {
			return nil, err
		}
		if all = append(all, page...); len(all) > mostRows {
			return nil, &Error{Method: method, Status: 200, Err: errTooLarge}
		}
	}
	return all, nil
}

// every reads all rows of a list method: the first page, then the others in
// batches of 50 pages.
func every[T any](ctx context.Context, c *Client, m meet.Member, method string, filter url.Values) ([]T, error) {
	outcomes, _, err := c.batch(ctx, m, []command{{method, filter}})
	if err != nil {
		return nil, err
	}
	var all array[T]
	if err := outcomes[0].into(&all); err != nil {
		return nil, err
	}
	if !outcomes[0].more {
		return all, nil
	}
	if outcomes[0].total <= pageSize {
		return nil, &Error{Method: method, Status: 200, Err: errMissing} // further pages, but how many?
	}
	var queries []url.Values
	for start := pageSize; start < min(outcomes[0].total, mostRows); start += pageSize {
		q := maps.Clone(filter)
		q.Set("start", strconv.Itoa(start))
		queries = append(queries, q)
	}
	for batch := range slices.Chunk(queries, batchLimit) {
		pages, err := rows[T](ctx, c, m, method, batch)
		if err != nil {
			return nil, err
		}
		if all = append(all, pages...); len(all) > mostRows {
			return nil, &Error{Method: method, Status: 200, Err: errTooLarge}
		}
	}
	return all, nil
}

// Everybody implements meet.Directory. It costs one request up to 50 employees and
// two up to 2,550; the answer is remembered for five minutes and must not be changed.
func (c *Client) Everybody(ctx context.Context, m meet.Member) ([]meet.Person, error) {
	if people, ok := c.everybody.get(m); ok {
		return people, nil
	}
	people, err := together(ctx, c, fmt.Sprint("everybody", m), func(ctx context.Context) ([]meet.Person, error) {
		if people, ok := c.everybody.get(m); ok {
			return people, nil // another reading ended since we looked
		}
		began := c.cfg.Now()
		users, err := every[user](ctx, c, m, "user.get", url.Values{
			"FILTER[ACTIVE]":    {"Y"},
			"FILTER[USER_TYPE]": {"employee"},
			"IMAGE_RESIZE":      {"small"},
			"sort":              {"ID"},
			"order":             {"ASC"},
		})
		if err != nil {
			return nil, err
		}
		people := make([]meet.Person, 0, len(users))
		for _, u := range users {
			if p := u.person(); p.Active && p.ID > 0 {
				people = append(people, p)
				c.persons.put(acquaintance{m, p.ID}, p, weight(p), began)
			}
		}
		c.everybody.put(m, people, len(people)+1, began)
		return people, nil
	})
	return people, explain(err)
}

// department is a row of department.get; the root has no PARENT.
type department struct {
	ID     integer `json:"ID"`
	Name   text    `json:"NAME"`
	Parent integer `json:"PARENT"`
}

// Departments implements meet.Directory. The answer is remembered for five minutes
// and must not be changed.
func (c *Client) Departments(ctx context.Context, m meet.Member) ([]meet.Department, error) {
	if tree, ok := c.departments.get(m); ok {
		return tree, nil
	}
	tree, err := together(ctx, c, fmt.Sprint("departments", m), func(ctx context.Context) ([]meet.Department, error) {
		began := c.cfg.Now()
		nodes, err := every[department](ctx, c, m, "department.get", url.Values{})
		if err != nil && !withheld(err) {
			return nil, err
		}
		tree := make([]meet.Department, len(nodes))
		for i, d := range nodes {
			tree[i] = meet.Department{ID: int64(d.ID), Parent: int64(d.Parent), Name: short(string(d.Name))}
		}
		c.departments.put(m, tree, len(tree)+1, began)
		return tree, nil
	})
	return tree, explain(err)
}

// withheld reports whether the app lacks the scope of the method.
func withheld(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Err == nil && e.meaning() == scope
}
