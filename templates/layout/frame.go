package layout

import (
	"context"

	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

// Frame is what a page does not know: the window around it.
type Frame struct {
	Title   string       // shown in the tab, translated
	About   string       // for previews of the link in messengers (Open Graph), "" = none
	Plain   bool         // for guests: without a header of ours
	Theme   string       // "light", "dark" or "" = as the system says
	Framed  bool         // inside the portal: no header of ours, light
	Me      *part.Person // the signed-in person; nil = nobody
	Portal  string       // host of the portal the person is signed in to
	Nav     []Link       // main navigation, without pages that don't exist
	Live    string       // URL of the event stream, "" = none
	Demo    bool         // tell that nothing is real
	Scripts bool         // pages that search need the script; others work without loading it

	Next string // path of the page, to come back to from the choices of the menu; "" = no choices

	PortalOrigin string // of the portal around the frame, https://host[:port]: whom the bridge may talk to

	// Inside the portal only.
	Token string // proves the session when the browser keeps no cookie; "" when it does
	Here  string // path of the page, to open it in a tab of its own; "" = that can't be done
}

// Link is an entry of the navigation.
type Link struct {
	Key     string // text key
	URL     string
	Current bool
}

func (f Frame) title(ctx context.Context) string {
	name := locale.T(ctx, "layout.name")
	if f.Title == "" {
		return name
	}
	return f.Title + " – " + name
}

// current is the value of aria-current; "false" is its default.
func current(yes bool) string {
	if yes {
		return "page"
	}
	return "false"
}

// themes are how pages may look. That of the system has a name, so that a form sends it.
var themes = []struct{ value, key string }{{"system", "menu.theme.system"}, {"light", "menu.theme.light"}, {"dark", "menu.theme.dark"}}

func (f Frame) themeChosen() string {
	if f.Theme == "" {
		return "system"
	}
	return f.Theme
}

// style is the sheet of the page. Pages of guests are small.
func (f Frame) style() string {
	if f.Plain {
		return "guest.css"
	}
	return "app.css"
}
