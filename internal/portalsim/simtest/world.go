package simtest

import (
	"sync"
	"testing"
	"time"

	"slotfinder/internal/portalsim"
)

// The world's one app, and where everything in it is.
const (
	ClientID     = "app.573ad8a0346747.09223434"
	ClientSecret = "secret-of-the-app"
	AuthHost     = "oauth.localhost"
	Host         = "alpha.localhost"
	MemberID     = "0123456789abcdef0123456789abcdef"
)

// Hook is where the app takes events.
const Hook = "http://app.localhost/bitrix24/events"

// World is a simulator with one portal and one app, whose clock stands still.
type World struct {
	Sim    *portalsim.Sim
	Portal *portalsim.Portal
	App    portalsim.App // as registered last

	mu  sync.Mutex
	now time.Time
}

// New makes a world; it is nine o'clock in the morning in UTC, on a Tuesday.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{now: time.Date(2026, time.March, 10, 9, 0, 0, 0, time.UTC)}
	w.Sim = portalsim.New(portalsim.Config{Now: w.Clock, Insecure: true})
	w.Sim.SetAuthURL("http://" + AuthHost)
	w.Portal = portalsim.NewPortal(portalsim.Data{
		MemberID: MemberID, Host: Host, Plan: "S", Lang: "en",
		ServerZone: time.FixedZone("", 3*3600),
		Users: []*portalsim.User{
			{ID: 1, Name: "Anna", LastName: "Becker", Position: "Director", Departments: []int{1}, Zone: "Europe/Berlin", Active: true, Admin: true, Photo: []byte("png")},
			{ID: 7, Name: "Boris", LastName: "O'Neil", Position: "R&D engineer", Departments: []int{1, 5}, Active: true},
			{ID: 8, Name: "Clara", LastName: "Dismissed", Departments: []int{5}},
			{ID: 9, Name: "Dan", LastName: "Guest", Extranet: true, Active: true},
			{ID: 10, Name: "Eve", LastName: "Stranger", Extranet: true, Active: true},
		},
		Departments: []*portalsim.Department{{ID: 1, Name: "Company", Head: 1, Sort: 100}, {ID: 5, Name: "R&D", Parent: 1, Sort: 500}},
		Groups: []*portalsim.Group{
			{ID: 10, Name: "Launch", Members: []portalsim.GroupMember{{User: 1, Role: "A"}, {User: 7, Role: "E"}, {User: 9, Role: "K"}, {User: 8, Role: "K"}}},
			{ID: 11, Name: "Board", Members: []portalsim.GroupMember{{User: 1, Role: "A"}}},
		},
		Chats: []*portalsim.Chat{{ID: 29, Name: "Lunch", Members: []int{7, 1, 8}}, {ID: 30, Name: "Secret", Members: []int{1}}},
	})
	w.Sim.AddPortal(w.Portal)
	w.Register(portalsim.App{
		ClientID: ClientID, ClientSecret: ClientSecret, RedirectURL: "http://app.localhost/bitrix24",
		Scopes: []string{"calendar", "user_brief", "department", "im", "sonet_group", "placement"},
		Code:   "acme.slots", Name: "Slots",
	})
	w.Portal.Install(ClientID)
	return w
}

// Register registers the app, or what has changed of it.
func (w *World) Register(app portalsim.App) {
	w.App = app
	w.Sim.AddApp(app)
}

// Clock is the present time of the world.
func (w *World) Clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Advance lets time go by.
func (w *World) Advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}
