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
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.pages.ServeHTTP(w, r)
}

// router is the portal's table of addresses. Forms from other sites are refused.
func (s *Site) router() http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /login", s.loginPage)
	pages.HandleFunc("POST /login", s.login)
	pages.HandleFunc("POST /logout", s.logout)
	pages.HandleFunc("GET /oauth/authorize/{$}", s.authorize)
	pages.HandleFunc("GET /photo/{file}", s.photo)
	for _, file := range []string{"portal.css", "portal.js"} {
		pages.HandleFunc("GET /sim/"+file, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pageFiles, "pages/"+file)
		})
	}
	for pattern, show := range s.signedInPages() {
		pages.HandleFunc(pattern, s.signedIn(show))
	}
	return s.movedPages(http.NewCrossOriginProtection().Handler(pages))
}

// signedInPages is the table of pages for signed-in people.
func (s *Site) signedInPages() map[string]page {
	return map[string]page{
		"GET /{$}": s.feedPage,

		"GET /company/{$}":                                           s.staffPage,
		"GET /company/personal/user/{user}/{$}":                      s.profilePage,
		"GET /company/personal/user/{user}/calendar/{$}":             s.calendarPage,
		"GET /company/personal/user/{user}/tasks/task/view/{id}/{$}": s.taskPage,
		"GET /tasks/{$}":                                             s.tasksPage,
		"GET /crm/deal/{$}":                                          s.dealsPage,
		"GET /crm/deal/details/{id}/{$}":                             s.dealPage,
		"GET /workgroups/{$}":                                        s.groupsPage,
		"GET /workgroups/group/{id}/{$}":                             s.groupPage,
		"GET /online/{$}":                                            s.chatPage,
		"POST /online/{$}":                                           s.postMessage,

		"GET /marketplace/{$}":                      s.marketPage,
		"GET /marketplace/app/{clientID}/{$}":       s.appPage,
		"POST /marketplace/app/{clientID}/finish":   s.finishInstall,
		"POST /marketplace/app/{clientID}/auth":     s.refreshAuth,
		"POST /marketplace/app/{clientID}/{action}": s.manageApp,
		"GET /marketplace/placement/{id}/{$}":       s.leftMenuPage,
		"GET /marketplace/view/{code}/{$}":          s.deepLinkPage,

		"GET /sim/{$}":       s.toolPage,
		"POST /sim/{tool}":   s.runTool,
		"GET /sim/messages":  s.messageList,
		"POST /sim/messages": s.recordMessage,
		"GET /sim/people":    s.selectable,
	}
}

// movedPages sends visitors of a former address to the present one.
func (s *Site) movedPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to, moved := s.MovedTo(r.Host); moved {
			http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// cookieName differs from portal to portal: on loopback they share a host, and
// cookies know no ports.
func (s *Site) cookieName() string {
	return "portal_" + s.MemberID[:min(8, len(s.MemberID))]
}

// SignIn opens a session on the portal's own pages and returns its cookie.
func (s *Site) SignIn(userID int) *http.Cookie {
	value := s.auth.NewToken(16)
	s.Lock()
	defer s.Unlock()
	s.sessions[value] = userID
	return &http.Cookie{
		Name: s.cookieName(), Value: value, Path: "/",
		HttpOnly: true, Secure: !s.Insecure, SameSite: http.SameSiteLaxMode,
	}
}

// visitor is a copy of the signed-in user of a page, nil if there is none or they
// were dismissed.
func (s *Site) visitor(r *http.Request) *portal.User {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil
	}
	s.Lock()
	defer s.Unlock()
	id, ok := s.sessions[cookie.Value]
	u := s.User(id)
	if !ok || u == nil || !u.Active {
		return nil
	}
	seen := *u
	return &seen
}

// login signs in as the person chosen; this portal asks for no password.
func (s *Site) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	id, err := strconv.Atoi(r.PostFormValue("user"))
	s.Lock()
	u := s.User(id)
	known := err == nil && u != nil && u.Active
	s.Unlock()
	if !known {
		s.page(w, http.StatusUnprocessableEntity, "error", "There is no such person.")
		return
	}
	http.SetCookie(w, s.SignIn(id))
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther)
}

// logout ends the session.
func (s *Site) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(s.cookieName()); err == nil {
		s.Lock()
		delete(s.sessions, cookie.Value)
		s.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: s.cookieName(), Path: "/", MaxAge: -1, HttpOnly: true})
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
func (s *Site) photo(w http.ResponseWriter, r *http.Request) {
	name, isPNG := strings.CutSuffix(r.PathValue("file"), ".png")
	id, err := strconv.Atoi(name)
	s.Lock()
	u := s.User(id)
	s.Unlock()
	if !isPNG || err != nil || u == nil || u.Photo == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(u.Photo))
}
