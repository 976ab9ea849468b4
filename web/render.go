package web

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
)

// language puts the reader's language into the request's context.
func (s *Server) language(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		readIn(c, c.Request().Header.Get("Accept-Language"))
		return next(c)
	}
}

// Unstored keeps an answer with something personal in it out of what browsers and those
// in between store.
func Unstored(c echo.Context) { c.Response().Header().Set(echo.HeaderCacheControl, "no-store") }

// text translates a key for the reader of this answer.
func (s *Server) text(c echo.Context, key string) string {
	return locale.T(c.Request().Context(), key)
}

// Show writes a page as it is made. One that fails halfway becomes an error page and
// not half a page: nothing has been sent yet, see spool.
func (s *Server) Show(c echo.Context, status int, content templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	return content.Render(c.Request().Context(), unflushed{c.Response()})
}

// unflushed keeps templ from flushing after each render: gzip would then send a head of
// its own even for an answer without a body, which nobody can read.
type unflushed struct{ io.Writer }

// ShowApp shows a page of a signed-in person; htmx gets it without the layout.
func (s *Server) ShowApp(c echo.Context, status int, v *Identity, title string, content templ.Component) error {
	if WantsPart(c) {
		return s.Show(c, status, content)
	}
	frame := layout.Frame{
		Title: s.text(c, title), Me: &part.Person{Attendee: meet.Attendee{Person: meet.Person{ID: v.Member.User, Name: v.Name}}}, Portal: v.Host,
		Demo: s.Config.DemoPortal != "", Scripts: true, Nav: navigation(c.Path(), v), Theme: lookOf(c.Request()).theme, Next: here(c),
	}
	if c.Path() == "/find" {
		frame.Live = LivePath // the other pages show nothing of calendars
	}
	if v.Framed() {
		s.fillFrame(c, v, &frame)
	}
	return s.Show(c, status, layout.Standalone(frame, content))
}

// navigation leads to the main pages; current is the route of the page it is on.
// Who was an administrator at sign-in is offered more, but not therefore allowed it.
// In a tab the sessions are in the menu of the person; a frame has none.
func navigation(current string, v *Identity) []layout.Link {
	links := []layout.Link{{Key: "nav.find", URL: "/find"}, {Key: "nav.meetings", URL: "/meetings"}, {Key: "nav.links", URL: "/links"}, {Key: "nav.groups", URL: GroupsPath}, {Key: "nav.hours", URL: "/hours"}}
	if v.Admin {
		links = append(links, layout.Link{Key: "nav.settings", URL: "/settings"})
	}
	if v.Framed() {
		links = append(links, layout.Link{Key: "nav.sessions", URL: SessionsPath})
	}
	for i := range links {
		links[i].Current = links[i].URL == current
	}
	return links
}

// ShowPublic shows a page of somebody who has not signed in.
func (s *Server) ShowPublic(c echo.Context, status int, title string, content templ.Component) error {
	frame := layout.Frame{Title: s.text(c, title), Demo: s.Config.DemoPortal != "", Theme: lookOf(c.Request()).theme}
	return s.Show(c, status, layout.Public(frame, content))
}

// errorPage shows a fault to a browser.
func (s *Server) errorPage(c echo.Context, f fault) error {
	if _, closed := closings[f.key]; closed {
		return s.showClosing(c, f)
	}
	problem := *s.Problem(c, f)
	if strings.HasPrefix(c.Path(), SharePath) {
		return s.ShowPublic(c, f.Status, f.key, layout.Error(problem)) // the same for whoever asks
	}
	_, v, err := s.Session(c)
	switch {
	case err == nil && v.SignedIn():
		return s.ShowApp(c, f.Status, v, f.key, layout.Error(problem))
	case s.InFrame(c):
		return s.showSessionEnded(c, f)
	}
	return s.ShowPublic(c, f.Status, f.key, layout.Error(problem))
}

// Problem says what went wrong and what to do next.
func (s *Server) Problem(c echo.Context, f fault) *layout.ErrorView {
	p := &layout.ErrorView{Key: f.key}
	if f.Status >= http.StatusInternalServerError {
		p.Request = requestID(c)
	}
	switch {
	case f.Code == "signed_out" || c.Path() == CallbackPath:
		p.SignIn = "/"
	case f.key == "error.link_taken" || f.key == "error.link_no_times":
		p.Retry = strings.TrimSuffix(c.Request().URL.Path, ".ics")
	case c.Request().Method == http.MethodGet && (f.Code == "busy" || f.Code == "unavailable"):
		p.Retry = c.Request().URL.RequestURI()
	case (f.Code == "busy" || f.Code == "unavailable") && isPage(c.Request().URL): // a form of ours
		p.Retry, p.Again = again(c.Request())
	}
	return p
}

// again is what sends a form once more: what was typed must not be lost because the
// portal is away.
func again(r *http.Request) (action string, values url.Values) {
	if err := r.ParseForm(); err != nil {
		return "", nil
	}
	values = maps.Clone(r.PostForm)
	values.Del(frameTokenField) // the page has a new one
	return r.URL.RequestURI(), values
}

// SpeakTo chooses the language of a guest: what the page's address says, else the
// browser's wish, else the owner's.
func SpeakTo(c echo.Context, owners string) {
	if lang := c.QueryParam("lang"); HasLanguage(lang) {
		readAs(c, lang)
		return
	}
	readIn(c, c.Request().Header.Get("Accept-Language"), owners)
}

// HasLanguage reports whether there is a language of exactly this tag.
func HasLanguage(tag string) bool {
	return slices.ContainsFunc(locale.All(), func(c *locale.Catalogue) bool { return c.Tag == tag })
}
