package portalsim

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed pages.html
var pagesSource string

// view is what a page of the portal is filled with.
type view struct {
	Host    string
	User    *User
	Text    string
	Back    string
	People  []*User
	Entries []entry
	Apps    []appLink
	Frame   Frame
}

// entry is a time on the user's own page.
type entry struct{ When, Name string }

// appLink leads to an installed app: on its own and inside the portal.
type appLink struct{ Name, Alone, Framed string }

// Frame is an app inside the portal, as the browser is told to open it.
type Frame struct {
	Name   string // window name: host|protocol|session of the app
	Action string
	Fields url.Values // posted urlencoded
}

// page answers with one of the templates and a text.
func (p *Portal) page(w http.ResponseWriter, status int, name, text string) {
	p.render(w, status, name, view{Text: text})
}

// render fills a template. Pages are never stored: they may hold tokens.
func (p *Portal) render(w http.ResponseWriter, status int, name string, v view) {
	v.Host = p.host()
	pages, err := template.New("pages").Parse(pagesSource)
	var out bytes.Buffer
	if err == nil {
		err = pages.ExecuteTemplate(&out, name, v)
	}
	if err != nil {
		http.Error(w, "page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "strict-origin")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// loginPage lets the visitor choose who he is. It comes in place of the page
// asked for, to which the choice leads back.
func (p *Portal) loginPage(w http.ResponseWriter, r *http.Request) {
	back := r.URL.RequestURI()
	if r.URL.Path == "/login" {
		back = "/"
	}
	p.render(w, http.StatusOK, "login", view{Back: back, People: p.activeUsers()})
}

// activeUsers are copies of those who may sign in, by name.
func (p *Portal) activeUsers() []*User {
	p.mu.Lock()
	defer p.mu.Unlock()
	var people []*User
	for _, u := range p.Users {
		if u.Active {
			seen := *u
			people = append(people, &seen)
		}
	}
	slices.SortStableFunc(people, func(a, b *User) int { return strings.Compare(a.FullName(), b.FullName()) })
	return people
}

// FullName is first and last name, as pages show it.
func (u *User) FullName() string { return strings.TrimSpace(u.Name + " " + u.LastName) }

// home is the portal's page: the user's own week and the apps.
func (p *Portal) home(w http.ResponseWriter, r *http.Request) {
	user := p.visitor(r)
	if user == nil {
		p.loginPage(w, r)
		return
	}
	p.render(w, http.StatusOK, "home", view{User: user, Entries: p.week(user), Apps: p.appLinks()})
}

// week lists the times of the current week, Monday to Sunday in the user's zone,
// at which the user is busy.
func (p *Portal) week(u *User) []entry {
	zone := p.zone()
	if own, err := time.LoadLocation(u.Zone); err == nil && u.Zone != "" {
		zone = own
	}
	now := p.sim.now().In(zone)
	monday := time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7, 0, 0, 0, 0, zone)
	var entries []entry
	for _, busy := range p.TrueBusy(u.ID, monday, monday.AddDate(0, 0, 7), zone) {
		when := busy.From.In(zone).Format("Mon 2 Jan, 15:04") + "–" + busy.To.In(zone).Format("15:04")
		if busy.AllDay {
			when = busy.From.In(zone).Format("Mon 2 Jan") + ", all day"
		}
		entries = append(entries, entry{when, p.titleOf(u.ID, busy.ID)})
	}
	return entries
}

// titleOf is the name of a user's own row; what is none is of the absence chart.
func (p *Portal) titleOf(userID, rowID int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.Events {
		if e.ID == rowID && e.Type == "user" && e.Owner == userID {
			return e.Name
		}
	}
	return "Absence"
}

// appLinks lists the installed apps by name.
func (p *Portal) appLinks() []appLink {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	var links []appLink
	for in := range p.sim.installs {
		app := p.sim.apps[in.clientID]
		if in.memberID != p.MemberID || app == nil {
			continue
		}
		alone := app.SignInURL
		if alone == "" {
			alone = app.RedirectURL
		}
		links = append(links, appLink{app.Name, alone, "/marketplace/app/" + url.PathEscape(app.ClientID) + "/"})
	}
	slices.SortFunc(links, func(a, b appLink) int { return strings.Compare(a.Name, b.Name) })
	return links
}

// frame shows an app inside the portal: a form with the user's tokens posts
// itself into an iframe.
func (p *Portal) frame(w http.ResponseWriter, r *http.Request) {
	user := p.visitor(r)
	if user == nil {
		p.loginPage(w, r)
		return
	}
	launch, ok := p.Launch(r.PathValue("clientID"), user.ID, "DEFAULT", "")
	if !ok {
		p.page(w, http.StatusNotFound, "error", "The application is not installed on this portal.")
		return
	}
	p.render(w, http.StatusOK, "frame", view{User: user, Frame: launch})
}

// Launch is what a browser posts when a user opens the app inside the portal: to
// Action, the urlencoded Fields, from a frame called Name. placement is DEFAULT
// or the code of a widget, options its JSON text. False when the app is not
// installed here.
func (p *Portal) Launch(clientID string, userID int, placement, options string) (Frame, bool) {
	app := p.sim.app(clientID)
	if app == nil || !p.sim.installed(clientID, p.MemberID) {
		return Frame{}, false
	}
	token := p.IssueToken(clientID, userID)
	host, protocol, sid := p.host(), "1", p.sim.token(16)
	if strings.HasPrefix(p.endpoint(), "http:") {
		protocol = "0"
	}
	fields := url.Values{
		"AUTH_ID":           {token.Access},
		"AUTH_EXPIRES":      {"3600"},
		"REFRESH_ID":        {token.Refresh},
		"SERVER_ENDPOINT":   {p.sim.authOrigin() + "/rest/"},
		"APPLICATION_TOKEN": {p.ApplicationToken(clientID)},
		"APPLICATION_SCOPE": {strings.Join(app.Scopes, ",")},
		"member_id":         {p.MemberID},
		"status":            {p.statusOf(app)},
		"PLACEMENT":         {placement},
	}
	if options != "" {
		fields.Set("PLACEMENT_OPTIONS", options)
	}
	query := url.Values{"DOMAIN": {host}, "PROTOCOL": {protocol}, "LANG": {p.Lang}, "APP_SID": {sid}}
	return Frame{
		Name:   host + "|" + protocol + "|" + sid,
		Action: withQuery(app.RedirectURL, query),
		Fields: fields,
	}, true
}
