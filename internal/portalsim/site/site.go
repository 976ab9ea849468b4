package site

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/portalsim/apps"
	"slotfinder/internal/portalsim/calendar"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
)

// Site is what a portal shows to people: its pages, its half of OAuth, and apps
// inside frames.
type Site struct {
	*portal.Portal
	auth     *oauth.Server
	apps     *apps.Apps
	calendar *calendar.Calendar
	sessions map[string]int // cookie of the portal's own pages: user
	messages []Message
	chats    map[string][]chatMessage // in dialogues, by their id
	pages    http.Handler
}

// New serves the pages of a portal.
func New(p *portal.Portal, auth *oauth.Server, apps *apps.Apps, calendar *calendar.Calendar) *Site {
	s := &Site{Portal: p, auth: auth, apps: apps, calendar: calendar, sessions: map[string]int{}, chats: map[string][]chatMessage{}}
	s.pages = s.router()
	return s
}

// ServeHTTP serves the portal's pages and /oauth/authorize/.
func (p *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.pages.ServeHTTP(w, r)
}

// router is the portal's table of addresses. Forms from other sites are refused.
func (p *Site) router() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /login", p.loginPage)
	pages.HandleFunc("POST /login", p.login)
	pages.HandleFunc("POST /logout", p.logout)
	pages.HandleFunc("GET /oauth/authorize/{$}", p.authorize)
	pages.HandleFunc("GET /photo/{file}", p.photo)
	for _, file := range []string{"portal.css", "portal.js"} {
		pages.HandleFunc("GET /sim/"+file, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pageFiles, "pages/"+file)
		})
	}
	for pattern, show := range p.signedInPages() {
		pages.HandleFunc(pattern, p.signedIn(show))
	}
	return p.movedPages(http.NewCrossOriginProtection().Handler(pages))
}

// signedInPages is the table of pages for signed-in people.
func (p *Site) signedInPages() map[string]page {
	return map[string]page{
		"GET /{$}": p.feedPage,

		"GET /company/{$}":                                           p.staffPage,
		"GET /company/personal/user/{user}/{$}":                      p.profilePage,
		"GET /company/personal/user/{user}/calendar/{$}":             p.calendarPage,
		"GET /company/personal/user/{user}/tasks/task/view/{id}/{$}": p.taskPage,
		"GET /tasks/{$}":                                             p.tasksPage,
		"GET /crm/deal/{$}":                                          p.dealsPage,
		"GET /crm/deal/details/{id}/{$}":                             p.dealPage,
		"GET /workgroups/{$}":                                        p.groupsPage,
		"GET /workgroups/group/{id}/{$}":                             p.groupPage,
		"GET /online/{$}":                                            p.chatPage,
		"POST /online/{$}":                                           p.postMessage,

		"GET /marketplace/{$}":                      p.marketPage,
		"GET /marketplace/app/{clientID}/{$}":       p.appPage,
		"POST /marketplace/app/{clientID}/finish":   p.finishInstall,
		"POST /marketplace/app/{clientID}/auth":     p.refreshAuth,
		"POST /marketplace/app/{clientID}/{action}": p.manageApp,
		"GET /marketplace/placement/{id}/{$}":       p.leftMenuPage,
		"GET /marketplace/view/{code}/{$}":          p.deepLinkPage,

		"GET /sim/{$}":       p.toolPage,
		"POST /sim/{tool}":   p.runTool,
		"GET /sim/messages":  p.messageList,
		"POST /sim/messages": p.recordMessage,
		"GET /sim/people":    p.selectable,
	}
}

// movedPages sends visitors of a former address to the present one.
func (p *Site) movedPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to, moved := p.MovedTo(r.Host); moved {
			http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// cookieName differs from portal to portal: on loopback they share a host, and
// cookies know no ports.
func (p *Site) cookieName() string {
	return "portal_" + p.MemberID[:min(8, len(p.MemberID))]
}

// SignIn opens a session on the portal's own pages and returns its cookie.
func (p *Site) SignIn(userID int) *http.Cookie {
	value := p.auth.NewToken(16)
	p.Lock()
	defer p.Unlock()
	p.sessions[value] = userID
	return &http.Cookie{
		Name: p.cookieName(), Value: value, Path: "/",
		HttpOnly: true, Secure: !p.Insecure, SameSite: http.SameSiteLaxMode,
	}
}

// visitor is a copy of the signed-in user of a page, nil if there is none or they
// were dismissed.
func (p *Site) visitor(r *http.Request) *portal.User {
	cookie, err := r.Cookie(p.cookieName())
	if err != nil {
		return nil
	}
	p.Lock()
	defer p.Unlock()
	id, ok := p.sessions[cookie.Value]
	u := p.User(id)
	if !ok || u == nil || !u.Active {
		return nil
	}
	seen := *u
	return &seen
}

// login signs in as the person chosen; this portal asks for no password.
func (p *Site) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	id, err := strconv.Atoi(r.PostFormValue("user"))
	p.Lock()
	u := p.User(id)
	known := err == nil && u != nil && u.Active
	p.Unlock()
	if !known {
		p.page(w, http.StatusUnprocessableEntity, "error", "There is no such person.")
		return
	}
	http.SetCookie(w, p.SignIn(id))
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther)
}

// logout ends the session.
func (p *Site) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(p.cookieName()); err == nil {
		p.Lock()
		delete(p.sessions, cookie.Value)
		p.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: p.cookieName(), Path: "/", MaxAge: -1, HttpOnly: true})
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// localPath is path when it stays on this host, else "/".
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// photo serves /photo/ID.png.
func (p *Site) photo(w http.ResponseWriter, r *http.Request) {
	name, isPNG := strings.CutSuffix(r.PathValue("file"), ".png")
	id, err := strconv.Atoi(name)
	p.Lock()
	u := p.User(id)
	p.Unlock()
	if !isPNG || err != nil || u == nil || u.Photo == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(u.Photo))
}
