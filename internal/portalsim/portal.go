package portalsim

import (
	"context"
	"net/http"
	"time"

	"slotfinder/internal/portalsim/apps"
	"slotfinder/internal/portalsim/calendar"
	"slotfinder/internal/portalsim/company"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
	"slotfinder/internal/portalsim/seed"
	"slotfinder/internal/portalsim/site"
)

// Portal is one simulated Bitrix24 portal. Its data may be changed freely until it
// is served; afterwards only through methods.
type Portal struct {
	*Data

	portal   *portal.Portal
	rest     *rest.Server
	calendar *calendar.Calendar

	// What follows exists once the portal was added to a simulator.
	auth   *oauth.Server
	apps   *apps.Apps
	site   *site.Site
	routes *http.ServeMux
}

// NewPortal makes a portal of its data.
func NewPortal(data Data) *Portal {
	p := portal.New(data)
	return &Portal{Data: &p.Data, portal: p, rest: rest.New(p), calendar: calendar.New(p)}
}

// Company returns the seeded portal Halden & Vey: some sixty people in seven
// zones, with calendars from sixty days before today to 120 days after it. Its
// clocks go by rules, if given.
func Company(today Date, rules ...Zones) *Portal {
	return NewPortal(*seed.Company(today, rules...))
}

// Branch returns a second, tiny portal whose user ids overlap those of Company
// while no name and no title does: a tenant that must never be mixed up with the
// other.
func Branch(today Date, rules ...Zones) *Portal {
	return NewPortal(*seed.Branch(today, rules...))
}

// join puts the portal under an authorization server and starts its pages.
func (p *Portal) join(auth *oauth.Server, insecure bool) {
	p.portal.Lock()
	p.Insecure = p.Insecure || insecure
	p.portal.Unlock()
	p.auth = auth
	p.apps = apps.New(p.portal, auth)
	p.site = site.New(p.portal, auth, p.apps, p.calendar)
	people := company.Company{Portal: p.portal}
	p.rest.Connect(auth, people.Methods(), p.calendar.Methods(), p.apps.Methods())
	p.routes = http.NewServeMux()
	p.routes.Handle("/rest/", p.rest)
	p.routes.Handle("/", p.site)
	auth.AddPortal(p.portal)
}

// ServeHTTP serves the portal: its pages, /oauth/authorize/ and REST.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.routes.ServeHTTP(w, r) }

// Change lets a test alter the portal's fields while it is served, for example
// to dismiss somebody. edit must not call methods of the portal.
func (p *Portal) Change(edit func(*Portal)) {
	p.portal.Lock()
	defer p.portal.Unlock()
	edit(p)
}

// Move gives the portal a new address. The old ones answer 302 to the new.
func (p *Portal) Move(newHost string) { p.portal.Move(newHost) }

// Secrets returns the distinct titles of everybody's events, sorted: what must
// never be in a log, an error, or a page of another portal.
func (p *Portal) Secrets() []string { return p.portal.Secrets() }

// Fail orders a fault for the coming calls of a REST method ("*" = of any),
// after those ordered before. Inside a batch only faults that are REST errors
// count; the others apply to the method "batch" itself.
func (p *Portal) Fail(method string, f Fault) { p.rest.Fail(method, f) }

// Heal takes back every fault ordered for the portal.
func (p *Portal) Heal() { p.rest.Heal() }

// SetCost makes every call of a method ("batch" excepted) count as so much
// operating time. Nothing is slowed down; see Slow for that.
func (p *Portal) SetCost(method string, perCall time.Duration) { p.rest.SetCost(method, perCall) }

// Requests lists the REST calls since the start or the last Reset, oldest first.
func (p *Portal) Requests() []Request { return p.rest.Requests() }

// Reset forgets the requests, and what they used of the portal's limits.
func (p *Portal) Reset() { p.rest.Reset() }

// IssueToken makes tokens for a user as if they had just signed in to the app.
func (p *Portal) IssueToken(clientID string, userID int) Token {
	return p.auth.Issue(clientID, p.MemberID, userID)
}

// ExpireTokens lets every access token of the portal expire now; refresh tokens
// stay good.
func (p *Portal) ExpireTokens() { p.auth.ExpireTokens(p.MemberID) }

// ApplicationToken is the token that the portal's events to the app carry; ""
// when the app is not installed.
func (p *Portal) ApplicationToken(clientID string) string {
	return p.auth.ApplicationToken(clientID, p.MemberID)
}

// Install installs a registered app on the portal, without its installer.
// Installing it again gives it a new application token.
func (p *Portal) Install(clientID string) { p.apps.Install(clientID) }

// Offer puts a registered app on the portal, not yet installed: it shows its
// installer to administrators, nothing to others, and gets neither widgets nor
// events until FinishInstall. An app without installer is installed at once.
func (p *Portal) Offer(clientID string) { p.apps.Offer(clientID) }

// FinishInstall is what the portal does when the installer's page has said that
// it is done. It reports whether there was anything to finish.
func (p *Portal) FinishInstall(clientID string, admin int) bool {
	return p.apps.FinishInstall(clientID, admin)
}

// RunInstaller installs an app as an administrator does who opens it: the
// installer gets its launch, and when it answers well the installation is
// finished. No browser takes part.
func (p *Portal) RunInstaller(ctx context.Context, clientID string, admin int) error {
	return p.apps.RunInstaller(ctx, clientID, admin)
}

// Update brings the next version of an app: handlers of ONAPPUPDATE are told,
// with a new application token, and then all handlers go. Widgets stay.
func (p *Portal) Update(clientID string, admin int) { p.apps.Update(clientID, admin) }

// Uninstall removes an app: its tokens stop working, its widgets and handlers
// go, and handlers of ONAPPUNINSTALL are told, without tokens, to delete its data.
func (p *Portal) Uninstall(clientID string) { p.apps.Uninstall(clientID) }

// UninstallKeeping is Uninstall by somebody who wants the app's data to be kept.
func (p *Portal) UninstallKeeping(clientID string) { p.apps.UninstallKeeping(clientID) }

// Deliver posts the waiting events to their handlers, one after another, each
// once: like Bitrix24 it never tries again. It returns how many were accepted
// with a status of 2xx.
func (p *Portal) Deliver(ctx context.Context) int { return p.apps.Deliver(ctx) }

// DeliverAll sends events as they come, until ctx ends. Start does it for the
// portals that it serves.
func (p *Portal) DeliverAll(ctx context.Context) { p.apps.DeliverAll(ctx) }

// Launch is what a browser posts when a user opens the app inside the portal: to
// Action, the urlencoded Fields, from a frame called Name. placement is DEFAULT
// or the code of a widget, options its JSON text. False when the app is not
// installed here.
func (p *Portal) Launch(clientID string, userID int, placement, options string) (Frame, bool) {
	return p.apps.Launch(clientID, userID, placement, options)
}

// SignIn opens a session on the portal's own pages and returns its cookie.
func (p *Portal) SignIn(userID int) *http.Cookie { return p.site.SignIn(userID) }

// Messages lists what apps have said to the portal's pages, oldest first.
func (p *Portal) Messages() []Message { return p.site.Messages() }
