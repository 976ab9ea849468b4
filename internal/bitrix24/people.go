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
	pageSize = 50     // fixed by Bitrix24 (FACTS.md fact 19)
	maxRows  = 50_000 // of a list; no company has more

	maxDepartments = 100 // of a person; the others are ignored
)

// userRow is a row of user.get. The portal leaves null fields out (FACTS.md fact 63).
type userRow struct {
	ID          integer        `json:"ID"`
	Active      boolean        `json:"ACTIVE"`
	First       text           `json:"NAME"`
	Last        text           `json:"LAST_NAME"`
	Position    text           `json:"WORK_POSITION"`
	Photo       text           `json:"PERSONAL_PHOTO"`
	Zone        text           `json:"TIME_ZONE"`
	Type        text           `json:"USER_TYPE"`
	Departments array[integer] `json:"UF_DEPARTMENT"`
}

func (u userRow) person() meet.Person {
	p := meet.Person{
		ID:       int64(u.ID),
		Name:     fullName(u.First, u.Last),
		Position: tidyText(string(u.Position)),
		Zone:     tidyText(string(u.Zone)),
		Active:   bool(u.Active),
	}
	if hostOf(string(u.Photo)) != "" && len(u.Photo) < 2000 {
		p.Photo = string(u.Photo)
	}
	for _, id := range u.Departments[:min(len(u.Departments), maxDepartments)] {
		p.Departments = append(p.Departments, int64(id))
	}
	return p
}

// personWeight is what a person takes in a cache, in units of 200 bytes. Most people take two
// or three.
func personWeight(p meet.Person) int {
	return 1 + (len(p.Name)+len(p.Position)+len(p.Zone)+len(p.Photo)+8*len(p.Departments))/200
}

func fullName(first, last text) string {
	return tidyText(string(first) + " " + string(last))
}

// tidyText makes a name fit for a page: in one line, not too long, and without characters that
// reverse the text beside it. Joiners stay, because some scripts need them.
func tidyText(s string) string {
	const maxBytes = 200
	var b strings.Builder
	gap := false
	for _, r := range s {
		switch {
		case isInvisible(r):
			continue
		case unicode.IsSpace(r), unicode.IsControl(r):
			gap = b.Len() > 0
			continue
		case b.Len() >= maxBytes:
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

// isInvisible reports whether r shows nothing and only controls where lines break, or the
// direction of text, for which pages have other means.
func isInvisible(r rune) bool {
	return unicode.Is(unicode.Bidi_Control, r) || r == '\u200B' || r == '\uFEFF' || r >= '\u2060' && r <= '\u206F'
}

// People implements meet.Directory. Up to 50 ids cost one request, up to 2,500 as well.
func (c *Client) People(ctx context.Context, m meet.Member, ids []int64) (map[int64]meet.Person, error) {
	found := make(map[int64]meet.Person, len(ids))
	var ask []int64
	for _, id := range ids {
		if p, ok := c.persons.get(personKey{m, id}); ok {
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
	read, err := coalesce(ctx, c, fmt.Sprint("people", m, ask), func(ctx context.Context) (map[int64]meet.Person, error) {
		return c.readPeople(ctx, m, ask)
	})
	if err != nil {
		return nil, toMeetError(err)
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
		pages, err := readPages[userRow](ctx, c, m, "user.get", batch)
		if err != nil {
			return nil, err
		}
		for _, u := range pages {
			people[int64(u.ID)] = u.person()
		}
	}
	maps.DeleteFunc(people, func(id int64, _ meet.Person) bool {
		_, asked := slices.BinarySearch(ids, id) // the portal may have ignored the filter
		return !asked
	})
	for id, p := range people {
		c.persons.put(personKey{m, id}, p, personWeight(p), began)
	}
	return people, nil
}

// readPages asks for a page per query, all of them in one request, and joins the pages.
func readPages[T any](ctx context.Context, c *Client, m meet.Member, method string, queries []url.Values) ([]T, error) {
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
		if all = append(all, page...); len(all) > maxRows {
			return nil, &Error{Method: method, Status: 200, Err: errTooLarge}
		}
	}
	return all, nil
}

// readAllRows reads all rows of a list method: the first page, and then the others in batches
// of 50 pages.
func readAllRows[T any](ctx context.Context, c *Client, m meet.Member, method string, filter url.Values) ([]T, error) {
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
		return nil, &Error{Method: method, Status: 200, Err: errMissing} // there are more pages, but not how many
	}
	var queries []url.Values
	for start := pageSize; start < min(outcomes[0].total, maxRows); start += pageSize {
		q := maps.Clone(filter)
		q.Set("start", strconv.Itoa(start))
		queries = append(queries, q)
	}
	for batch := range slices.Chunk(queries, batchLimit) {
		pages, err := readPages[T](ctx, c, m, method, batch)
		if err != nil {
			return nil, err
		}
		if all = append(all, pages...); len(all) > maxRows {
			return nil, &Error{Method: method, Status: 200, Err: errTooLarge}
		}
	}
	return all, nil
}

// Everybody implements meet.Directory. It costs one request for up to 50 employees and two for
// up to 2,550. The answer is cached for five minutes and must not be changed.
func (c *Client) Everybody(ctx context.Context, m meet.Member) ([]meet.Person, error) {
	if people, ok := c.everybody.get(m); ok {
		return people, nil
	}
	people, err := coalesce(ctx, c, fmt.Sprint("everybody", m), func(ctx context.Context) ([]meet.Person, error) {
		if people, ok := c.everybody.get(m); ok {
			return people, nil // another read ended in the meantime
		}
		began := c.cfg.Now()
		users, err := readAllRows[userRow](ctx, c, m, "user.get", url.Values{
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
				c.persons.put(personKey{m, p.ID}, p, personWeight(p), began)
			}
		}
		c.everybody.put(m, people, len(people)+1, began)
		return people, nil
	})
	return people, toMeetError(err)
}

// departmentRow is a row of department.get. The root has no PARENT (FACTS.md fact 69).
type departmentRow struct {
	ID     integer `json:"ID"`
	Name   text    `json:"NAME"`
	Parent integer `json:"PARENT"`
}

// Departments implements meet.Directory. The answer is cached for five minutes and must not be
// changed.
func (c *Client) Departments(ctx context.Context, m meet.Member) ([]meet.Department, error) {
	if tree, ok := c.departments.get(m); ok {
		return tree, nil
	}
	tree, err := coalesce(ctx, c, fmt.Sprint("departments", m), func(ctx context.Context) ([]meet.Department, error) {
		began := c.cfg.Now()
		nodes, err := readAllRows[departmentRow](ctx, c, m, "department.get", url.Values{})
		if err != nil && !lacksScope(err) {
			return nil, err
		}
		tree := make([]meet.Department, len(nodes))
		for i, d := range nodes {
			tree[i] = meet.Department{ID: int64(d.ID), Parent: int64(d.Parent), Name: tidyText(string(d.Name))}
		}
		c.departments.put(m, tree, len(tree)+1, began)
		return tree, nil
	})
	return tree, toMeetError(err)
}

// lacksScope reports whether the app lacks the scope of the method.
func lacksScope(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Err == nil && e.meaning() == scopeLacking
}
