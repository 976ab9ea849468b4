package harness

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/portalsim"
)

// Invitable returns which of the users can be invited, ascending and with commas.
func (p *Product) Invitable(ids []int) string {
	var texts []string
	for _, u := range p.Company.Users { // a bot of a chat is none
		if slices.Contains(ids, u.ID) && u.Active && !u.Extranet {
			texts = append(texts, strconv.Itoa(u.ID))
		}
	}
	return strings.Join(texts, ",")
}

// DepartmentStaff returns who works in a department or below it, as active does.
func (p *Product) DepartmentStaff(name string) string {
	within := map[int]bool{}
	for _, d := range p.Company.Departments {
		within[d.ID] = d.Name == name
	}
	for range p.Company.Departments { // as deep as it may be
		for _, d := range p.Company.Departments {
			within[d.ID] = within[d.ID] || within[d.Parent]
		}
	}
	var ids []int
	for _, u := range p.Company.Users {
		if slices.ContainsFunc(u.Departments, func(d int) bool { return within[d] }) {
			ids = append(ids, u.ID)
		}
	}
	return p.Invitable(ids)
}

// FirstPeople returns the ids of n people who can be asked.
func (p *Product) FirstPeople(n int) string {
	p.T.Helper()
	var ids []string
	for _, u := range p.Company.Users {
		if u.Active && !u.Extranet && len(ids) < n {
			ids = append(ids, strconv.Itoa(u.ID))
		}
	}
	if len(ids) < n {
		p.T.Fatalf("only %d people", len(ids))
	}
	return strings.Join(ids, ",")
}

// Colleagues returns the full names of users.
func (p *Product) Colleagues(ids ...int) (names []string) {
	for _, id := range ids {
		for _, u := range p.Company.Users {
			if u.ID == id {
				names = append(names, u.Name+" "+u.LastName)
			}
		}
	}
	return names
}

// WithPhotos is a company in which everybody but 7 has a photo, and that of one is
// no picture.
func WithPhotos(hostile int) *portalsim.Portal {
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	var some []byte
	for _, u := range company.Users {
		switch {
		case u.ID == hostile:
			u.Photo = []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
		case u.Photo != nil:
			some = u.Photo
		case u.ID != 7:
			u.Photo = some
		}
	}
	return company
}
