package portalsim

import (
	"net/http"
	"strconv"
	"strings"
)

// staffPage lists the people of the portal.
func (p *Portal) staffPage(w http.ResponseWriter, r *http.Request, user *User) {
	p.show(w, r, user, "staff", "Employees", p.activeUsers())
}

// profileView is a colleague's page.
type profileView struct {
	Person      *User
	Departments string
	Local       string // his clock, where the portal knows his zone
	Buttons     []link // widgets, each opens in a slider
}

// profilePage is a colleague's page. A widget of its toolbar shows alone, because
// it opens in a slider.
func (p *Portal) profilePage(w http.ResponseWriter, r *http.Request, user *User) {
	person := p.person(r.PathValue("user"))
	if person == nil {
		p.missing(w)
		return
	}
	frame := p.opened(r, user, "USER_PROFILE_TOOLBAR", opening{kind: slider, options: obj{{"USER_ID", strconv.Itoa(person.ID)}}})
	if frame != nil {
		p.show(w, r, user, "app", frame.Title, frame)
		return
	}
	p.mu.Lock()
	departments := strings.Join(p.departmentNames(person), ", ")
	p.mu.Unlock()
	v := profileView{Person: person, Departments: departments, Buttons: p.tabs(r, "USER_PROFILE_TOOLBAR")}
	if person.Zone != "" {
		v.Local = p.sim.now().In(p.zoneOf(person)).Format("15:04") + " (" + person.Zone + ")"
	}
	p.show(w, r, user, "profile", person.FullName(), v)
}

// choice is what the portal's own selectors offer: a person or a department.
type choice struct {
	Code     string `json:"code"` // U7, D5
	ID       string `json:"id"`
	Name     string `json:"name"`
	Position string `json:"position"`
	Photo    string `json:"photo"`
	URL      string `json:"url"`
}

// selectable lists what can be chosen in the selectors of people and of access.
func (p *Portal) selectable(w http.ResponseWriter, _ *http.Request, _ *User) {
	list := []choice{}
	for _, u := range p.activeUsers() {
		p.mu.Lock()
		photo := p.photoURL(u)
		p.mu.Unlock()
		id := strconv.Itoa(u.ID)
		list = append(list, choice{"U" + id, id, u.FullName(), u.Position, photo, u.Path()})
	}
	p.mu.Lock()
	for _, d := range p.Departments {
		id := strconv.Itoa(d.ID)
		list = append(list, choice{Code: "DR" + id, ID: id, Name: d.Name + ": All department and subdepartment employees"})
	}
	p.mu.Unlock()
	writeScript(w, list)
}
