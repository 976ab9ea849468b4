package site

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/portalsim/apps"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// The ways in which an app stands on a page. The last two are as high as their
// surroundings, so the app must not ask for another height.
const (
	fullPage = "page"
	tab      = "tab"
	slider   = "slider"
	popup    = "popup"
)

// launch is an app to be shown on a page.
type launch struct {
	app       *oauth.App
	address   string
	placement string
	options   php.Array
	kind      string
	install   bool  // what is shown is the installer
	loaded    []int // events in the calendar's view
}

// appFrame is an app on a page: the frame, the form that posts into it, and the
// data with which the page's script answers the app's messages.
type appFrame struct {
	apps.Frame
	Title, Kind string
	Script      string // JSON, see scriptFacts
}

// scriptData is what the page's script knows of the app.
type scriptData struct {
	SID       string         `json:"sid"`
	Origin    string         `json:"origin"` // of the app's registered address: messages from elsewhere are ignored
	ClientID  string         `json:"clientId"`
	Code      string         `json:"code"`
	Placement string         `json:"placement"`
	Admin     bool           `json:"admin"`
	Denied    []string       `json:"denied"`
	Loaded    []int          `json:"loaded"`
	Init      map[string]any `json:"init"` // the answer to getInitData
}

// openApp makes the frame of an app. The options get the address of the page from
// which it was opened, unless the browser does not tell it.
func (s *Site) openApp(r *http.Request, user *portal.User, o launch) *appFrame {
	if uri := s.referrer(r); uri != "" {
		o.options = append(o.options, php.Field{"URI", uri})
	}
	if r.URL.Query().Get("IFRAME") == "Y" {
		o.kind = slider
	}
	options := ""
	if len(o.options) > 0 {
		options = string(php.Encode(o.options))
	}
	f := s.apps.Open(o.app, o.address, user.ID, o.placement, options)
	parts := strings.Split(f.Name, "|")
	origin := ""
	if u, err := url.Parse(o.app.RedirectURL); err == nil {
		origin = u.Scheme + "://" + u.Host
	}
	data := scriptData{
		SID: parts[2], Origin: origin, ClientID: o.app.ClientID, Code: o.app.Code, Placement: o.placement,
		Admin: user.Admin, Denied: deniedCommands(o), Loaded: o.loaded,
		Init: map[string]any{
			"LANG": s.Lang, "DOMAIN": parts[0], "PROTOCOL": php.Int(parts[1]), "PATH": "/rest",
			"AUTH_ID": f.Fields.Get("AUTH_ID"), "AUTH_EXPIRES": f.Fields.Get("AUTH_EXPIRES"), "REFRESH_ID": f.Fields.Get("REFRESH_ID"),
			"MEMBER_ID": s.MemberID, "FIRST_RUN": o.install, "IS_ADMIN": user.Admin, "INSTALL": o.install,
			"USER_OPTIONS": []string{}, "APP_OPTIONS": []string{}, "PLACEMENT": o.placement, "PLACEMENT_OPTIONS": initOptions(options),
		},
	}
	script, err := json.Marshal(data)
	if err != nil {
		panic("portalsim: data of a frame: " + err.Error())
	}
	return &appFrame{Frame: f, Title: o.app.Name, Kind: o.kind, Script: string(script)}
}

// initOptions are the options as getInitData tells them: an object, or "".
func initOptions(options string) any {
	if options == "" {
		return ""
	}
	return json.RawMessage(options)
}

// deniedCommands are those to which an app of this kind gets no answer.
func deniedCommands(o launch) []string {
	list := []string{}
	if o.placement != "DEFAULT" {
		list = append(list, "setTitle", "setScroll", "reloadWindow")
	}
	if o.kind == slider || o.kind == popup {
		list = append(list, "resizeWindow")
	}
	return list
}

// referrer is path and query of the portal's page from which this one was opened.
func (s *Site) referrer(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || !strings.EqualFold(from.Host, r.Host) || from.Path == "" {
		return ""
	}
	return from.RequestURI()
}

// tabs are the widgets of a place as links of the page on which they are. The
// parameter app names one.
func (s *Site) tabs(r *http.Request, code string) []link {
	var links []link
	for _, w := range s.apps.Widgets(code) {
		q := r.URL.Query()
		q.Set("app", strconv.Itoa(w.ID))
		links = append(links, link{s.apps.WidgetTitle(w), r.URL.Path + "?" + q.Encode(), r.URL.Query().Get("app") == strconv.Itoa(w.ID)})
	}
	return links
}

