package harness

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/seal"
	"slotfinder/internal/store"
)

// Database opens the database of the running program, and what keeps its secrets.
func (p *Product) Database() (*store.Store, *auth.Portals) {
	p.T.Helper()
	db, err := store.Open(p.T.Context(), p.Env["SLOTFINDER_DATABASE"])
	if err != nil {
		p.T.Fatal(err)
	}
	p.T.Cleanup(func() { _ = db.Close() })
	secret, err := base64.StdEncoding.DecodeString(p.Env["SLOTFINDER_SECRET"])
	if err != nil {
		p.T.Fatal(err)
	}
	box, err := seal.New([][]byte{secret})
	if err != nil {
		p.T.Fatal(err)
	}
	return db, auth.New(auth.Config{Vault: db, Seal: box, HTTP: http.DefaultClient, Now: time.Now})
}

// BindEvents does what an installer does, as somebody who has signed in: the portal
// sends its events to this instance, which knows the token they carry.
func (p *Product) BindEvents(user int64) {
	p.T.Helper()
	_, portals := p.Database()
	if err := portals.SetAppToken(p.T.Context(), p.Company.MemberID, p.Company.ApplicationToken(ClientID)); err != nil {
		p.T.Fatal(err)
	}
	root, token, err := portals.Token(p.T.Context(), meet.Member{Portal: p.Company.MemberID, User: user})
	if err != nil {
		p.T.Fatal(err)
	}
	for _, event := range []string{portalsim.EntryAdded, portalsim.EntryUpdated, portalsim.EntryDeleted} {
		response, err := http.PostForm(root+"event.bind", url.Values{"auth": {token}, "event": {event}, "handler": {p.App + "/bitrix24/events"}})
		if err != nil {
			p.T.Fatal(err)
		}
		if body := ReadBody(p.T, response); response.StatusCode != http.StatusOK {
			p.T.Fatalf("event.bind: %s: %s", response.Status, body)
		}
	}
}

// Occupy gives a colleague something to do, and has the portal tell of it.
func (p *Product) Occupy(user int, from, to time.Time) {
	p.T.Helper()
	wall := func(t time.Time) portalsim.Wall {
		t = t.UTC()
		return portalsim.On(t.Date()).At(t.Hour(), t.Minute())
	}
	p.Company.AddEvent(portalsim.Event{Owner: user, Name: "Dentist", From: wall(from), To: wall(to), ZoneFrom: "UTC", ZoneTo: "UTC"})
	if accepted := p.Company.Deliver(p.T.Context()); accepted == 0 {
		p.T.Fatal("no event was accepted")
	}
}
