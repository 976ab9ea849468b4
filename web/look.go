package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"
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
	return l
}

// changeLook keeps what somebody has chosen in the menu, and goes back to their page.
func (s *Server) changeLook(c echo.Context, v *Identity) error {
	r := c.Request()
	if err := r.ParseForm(); err != nil {
		return UnreadableForm(err)
	}
	l := lookOf(r).with(r.PostForm)
	kept := url.Values{"lang": {l.lang}, "theme": {l.theme}}
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
