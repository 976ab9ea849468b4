package site

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/truth"
)

//go:embed pages
var pageFiles embed.FS

var pageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "pages/*.html"))
})

// view is what a page of the portal is filled with.
type view struct {
	Host  string
	Title string
	Clock string
	User  *portal.User
	Menu  []link
	Bare  bool   // inside a slider: nothing around the page
	Slide string // page to open in a slider at once
	Data  any
}

// link leads to a page of the portal.
type link struct {
	Name, Href string
	Current    bool
}

// page shows a page to a signed-in user.
type page func(w http.ResponseWriter, r *http.Request, user *portal.User)

// signedIn lets only signed-in people see a page.
func (s *Site) signedIn(next page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if user := s.visitor(r); user != nil {
			next(w, r, user)
			return
		}
		s.loginPage(w, r)
	}
}

// page answers with a page for which nobody needs to sign in: a title and a text.
func (s *Site) page(w http.ResponseWriter, status int, name, text string) {
	s.render(w, status, name, view{Data: text})
}

// show answers with a page inside the portal's menu and head.
func (s *Site) show(w http.ResponseWriter, r *http.Request, user *portal.User, name, title string, data any) {
	v := s.viewOf(r, user, title)
	v.Data = data
	s.render(w, http.StatusOK, name, v)
}

func (s *Site) viewOf(r *http.Request, user *portal.User, title string) view {
	return view{
		Title: title, User: user, Bare: r.URL.Query().Get("IFRAME") == "Y",
		Menu: s.menu(r, user), Clock: s.auth.Now().In(s.zoneOf(user)).Format("15:04"),
	}
}

// notFound answers that something does not exist, or is not for this user.
func (s *Site) notFound(w http.ResponseWriter) {
	s.page(w, http.StatusNotFound, "error", "There is nothing here, or you may not see it.")
}