// openWidget is the widget that the page's address names, nil if it names none. o
// needs only kind, options and what is special.
func (s *Site) openWidget(r *http.Request, user *portal.User, code string, o launch) *appFrame {
	id, err := strconv.Atoi(r.URL.Query().Get("app"))
	all := s.apps.Widgets(code)
	at := slices.IndexFunc(all, func(w apps.Widget) bool { return w.ID == id })
	if err != nil || at < 0 {
		return nil
	}
	o.app, o.address, o.placement = s.auth.App(all[at].ClientID), all[at].Handler, code
	if o.app == nil {
		return nil
	}
	frame := s.openApp(r, user, o)
	frame.Title = s.apps.WidgetTitle(all[at])
	return frame
}

// appPage is an app's main page. Until the installation is finished,
// administrators see the installer here.
func (s *Site) appPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	app := s.apps.Find(r.PathValue("clientID"))
	if app == nil {
		s.page(w, http.StatusNotFound, "error", "The application is not installed on this portal.")
		return
	}
	o := launch{app: app, address: app.RedirectURL, placement: "DEFAULT", kind: fullPage, options: ownParameters(r)}
	if s.apps.Pending(app.ClientID) {
		if !user.Admin {
			s.page(w, http.StatusForbidden, "error", "An administrator has yet to finish the installation of this application.")
			return
		}
		o.address, o.install = app.InstallURL, true
	}
	s.show(w, r, user, "app", app.Name, s.openApp(r, user, o))
}

// ownParameters are the parameters of the page's address that belong to the app,
// not to the portal.
func ownParameters(r *http.Request) php.Array {
	var own php.Array
	q := r.URL.Query()
	for _, name := range sortedKeys(q) {
		if !slices.Contains([]string{"install_finished", "IFRAME", "IFRAME_TYPE", "from", "from_app"}, name) {
			own = append(own, php.Field{name, q.Get(name)})
		}
	}
	return own
}

func sortedKeys(q url.Values) []string {
	names := make([]string, 0, len(q))
	for name := range q {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// leftMenuPage is a widget of the left menu.
func (s *Site) leftMenuPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	q := r.URL.Query()
	q.Set("app", r.PathValue("id"))
	r.URL.RawQuery = q.Encode()
	frame := s.openWidget(r, user, "LEFT_MENU", launch{kind: fullPage})
	if frame == nil {
		s.notFound(w)
		return
	}
	s.show(w, r, user, "app", frame.Title, frame)
}

// deepLinkPage opens an app by a link from anywhere, /marketplace/view/CODE/, with
// the params of the link. The app shows in a slider, so the page around it comes
// first.
func (s *Site) deepLinkPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	app := s.apps.Find(r.PathValue("code"))
	all := s.apps.Widgets("REST_APP_URI")
	at := slices.IndexFunc(all, func(w apps.Widget) bool { return app != nil && w.ClientID == app.ClientID })
	if at < 0 {
		s.notFound(w)
		return
	}
	if r.URL.Query().Get("IFRAME") != "Y" {
		v := s.viewOf(r, user, "Welcome, "+user.FullName())
		v.Slide, v.Data = r.URL.RequestURI(), feed{s.appLinks(), s.week(user)}
		s.render(w, http.StatusOK, "feed", v)
		return
	}
	given, _ := php.ParseForm(r.URL.RawQuery).Get("params")
	o := launch{app: app, address: all[at].Handler, placement: "REST_APP_URI", options: php.ToArray(given), kind: slider}
	s.show(w, r, user, "app", app.Name, s.openApp(r, user, o))
}

// finishInstall is called by the page's script when the installer asks for it.
func (s *Site) finishInstall(w http.ResponseWriter, r *http.Request, user *portal.User) {
	if !user.Admin {
		http.Error(w, "only administrators install", http.StatusForbidden)
		return
	}
	s.apps.FinishInstall(r.PathValue("clientID"), user.ID)
	w.WriteHeader(http.StatusNoContent)
}

// refreshAuth gives the page's script new tokens of the user for the app.
func (s *Site) refreshAuth(w http.ResponseWriter, r *http.Request, user *portal.User) {
	app := s.apps.Find(r.PathValue("clientID"))
	if app == nil {
		http.Error(w, "no such application", http.StatusNotFound)
		return
	}
	token := s.auth.Issue(app.ClientID, s.MemberID, user.ID)
	writeScript(w, map[string]string{"AUTH_ID": token.Access, "AUTH_EXPIRES": "3600", "REFRESH_ID": token.Refresh})
}

// writeScript answers the page's script.
func writeScript(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v)
}
