package apps

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/php"
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

// EventScopes are the events that can be bound, with the scope each needs.
func EventScopes() map[string]string {
	return map[string]string{
		"ONAPPINSTALL": "", "ONAPPUPDATE": "", "ONAPPUNINSTALL": "", "ONAPPPAYMENT": "",
		"ONAPPTEST": "", "ONAPPMETHODCONFIRM": "", "ONSUBSCRIPTIONRENEW": "",
		"ONCALENDARENTRYADD": "calendar", "ONCALENDARENTRYUPDATE": "calendar", "ONCALENDARENTRYDELETE": "calendar",
		"ONCALENDARSECTIONADD": "calendar", "ONCALENDARSECTIONUPDATE": "calendar", "ONCALENDARSECTIONDELETE": "calendar",
		"ONCALENDARROOMCREATE": "calendar", "ONCALENDARROOMUPDATE": "calendar", "ONCALENDARROOMDELETE": "calendar",
		"ONUSERADD":          peopleScopes,
		"ONSONETGROUPADD":    "sonet_group",
		"ONSONETGROUPUPDATE": "sonet_group", "ONSONETGROUPDELETE": "sonet_group",
	}
}

// emit sends an event to every handler of every app that has bound it. actor is
// the user who caused it; with 0 no tokens go along. data are the fields below
// data[…]. The event only goes into the outbox here, see Deliver. The portal is
// locked.
func (a *Apps) emit(event string, data php.Array, userID int) {
	for _, h := range a.handlers {
		if h.event == event {
			a.queue(h, data, userID)
		}
	}
}

// Send sends an event on request; a forged one carries a wrong application token.
func (a *Apps) Send(event string, data php.Array, actor int, forged bool) {
	a.Lock()
	defer a.Unlock()
	before := len(a.outbox)
	a.emit(event, data, actor)
	for _, d := range a.outbox[min(before, len(a.outbox)):] {
		if forged {
			d.fields.Set("auth[application_token]", "forged")
		}
	}
}

// emitTo is emit for the handlers of one app. The portal is locked.
func (a *Apps) emitTo(clientID, event string, data php.Array, userID int) {
	for _, h := range a.handlers {
		if h.event == event && h.clientID == clientID {
			a.queue(h, data, userID)
		}
	}
}

// queue puts an event into the outbox and wakes the sender. An app whose installer
// has not finished gets no events. The portal is locked.
func (a *Apps) queue(h handler, data php.Array, userID int) {
	if a.installation(h.clientID).pending {
		return
	}
	if h.userID != 0 {
		userID = h.userID
	}
	fields := url.Values{
		"event":            {h.event},
		"event_handler_id": {strconv.Itoa(h.id)},
		"ts":               {strconv.FormatInt(a.auth.Now().Unix(), 10)},
	}
	for _, f := range data {
		fields.Set("data["+f.Key+"]", php.Text(f.Value))
	}
	for key, value := range a.eventAuth(h, userID) {
		fields.Set("auth["+key+"]", value)
	}
	a.outbox = append(a.outbox, delivery{h.url, fields})
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// eventAuth is the auth part of an event. Its tokens, refresh token included, are
// those of the acting user; the application token always goes along. The portal is
// locked.
func (a *Apps) eventAuth(h handler, userID int) map[string]string {
	app := a.auth.App(h.clientID)
	if app == nil {
		return nil
	}
	auth := map[string]string{
		"scope":             strings.Join(app.Scopes, ","),
		"domain":            a.Host,
		"server_endpoint":   a.auth.Origin() + "/rest/",
		"status":            app.StatusOn(a.Portal),
		"client_endpoint":   a.Origin() + "/rest/",
		"member_id":         a.MemberID,
		"application_token": a.auth.ApplicationToken(h.clientID, a.MemberID),
	}
	if userID == 0 {
		return auth
	}
	g := a.auth.Issue(h.clientID, a.MemberID, userID)
	auth["user_id"] = strconv.Itoa(userID)
	auth["access_token"] = g.Access
	auth["refresh_token"] = g.Refresh
	auth["expires"] = strconv.FormatInt(g.Expires.Unix(), 10)
	auth["expires_in"] = strconv.Itoa(int(oauth.AccessLife.Seconds()))
	return auth
}

// Deliver posts the waiting events to their handlers, one after another, each
// once: like Bitrix24 it never tries again. It returns how many were accepted
// with a status of 2xx.
func (a *Apps) Deliver(ctx context.Context) int {
	a.Lock()
	waiting := a.outbox
	a.outbox = nil
	a.Unlock()
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
func (a *Apps) DeliverAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.wake:
			a.Deliver(ctx)
		}
	}
}

// unbindAll removes the handlers and widgets of an app. The portal is locked.
func (a *Apps) unbindAll(clientID string) {
	a.handlers = slices.DeleteFunc(a.handlers, func(h handler) bool { return h.clientID == clientID })
	a.placements = slices.DeleteFunc(a.placements, func(w Widget) bool { return w.ClientID == clientID })
}
