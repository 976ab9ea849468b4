package site

import (
	"net/http"
	"strconv"
	"strings"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// staffPage lists the people of the portal.
func (p *Site) staffPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	p.show(w, r, user, "staff", "Employees", p.activeUsers())
}

// profileView is a colleague's page.
type profileView struct {
	Person      *portal.User
	Departments string
	Local       string // their clock, where the portal knows their zone
	Buttons     []link // widgets, each opens in a slider
}

// profilePage is a colleague's page. A widget of its toolbar opens in a slider, so
// it is shown alone.
func (p *Site) profilePage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	person := p.Person(r.PathValue("user"))
	if person == nil {
		p.notFound(w)
		return
	}
	frame := p.openWidget(r, user, "USER_PROFILE_TOOLBAR", launch{kind: slider, options: php.Array{{"USER_ID", strconv.Itoa(person.ID)}}})
	if frame != nil {
		p.show(w, r, user, "app", frame.Title, frame)
		return
	}
	p.Lock()
	departments := strings.Join(p.DepartmentNames(person), ", ")
	p.Unlock()
	v := profileView{Person: person, Departments: departments, Buttons: p.tabs(r, "USER_PROFILE_TOOLBAR")}
	if person.Zone != "" {
		v.Local = p.auth.Now().In(p.zoneOf(person)).Format("15:04") + " (" + person.Zone + ")"
	}
	p.show(w, r, user, "profile", person.FullName(), v)
}

// choice is a person or a department in the portal's own selectors.
type choice struct {
	Code     string `json:"code"` // U7, D5
	ID       string `json:"id"`
	Name     string `json:"name"`
	Position string `json:"position"`
	Photo    string `json:"photo"`
	URL      string `json:"url"`
}

// selectable lists the choices in the selectors of people and of access.
func (p *Site) selectable(w http.ResponseWriter, _ *http.Request, _ *portal.User) {
	list := []choice{}
	for _, u := range p.activeUsers() {
		p.Lock()
		photo := p.PhotoURL(u)
		p.Unlock()
		id := strconv.Itoa(u.ID)
		list = append(list, choice{"U" + id, id, u.FullName(), u.Position, photo, u.Path()})
	}
	p.Lock()
	for _, d := range p.Departments {
		id := strconv.Itoa(d.ID)
		list = append(list, choice{Code: "DR" + id, ID: id, Name: d.Name + ": All department and subdepartment employees"})
	}
	p.Unlock()
	writeScript(w, list)
}
