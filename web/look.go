package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/locale"
)

// LookPath is where the menu sends how somebody wants our pages.
const LookPath = "/look"

// lookLife is how long a browser keeps that.
const lookLife = 365 * 24 * time.Hour

const lookCookie = "look"

// look is how a browser shows our pages. It holds nothing about anybody, so the browser
// keeps it in plain text, and whatever else stands there counts as nothing.
type look struct {
	lang  string // tag of one of our languages, "" = as the browser or the portal says
	theme string // "light", "dark", "" = as the system says

	habits locale.Habits
}

// lookOf reads what the browser of a request keeps.
func lookOf(r *http.Request) (l look) {
	cookie, err := r.Cookie(lookCookie)
	if err != nil {
		return l
	}
	kept, err := url.ParseQuery(cookie.Value)
	if err != nil {
		return l
	}
	return l.with(kept)
}

// with takes over what a form or a cookie says, as far as it makes sense.
func (l look) with(values url.Values) look {
	if lang := values.Get("lang"); HasLanguage(lang) {
		l.lang = lang
	}
	switch theme := values.Get("theme"); theme {
	case "light", "dark":
		l.theme = theme
	case "system":
		l.theme = ""
	}
	if clock := values.Get("clock"); clock == "12" || clock == "24" || clock == asUsual {
		l.habits.Clock = strings.TrimSuffix(clock, asUsual)
	}
	if week := values.Get("week"); isWeekStart(week) || week == asUsual {
		l.habits.Week = strings.TrimSuffix(week, asUsual)
	}
	return l
}

// asUsual is what a form says of a habit that nobody has chosen, so that it can be given up.
const asUsual = "usual"

func isWeekStart(name string) bool {
	for _, start := range locale.WeekStarts {
		if start.Name == name {
			return true
		}
	}
	return false
}

// readIn puts the reader's language into a request's context: the one that they have chosen,
// else the first of the wishes that we have, with the habits of their region or their own.
func readIn(c echo.Context, wishes ...string) {
	readAs(c, append([]string{lookOf(c.Request()).lang}, wishes...)...)
}

// readAs is readIn whatever language they have chosen.
func readAs(c echo.Context, wishes ...string) {
	r := c.Request()
	catalogue := locale.Match(wishes...).In(r.Header.Get("Accept-Language")).As(lookOf(r).habits)
	c.SetRequest(r.WithContext(locale.With(r.Context(), catalogue)))
	c.Response().Header().Set("Content-Language", catalogue.Tag)
}

// BeginWeeks has the page of a request begin weeks on the day on which they begin at the
// portal, unless its reader has chosen another, and returns the day.
func BeginWeeks(c echo.Context, atPortal time.Weekday) time.Weekday {
	r := c.Request()
	catalogue := locale.From(r.Context()).AtPortal(atPortal)
	c.SetRequest(r.WithContext(locale.With(r.Context(), catalogue)))
	return catalogue.FirstDay
}

// changeLook keeps what somebody has chosen in the menu, and goes back to their page.
func (s *Server) changeLook(c echo.Context, v *Identity) error {
	r := c.Request()
	if err := r.ParseForm(); err != nil {
		return UnreadableForm(err)
	}
	l := lookOf(r).with(r.PostForm)
	kept := url.Values{"lang": {l.lang}, "theme": {l.theme}, "clock": {l.habits.Clock}, "week": {l.habits.Week}}
	cookie := &http.Cookie{
		Name: lookCookie, Value: kept.Encode(), MaxAge: int(lookLife.Seconds()),
		Path: "/", Secure: s.Cookies.Options.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if v.Framed() && cookie.Secure {
		cookie.SameSite, cookie.Partitioned = http.SameSiteNoneMode, true
	}
	c.SetCookie(cookie)
	return c.Redirect(http.StatusSeeOther, SafeNext(r.PostForm.Get("next")))
}
