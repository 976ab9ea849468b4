package site

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"slotfinder/internal/portalsim/apps"
	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// Message is what an app said to the page around it, as the page's script reports
// it.
type Message struct {
	Placement string `json:"placement"` // of the app whose session the message names, "" = of none
	Origin    string `json:"origin"`
	Command   string `json:"command"`
	Params    string `json:"params"`  // JSON, "" = none
	Outcome   string `json:"outcome"` // "taken", or why there was silence
}

// maxMessages is how many messages are kept.
const maxMessages = 1000

// Messages lists what apps have said to the portal's pages, oldest first.
func (s *Site) Messages() []Message {
	s.Lock()
	defer s.Unlock()
	return slices.Clone(s.messages)
}

func (s *Site) messageList(w http.ResponseWriter, _ *http.Request, _ *portal.User) {
	writeScript(w, append([]Message{}, s.Messages()...))
}

// recordMessage is called by the page's script for every message.
func (s *Site) recordMessage(w http.ResponseWriter, r *http.Request, _ *portal.User) {
	var m Message
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&m); err != nil {
		http.Error(w, "no message", http.StatusBadRequest)
		return
	}
	s.Lock()
	defer s.Unlock()
	s.messages = append(s.messages, m)
	s.messages = s.messages[max(0, len(s.messages)-maxMessages):]
	w.WriteHeader(http.StatusNoContent)
}

// toolView is the simulator's own page. Its buttons make things happen that
// otherwise just happen on a portal.
type toolView struct {
	People   []*portal.User // dismissed ones, too
	Start    string         // proposed for a busy time
	Events   []string
	Blocked  []blocked
	Messages []Message
	Done     string
}

type blocked struct {
	ID         int
	Name, When string
}

// blockTitle is the name of events that were made on the simulator's page.
const blockTitle = "Suddenly busy"

func (s *Site) toolPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	tomorrow := s.auth.Now().In(s.zoneOf(user)).AddDate(0, 0, 1)
	v := toolView{Start: tomorrow.Format(time.DateOnly) + "T10:00", Messages: s.Messages(), Done: r.URL.Query().Get("done")}
	slices.Reverse(v.Messages)
	v.Messages = v.Messages[:min(len(v.Messages), 30)]
	for name := range apps.EventScopes() {
		v.Events = append(v.Events, name)
	}
	slices.Sort(v.Events)
	s.Lock()
	for _, u := range s.Users {
		seen := *u
		v.People = append(v.People, &seen)
	}
	for _, e := range s.Events {
		if u := s.User(e.Owner); e.Name == blockTitle && e.Type == "user" && !e.Deleted && u != nil {
			v.Blocked = append(v.Blocked, blocked{e.ID, u.FullName(), e.From.UTC().Format("Mon 2 Jan, 15:04") + "–" + e.To.UTC().Format("15:04")})
		}
	}
	s.Unlock()
	s.show(w, r, user, "tools", "Simulator", v)
}

// runTool does what a form on the simulator's page asks for.
func (s *Site) runTool(w http.ResponseWriter, r *http.Request, user *portal.User) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	tool, known := map[string]func(*http.Request, *portal.User) string{
		"block": s.blockTime, "free": s.freeTime, "dismiss": s.dismissOrHire, "event": s.sendEvent, "expire": s.expire,
	}[r.PathValue("tool")]
	if !known {
		s.notFound(w)
		return
	}
	done := tool(r, user)
	if done == "" {
		s.page(w, http.StatusUnprocessableEntity, "error", "That cannot be done with these values.")
		return
	}
	http.Redirect(w, r, "/sim/?done="+done, http.StatusSeeOther)
}

// blockTime puts an event into somebody's calendar, in the zone of that person.
func (s *Site) blockTime(r *http.Request, _ *portal.User) string {
	person := s.Person(r.PostFormValue("user"))
	start, err := time.Parse("2006-01-02T15:04", r.PostFormValue("start"))
	minutes, bad := strconv.Atoi(r.PostFormValue("minutes"))
	if person == nil || err != nil || bad != nil || minutes < 5 || minutes > 24*60 {
		return ""
	}
	zone := s.zoneOf(person).String()
	s.calendar.AddEvent(portal.Event{
		Owner: person.ID, Name: blockTitle, From: clock.WallOf(start), To: clock.WallOf(start.Add(time.Duration(minutes) * time.Minute)),
		ZoneFrom: zone, ZoneTo: zone,
	})
	return "blocked"
}

// freeTime deletes such an event.
func (s *Site) freeTime(r *http.Request, _ *portal.User) string {
	id, err := strconv.Atoi(r.PostFormValue("id"))
	if err != nil || !s.calendar.DeleteEvent(id) {
		return ""
	}
	return "freed"
}

// dismissOrHire dismisses somebody, or hires them again.
func (s *Site) dismissOrHire(r *http.Request, user *portal.User) string {
	person := s.Person(r.PostFormValue("user"))
	if person == nil || person.ID == user.ID {
		return ""
	}
	s.Lock()
	s.User(person.ID).Active = !person.Active
	s.Unlock()
	if person.Active {
		return "dismissed"
	}
	return "hired"
}

// sendEvent sends an event to its handlers, on request with a wrong application
// token or without an acting user.
func (s *Site) sendEvent(r *http.Request, user *portal.User) string {
	name := r.PostFormValue("event")
	if _, exists := apps.EventScopes()[name]; !exists {
		return ""
	}
	actor := user.ID
	if r.PostFormValue("nobody") != "" {
		actor = 0
	}
	s.apps.Send(name, php.Array{{"id", r.PostFormValue("id")}}, actor, r.PostFormValue("forged") != "")
	return "sent"
}

// expire ends all access tokens.
func (s *Site) expire(*http.Request, *portal.User) string {
	s.auth.ExpireTokens(s.MemberID)
	return "expired"
}
