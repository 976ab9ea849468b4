package portalsim

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ServeHTTP serves the portal: its pages, /oauth/authorize/ and REST.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.routes.ServeHTTP(w, r)
}

// router is the portal's table of addresses. Forms from other sites are refused.
func (p *Portal) router() http.Handler {
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

	mux := http.NewServeMux()
	mux.HandleFunc("/rest/", p.serveREST)
	mux.Handle("/", p.movedPages(http.NewCrossOriginProtection().Handler(pages)))
	return mux
}

// signedInPages is the table of those pages that need somebody.
func (p *Portal) signedInPages() map[string]page {
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
		"POST /online/{$}":                                           p.sayInChat,

		"GET /marketplace/{$}":                      p.marketPage,
		"GET /marketplace/app/{clientID}/{$}":       p.appPage,
		"POST /marketplace/app/{clientID}/finish":   p.finishInstall,
		"POST /marketplace/app/{clientID}/auth":     p.refreshAuth,
		"POST /marketplace/app/{clientID}/{action}": p.manageApp,
		"GET /marketplace/placement/{id}/{$}":       p.leftMenuPage,
		"GET /marketplace/view/{code}/{$}":          p.deepLinkPage,

		"GET /sim/{$}":       p.toolPage,
		"POST /sim/{tool}":   p.useTool,
		"GET /sim/messages":  p.messageList,
		"POST /sim/messages": p.noteMessage,
		"GET /sim/people":    p.selectable,
	}
}

// movedPages sends visitors of a former address to the present one.
func (p *Portal) movedPages(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to, moved := p.movedTo(r.Host); moved {
			http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Move gives the portal a new address. The old ones answer 302 to the new.
func (p *Portal) Move(newHost string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.oldHosts[strings.ToLower(p.Host)] = true
	delete(p.state.oldHosts, strings.ToLower(newHost))
	p.Host = newHost
}

// movedTo tells whether host is a former address, and the present origin.
func (p *Portal) movedTo(host string) (origin string, moved bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.origin(), p.state.oldHosts[strings.ToLower(host)]
}

// cookieName differs from portal to portal: on loopback they share a host, and
// cookies know no ports.
func (p *Portal) cookieName() string {
	return "portal_" + p.MemberID[:min(8, len(p.MemberID))]
}

// SignIn opens a session on the portal's own pages and returns its cookie.
func (p *Portal) SignIn(userID int) *http.Cookie {
	value := p.sim.token(16)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.sessions[value] = userID
	return &http.Cookie{
		Name: p.cookieName(), Value: value, Path: "/",
		HttpOnly: true, Secure: !p.Insecure, SameSite: http.SameSiteLaxMode,
	}
}

// visitor is (a copy of) the signed-in user of a page, nil when there is none or he has been
// dismissed.
func (p *Portal) visitor(r *http.Request) *User {
	cookie, err := r.Cookie(p.cookieName())
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id, ok := p.state.sessions[cookie.Value]
	u := p.user(id)
	if !ok || u == nil || !u.Active {
		return nil
	}
	seen := *u
	return &seen
}

// Change lets a test alter the portal's fields while it is served, for example
// to dismiss somebody. edit must not call methods of the portal.
func (p *Portal) Change(edit func(*Portal)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	edit(p)
}

// login signs in as whoever was chosen: this portal asks for no password.
func (p *Portal) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	id, err := strconv.Atoi(r.PostFormValue("user"))
	p.mu.Lock()
	u := p.user(id)
	known := err == nil && u != nil && u.Active
	p.mu.Unlock()
	if !known {
		p.page(w, http.StatusUnprocessableEntity, "error", "There is no such person.")
		return
	}
	http.SetCookie(w, p.SignIn(id))
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther)
}

// logout ends the session.
func (p *Portal) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(p.cookieName()); err == nil {
		p.mu.Lock()
		delete(p.state.sessions, cookie.Value)
		p.mu.Unlock()
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
func (p *Portal) photo(w http.ResponseWriter, r *http.Request) {
	name, isPNG := strings.CutSuffix(r.PathValue("file"), ".png")
	id, err := strconv.Atoi(name)
	p.mu.Lock()
	u := p.user(id)
	p.mu.Unlock()
	if !isPNG || err != nil || u == nil || u.Photo == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(u.Photo))
}

// photoURL is the address of a user's photograph, "" without one. mu is held.
func (p *Portal) photoURL(u *User) string {
	if u.Photo == nil {
		return ""
	}
	return p.origin() + "/photo/" + strconv.Itoa(u.ID) + ".png"
}
