package portalsim

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// handler is an event handler that an app has bound.
type handler struct {
	id       int
	clientID string
	event    string // upper case
	url      string
	userID   int // whose token goes along; 0 = of the acting user
}

// delivery is an event on its way to a handler.
type delivery struct {
	url    string
	fields url.Values
}

// eventScopes are the events that can be bound, with the scope each needs.
func eventScopes() map[string]string {
	const people = "user|user_basic|user_brief"
	return map[string]string{
		"ONAPPINSTALL": "", "ONAPPUPDATE": "", "ONAPPUNINSTALL": "", "ONAPPPAYMENT": "",
		"ONAPPTEST": "", "ONAPPMETHODCONFIRM": "", "ONSUBSCRIPTIONRENEW": "",
		"ONCALENDARENTRYADD": "calendar", "ONCALENDARENTRYUPDATE": "calendar", "ONCALENDARENTRYDELETE": "calendar",
		"ONCALENDARSECTIONADD": "calendar", "ONCALENDARSECTIONUPDATE": "calendar", "ONCALENDARSECTIONDELETE": "calendar",
		"ONCALENDARROOMCREATE": "calendar", "ONCALENDARROOMUPDATE": "calendar", "ONCALENDARROOMDELETE": "calendar",
		"ONUSERADD":          people,
		"ONSONETGROUPADD":    "sonet_group",
		"ONSONETGROUPUPDATE": "sonet_group", "ONSONETGROUPDELETE": "sonet_group",
	}
}

// emit tells every handler of every app bound to an event that it happened;
// userID acted (0 = nobody, then no tokens go along). data are the fields below
// data[…]. Sending happens later, see Deliver. mu is held.
func (p *Portal) emit(event string, data obj, userID int) {
	for _, h := range p.state.handlers {
		if h.event == event {
			p.queue(h, data, userID)
		}
	}
}

// emitTo is emit for the handlers of one app. mu is held.
func (p *Portal) emitTo(clientID, event string, data obj, userID int) {
	for _, h := range p.state.handlers {
		if h.event == event && h.clientID == clientID {
			p.queue(h, data, userID)
		}
	}
}

// queue puts an event into the outbox and wakes who sends it; an app whose
// installer has not finished hears of nothing. mu is held.
func (p *Portal) queue(h handler, data obj, userID int) {
	if p.installation(h.clientID).pending {
		return
	}
	if h.userID != 0 {
		userID = h.userID
	}
	fields := url.Values{
		"event":            {h.event},
		"event_handler_id": {strconv.Itoa(h.id)},
		"ts":               {strconv.FormatInt(p.sim.now().Unix(), 10)},
	}
	for _, f := range data {
		fields.Set("data["+f.key+"]", phpString(f.value))
	}
	for key, value := range p.eventAuth(h, userID) {
		fields.Set("auth["+key+"]", value)
	}
	p.state.outbox = append(p.state.outbox, delivery{h.url, fields})
	select {
	case p.state.wake <- struct{}{}:
	default:
	}
}

// eventAuth is the auth part of an event. Tokens, refresh tokens included, are
// those of the acting user; the application token always goes along. mu is held.
func (p *Portal) eventAuth(h handler, userID int) map[string]string {
	app := p.sim.app(h.clientID)
	if app == nil {
		return nil
	}
	auth := map[string]string{
		"scope":             strings.Join(app.Scopes, ","),
		"domain":            p.Host,
		"server_endpoint":   p.sim.authOrigin() + "/rest/",
		"status":            p.statusOf(app),
		"client_endpoint":   p.origin() + "/rest/",
		"member_id":         p.MemberID,
		"application_token": p.sim.applicationToken(h.clientID, p.MemberID),
	}
	if userID == 0 {
		return auth
	}
	g := p.sim.grantNew(install{h.clientID, p.MemberID}, userID)
	auth["user_id"] = strconv.Itoa(userID)
	auth["access_token"] = g.access
	auth["refresh_token"] = g.refresh
	auth["expires"] = strconv.FormatInt(g.expires.Unix(), 10)
	auth["expires_in"] = strconv.Itoa(int(accessLife.Seconds()))
	return auth
}

func (s *Sim) applicationToken(clientID, memberID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.installs[install{clientID, memberID}]
}

// ApplicationToken is the token that the portal's events to the app carry; ""
// when the app is not installed.
func (p *Portal) ApplicationToken(clientID string) string {
	return p.sim.applicationToken(clientID, p.MemberID)
}

// Deliver posts the waiting events to their handlers, one after another, each
// once: like Bitrix24 it never tries again. It returns how many were accepted
// with a status of 2xx.
func (p *Portal) Deliver(ctx context.Context) int {
	p.mu.Lock()
	waiting := p.state.outbox
	p.state.outbox = nil
	p.mu.Unlock()
	client := &http.Client{Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	accepted := 0
	for _, d := range waiting {
		if d.post(ctx, client) {
			accepted++
		}
	}
	return accepted
}

func (d delivery) post(ctx context.Context, client *http.Client) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, strings.NewReader(d.fields.Encode()))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode/100 == 2
}

// DeliverAll sends events as they come, until ctx ends. Start does it for the
// portals that it serves.
func (p *Portal) DeliverAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.state.wake:
			p.Deliver(ctx)
		}
	}
}

// forget removes the handlers and widgets of an app. mu is held.
func (p *Portal) forget(clientID string) {
	p.state.handlers = slices.DeleteFunc(p.state.handlers, func(h handler) bool { return h.clientID == clientID })
	p.state.placements = slices.DeleteFunc(p.state.placements, func(w placement) bool { return w.clientID == clientID })
}
