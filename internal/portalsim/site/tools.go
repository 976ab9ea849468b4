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
func (p *Site) Messages() []Message {
	p.Lock()
	defer p.Unlock()
	return slices.Clone(p.messages)
}

func (p *Site) messageList(w http.ResponseWriter, _ *http.Request, _ *portal.User) {
	writeScript(w, append([]Message{}, p.Messages()...))
}

// recordMessage is called by the page's script for every message.
func (p *Site) recordMessage(w http.ResponseWriter, r *http.Request, _ *portal.User) {
	var m Message
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&m); err != nil {
		http.Error(w, "no message", http.StatusBadRequest)
		return
	}
	p.Lock()
	defer p.Unlock()
	messages := append(p.messages, m)
	p.messages = messages[max(0, len(messages)-maxMessages):]
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

func (p *Site) toolPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	tomorrow := p.auth.Now().In(p.zoneOf(user)).AddDate(0, 0, 1)
	v := toolView{Start: tomorrow.Format(time.DateOnly) + "T10:00", Messages: p.Messages(), Done: r.URL.Query().Get("done")}
	slices.Reverse(v.Messages)
	v.Messages = v.Messages[:min(len(v.Messages), 30)]
	for name := range apps.EventScopes() {
		v.Events = append(v.Events, name)
	}
	slices.Sort(v.Events)
	p.Lock()
	for _, u := range p.Users {
		seen := *u
		v.People = append(v.People, &seen)
	}
	for _, e := range p.Events {
		if u := p.User(e.Owner); e.Name == blockTitle && e.Type == "user" && !e.Deleted && u != nil {
			v.Blocked = append(v.Blocked, blocked{e.ID, u.FullName(), e.From.UTC().Format("Mon 2 Jan, 15:04") + "–" + e.To.UTC().Format("15:04")})
		}
	}
	p.Unlock()
	p.show(w, r, user, "tools", "Simulator", v)
}

// runTool does what a form on the simulator's page asks for.
func (p *Site) runTool(w http.ResponseWriter, r *http.Request, user *portal.User) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	tool, known := map[string]func(*http.Request, *portal.User) string{
		"block": p.blockTime, "free": p.freeTime, "dismiss": p.dismissOrHire, "event": p.sendEvent, "expire": p.expire,
	}[r.PathValue("tool")]
	if !known {
		p.notFound(w)
		return
	}
	done := tool(r, user)
	if done == "" {
		p.page(w, http.StatusUnprocessableEntity, "error", "That cannot be done with these values.")
		return
	}
	http.Redirect(w, r, "/sim/?done="+done, http.StatusSeeOther)
}

// blockTime puts an event into somebody's calendar, in the zone of that person.
func (p *Site) blockTime(r *http.Request, _ *portal.User) string {
	person := p.Person(r.PostFormValue("user"))
	start, err := time.Parse("2006-01-02T15:04", r.PostFormValue("start"))
	minutes, bad := strconv.Atoi(r.PostFormValue("minutes"))
	if person == nil || err != nil || bad != nil || minutes < 5 || minutes > 24*60 {
		return ""
	}
	zone := p.zoneOf(person).String()
	p.calendar.AddEvent(portal.Event{
		Owner: person.ID, Name: blockTitle, From: clock.WallOf(start), To: clock.WallOf(start.Add(time.Duration(minutes) * time.Minute)),
		ZoneFrom: zone, ZoneTo: zone,
	})
	return "blocked"
}

// freeTime deletes such an event.
func (p *Site) freeTime(r *http.Request, _ *portal.User) string {
	id, err := strconv.Atoi(r.PostFormValue("id"))
	if err != nil || !p.calendar.DeleteEvent(id) {
		return ""
	}
	return "freed"
}

// dismissOrHire dismisses somebody, or hires them again.
func (p *Site) dismissOrHire(r *http.Request, user *portal.User) string {
	person := p.Person(r.PostFormValue("user"))
	if person == nil || person.ID == user.ID {
		return ""
	}
	p.Lock()
	p.User(person.ID).Active = !person.Active
	p.Unlock()
	if person.Active {
		return "dismissed"
	}
	return "hired"
}

// sendEvent sends an event to its handlers, on request with a wrong application
// token or without an acting user.
func (p *Site) sendEvent(r *http.Request, user *portal.User) string {
	name := r.PostFormValue("event")
	if _, exists := apps.EventScopes()[name]; !exists {
		return ""
	}
	actor := user.ID
	if r.PostFormValue("nobody") != "" {
		actor = 0
	}
	p.apps.Send(name, php.Array{{"id", r.PostFormValue("id")}}, actor, r.PostFormValue("forged") != "")
	return "sent"
}

// expire ends all access tokens.
func (p *Site) expire(*http.Request, *portal.User) string {
	p.auth.ExpireTokens(p.MemberID)
	return "expired"
}
