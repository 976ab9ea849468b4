package site

import (
	"net/http"
	"strconv"
	"strings"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// staffPage lists the people of the portal.
func (s *Site) staffPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	s.show(w, r, user, "staff", "Employees", s.activeUsers())
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
func (s *Site) profilePage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	person := s.Person(r.PathValue("user"))
	if person == nil {
		s.notFound(w)
		return
	}
	frame := s.openWidget(r, user, "USER_PROFILE_TOOLBAR", launch{kind: slider, options: php.Array{{"USER_ID", strconv.Itoa(person.ID)}}})
	if frame != nil {
		s.show(w, r, user, "app", frame.Title, frame)
		return
	}
	s.Lock()
	departments := strings.Join(s.DepartmentNames(person), ", ")
	s.Unlock()
	v := profileView{Person: person, Departments: departments, Buttons: s.tabs(r, "USER_PROFILE_TOOLBAR")}
	if person.Zone != "" {
		v.Local = s.auth.Now().In(s.zoneOf(person)).Format("15:04") + " (" + person.Zone + ")"
	}
	s.show(w, r, user, "profile", person.FullName(), v)
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
func (s *Site) selectable(w http.ResponseWriter, _ *http.Request, _ *portal.User) {
	list := []choice{}
	for _, u := range s.activeUsers() {
		s.Lock()
		photo := s.PhotoURL(u)
		s.Unlock()
		id := strconv.Itoa(u.ID)
		list = append(list, choice{"U" + id, id, u.FullName(), u.Position, photo, u.Path()})
	}
	s.Lock()
	for _, d := range s.Departments {
		id := strconv.Itoa(d.ID)
		list = append(list, choice{Code: "DR" + id, ID: id, Name: d.Name + ": All department and subdepartment employees"})
	}
	s.Unlock()
	writeScript(w, list)
}
