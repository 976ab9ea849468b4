package portalsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Message is what an app has said to the portal's page around it, as the page's
// script reports it.
type Message struct {
	Placement string `json:"placement"` // of the app whose session the message names, "" = of none
	Origin    string `json:"origin"`
	Command   string `json:"command"`
	Params    string `json:"params"`  // JSON, "" = none
	Outcome   string `json:"outcome"` // "taken", or why there was silence
}

// maxMessages are kept.
const maxMessages = 1000

// Messages lists what apps have said to the portal's pages, oldest first.
func (p *Portal) Messages() []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.state.messages)
}

func (p *Portal) messageList(w http.ResponseWriter, _ *http.Request, _ *User) {
	writeScript(w, append([]Message{}, p.Messages()...))
}

// noteMessage is called by the page's script for every message.
func (p *Portal) noteMessage(w http.ResponseWriter, r *http.Request, _ *User) {
	var m Message
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&m); err != nil {
		http.Error(w, "no message", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	messages := append(p.state.messages, m)
	p.state.messages = messages[max(0, len(messages)-maxMessages):]
	w.WriteHeader(http.StatusNoContent)
}

// toolView is the simulator's own page: what happens to a portal otherwise, at the
// press of a button.
type toolView struct {
	People   []*User // dismissed ones, too
	Start    string  // proposed for a busy time
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

func (p *Portal) toolPage(w http.ResponseWriter, r *http.Request, user *User) {
	tomorrow := p.sim.now().In(p.zoneOf(user)).AddDate(0, 0, 1)
	v := toolView{Start: tomorrow.Format(time.DateOnly) + "T10:00", Messages: p.Messages(), Done: r.URL.Query().Get("done")}
	slices.Reverse(v.Messages)
	v.Messages = v.Messages[:min(len(v.Messages), 30)]
	for name := range eventScopes() {
		v.Events = append(v.Events, name)
	}
	slices.Sort(v.Events)
	p.mu.Lock()
	for _, u := range p.Users {
		seen := *u
		v.People = append(v.People, &seen)
	}
	for _, e := range p.Events {
		if u := p.user(e.Owner); e.Name == blockTitle && e.Type == "user" && !e.Deleted && u != nil {
			v.Blocked = append(v.Blocked, blocked{e.ID, u.FullName(), e.From.utc().Format("Mon 2 Jan, 15:04") + "–" + e.To.utc().Format("15:04")})
		}
	}
	p.mu.Unlock()
	p.show(w, r, user, "tools", "Simulator", v)
}

// useTool does what a form of the simulator's page asks for.
func (p *Portal) useTool(w http.ResponseWriter, r *http.Request, user *User) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	tool, known := map[string]func(*http.Request, *User) string{
		"block": p.blockTime, "free": p.freeTime, "dismiss": p.dismissOrHire, "event": p.sendEvent, "expire": p.expire,
	}[r.PathValue("tool")]
	if !known {
		p.missing(w)
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
func (p *Portal) blockTime(r *http.Request, _ *User) string {
	person := p.person(r.PostFormValue("user"))
	start, err := time.Parse("2006-01-02T15:04", r.PostFormValue("start"))
	minutes, bad := strconv.Atoi(r.PostFormValue("minutes"))
	if person == nil || err != nil || bad != nil || minutes < 5 || minutes > 24*60 {
		return ""
	}
	zone := p.zoneOf(person).String()
	p.AddEvent(Event{
		Owner: person.ID, Name: blockTitle, From: wallOf(start), To: wallOf(start.Add(time.Duration(minutes) * time.Minute)),
		ZoneFrom: zone, ZoneTo: zone,
	})
	return "blocked"
}

// freeTime takes such an event out again.
func (p *Portal) freeTime(r *http.Request, _ *User) string {
	id, err := strconv.Atoi(r.PostFormValue("id"))
	if err != nil || !p.DeleteEvent(id) {
		return ""
	}
	return "freed"
}

// dismissOrHire dismisses somebody, or hires him again.
func (p *Portal) dismissOrHire(r *http.Request, user *User) string {
	person := p.person(r.PostFormValue("user"))
	if person == nil || person.ID == user.ID {
		return ""
	}
	p.Change(func(p *Portal) { p.user(person.ID).Active = !person.Active })
	if person.Active {
		return "dismissed"
	}
	return "hired"
}

// sendEvent sends an event to the handlers bound to it, on request with a wrong
// application token or without anybody who acted.
func (p *Portal) sendEvent(r *http.Request, user *User) string {
	name := r.PostFormValue("event")
	if _, exists := eventScopes()[name]; !exists {
		return ""
	}
	actor := user.ID
	if r.PostFormValue("nobody") != "" {
		actor = 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.state.outbox)
	p.emit(name, obj{{"id", r.PostFormValue("id")}}, actor)
	for _, d := range p.state.outbox[min(before, len(p.state.outbox)):] {
		if r.PostFormValue("forged") != "" {
			d.fields.Set("auth[application_token]", "forged")
		}
	}
	return "sent"
}

// expire ends all access tokens.
func (p *Portal) expire(*http.Request, *User) string {
	p.ExpireTokens()
	return "expired"
}