// render fills a template. Pages are never stored: they may hold tokens.
func (s *Site) render(w http.ResponseWriter, status int, name string, v view) {
	v.Host = s.CurrentHost()
	var out bytes.Buffer
	if err := pageTemplates().ExecuteTemplate(&out, name, v); err != nil {
		http.Error(w, "page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-src *; frame-ancestors 'self'; base-uri 'none'")
	w.Header().Set("Referrer-Policy", "strict-origin-when-cross-origin") // widgets are told which page opened them
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// menu is the portal's left menu: its own pages, the apps and their widgets.
func (s *Site) menu(r *http.Request, user *portal.User) []link {
	links := []link{
		{Name: "Feed", Href: "/"},
		{Name: "Tasks", Href: "/tasks/"},
		{Name: "CRM", Href: "/crm/deal/"},
		{Name: "Calendar", Href: calendarPath(user.ID)},
		{Name: "Chats", Href: "/online/"},
		{Name: "Groups", Href: "/workgroups/"},
		{Name: "Employees", Href: "/company/"},
	}
	for _, app := range s.auth.AppsOn(s.MemberID) {
		links = append(links, link{Name: app.Name, Href: appPath(app)})
	}
	for _, w := range s.apps.Widgets("LEFT_MENU") {
		links = append(links, link{Name: s.apps.WidgetTitle(w), Href: "/marketplace/placement/" + strconv.Itoa(w.ID) + "/"})
	}
	links = append(links, link{Name: "Applications", Href: "/marketplace/"}, link{Name: "Simulator", Href: "/sim/"})
	best := -1
	for i, l := range links {
		if r.URL.Path == l.Href || l.Href != "/" && strings.HasPrefix(r.URL.Path, l.Href) && (best < 0 || len(l.Href) > len(links[best].Href)) {
			best = i
		}
	}
	if best >= 0 {
		links[best].Current = true
	}
	return links
}

func appPath(app *oauth.App) string { return "/marketplace/app/" + url.PathEscape(app.ClientID) + "/" }

// loginPage lets visitors choose who they are. It comes in place of the page that
// they asked for, and leads back there.
func (s *Site) loginPage(w http.ResponseWriter, r *http.Request) {
	back := r.URL.RequestURI()
	if r.URL.Path == "/login" || r.Method != http.MethodGet {
		back = "/"
	}
	s.render(w, http.StatusOK, "login", view{Data: struct {
		Back   string
		People []*portal.User
	}{back, s.activeUsers()}})
}

// activeUsers are copies of those who may sign in, administrators first, by name.
func (s *Site) activeUsers() []*portal.User {
	s.Lock()
	defer s.Unlock()
	var people []*portal.User
	for _, u := range s.Users {
		if u.Active {
			seen := *u
			people = append(people, &seen)
		}
	}
	slices.SortStableFunc(people, func(a, b *portal.User) int {
		if a.Admin != b.Admin {
			return map[bool]int{true: -1, false: 1}[a.Admin]
		}
		return strings.Compare(a.FullName(), b.FullName())
	})
	return people
}

// zoneOf is the zone in which a user sees times.
func (s *Site) zoneOf(u *portal.User) *time.Location {
	if own, err := s.LoadZone(u.Zone); err == nil && u.Zone != "" {
		return own
	}
	return s.Zone()
}

// feed is the data of the first page.
type feed struct {
	Apps    []appLink
	Entries []entry
}

// entry is a time on the user's own page.
type entry struct{ When, Name string }

// appLink leads to an installed app: on its own and inside the portal.
type appLink struct{ Name, Alone, Framed string }

// feedPage is the portal's first page: the apps and the user's own week.
func (s *Site) feedPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	s.show(w, r, user, "feed", "Welcome, "+user.FullName(), feed{s.appLinks(), s.week(user)})
}

// week lists the times of the current week, Monday to Sunday in the user's zone,
// at which the user is busy.
func (s *Site) week(u *portal.User) []entry {
	zone := s.zoneOf(u)
	now := s.auth.Now().In(zone)
	monday := time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7, 0, 0, 0, 0, zone)
	var entries []entry
	for _, busy := range truth.Busy(s.Portal, u.ID, monday, monday.AddDate(0, 0, 7), zone) {
		when := busy.From.In(zone).Format("Mon 2 Jan, 15:04") + "–" + busy.To.In(zone).Format("15:04")
		if busy.AllDay {
			when = busy.From.In(zone).Format("Mon 2 Jan") + ", all day"
		}
		entries = append(entries, entry{when, s.titleOf(u.ID, busy.ID)})
	}
	return entries
}

// titleOf is the name of a user's own row. An ID without such a row is of the
// absence chart.
func (s *Site) titleOf(userID, rowID int) string {
	s.Lock()
	defer s.Unlock()
	for _, e := range s.Events {
		if e.ID == rowID && e.Type == "user" && e.Owner == userID {
			return e.Name
		}
	}
	return "Absence"
}

// appLinks lists the installed apps by name.
func (s *Site) appLinks() []appLink {
	var links []appLink
	for _, app := range s.auth.AppsOn(s.MemberID) {
		alone := app.SignInURL
		if alone == "" {
			alone = app.RedirectURL
		}
		links = append(links, appLink{app.Name, alone, appPath(app)})
	}
	return links
}

// textPart is a piece of a text; with Href it is a link.
type textPart struct {
	Text, Href string
	Slide      bool // opens in a slider
}

var webAddress = regexp.MustCompile(`https?://[^\s<>"\[\]]+`)

// withLinks finds the links in what somebody wrote.
func (s *Site) withLinks(text string) []textPart {
	var parts []textPart
	last := 0
	origin := strings.TrimSuffix(s.Endpoint(), "/rest/")
	for _, at := range webAddress.FindAllStringIndex(text, -1) {
		if at[0] > last {
			parts = append(parts, textPart{Text: text[last:at[0]]})
		}
		href := text[at[0]:at[1]]
		parts = append(parts, textPart{href, href, strings.HasPrefix(href, origin+"/marketplace/view/")})
		last = at[1]
	}
	if last < len(text) {
		parts = append(parts, textPart{Text: text[last:]})
	}
	return parts
}
