package links

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// Link is a link as its owner's pages show it.
type Link struct {
	meet.Link
	URL   string         // absolute, to copy; "" = it can't be shown any more
	State meet.LinkState // now
}

func (l Link) path(action string) templ.SafeURL {
	if action != "" {
		action = "/" + action
	}
	return templ.SafeURL("/links/" + url.PathEscape(l.ID) + action)
}

// guest is the address of the page under the link, on this server.
func (l Link) guest() templ.SafeURL {
	u, err := url.Parse(l.URL)
	if err != nil {
		return "/links"
	}
	return templ.SafeURL(u.EscapedPath())
}

// title is the owner's, or a general one.
func (l Link) title(ctx context.Context) string {
	if l.Title == "" {
		return locale.T(ctx, "share.untitled")
	}
	return l.Title
}

// facts are how often the link was opened, and its dates.
func (l Link) facts(ctx context.Context, zone *time.Location) string {
	c := locale.From(ctx)
	facts := []string{locale.N(ctx, "links.opens", int(l.Opens)), locale.T(ctx, "links.created", "day", c.Date(l.Created.In(zone)))}
	if !l.Expires.IsZero() {
		facts = append(facts, locale.T(ctx, "links.until", "day", lastMoment(c, l.Expires.In(zone))))
	}
	return strings.Join(facts, " · ")
}

// lastMoment writes when something ends: a whole day for a midnight, else day and time.
func lastMoment(c *locale.Catalogue, end time.Time) string {
	if end.Hour() == 0 && end.Minute() == 0 {
		return c.Date(end.AddDate(0, 0, -1))
	}
	return c.Date(end) + " " + c.Time(end)
}

// shareable reports whether guests can open the link.
func (l Link) shareable() bool {
	return l.URL != "" && (l.State == meet.LinkOpen || l.State == meet.LinkPaused)
}

// ListView is the list of somebody's links.
type ListView struct {
	Links []Link         // newest first
	Zone  *time.Location // of the reader
	Done  string         // what has just been done: DoneKey

	Older, Newer string // addresses of the pages after and before this one, "" = there is none
}

// doneKeys are the texts that DoneKey knows.
var doneKeys = map[string]string{
	"made": "links.done.made", "changed": "links.done.changed", "paused": "links.done.paused",
	"resumed": "links.done.resumed", "revoked": "links.done.revoked", "deleted": "links.done.deleted",
}

// DoneKey returns the text key of what has just been done with a link: made,
// changed, paused, resumed, revoked or deleted; "" for anything else.
func DoneKey(word string) string { return doneKeys[word] }

// View is the page of one link: to share it, to close it, with the way to change it.
//
// Its forms POST to /links/ID/pause, /links/ID/resume, /links/ID/revoke and
// /links/ID/delete. The message has a GET form to the page itself: lang and, repeated,
// tz ("" counts for nothing).
type View struct {
	Link    Link
	Zone    *time.Location // of the reader
	Now     time.Time
	Message Message
	Lang    string // of the message: a tag of locale
	Done    string // what has just been done: DoneKey
}

// Form is the form that makes a link out of a search, or changes one.
//
// It sends title, note, show (names, number, nothing), host (1, 0), reply, expires (days,
// or nothing and then a second expires, YYYY-MM-DD, the last day: the first that is not
// empty holds), for a new link the parameters of the query, mode (view) and key, and
// offer:
//
//	all      the times of the search, as long as they are free
//	picked   those of them that are named by slot (repeated, RFC 3339 in UTC)
//	rolling  the same search over the next days, however many ahead says, always
//
// GET /links/new takes slot, too: that time is then the one that is ticked.
//
// A link that is changed has days of its own: from and to. The button times asks for their
// times without saving anything.
//
// The messages beside the fields are "links.fault.title", "links.fault.note",
// "links.fault.offer", "links.fault.slot", "links.fault.ahead", "links.fault.show",
// "links.fault.reply" and "links.fault.expires", and those of the fields from and to.
type Form struct {
	Query    url.Values        // the canonical query, without the fields of this form
	Values   url.Values        // the fields: defaults or just what was typed
	Errors   map[string]string // field to text key
	Key      string            // idempotency key of a new link
	Link     Link              // that is changed; the zero Link = a new one is made
	Slots    []meet.Slot       // what was found, chronological
	Duration int               // minutes
	Now      time.Time         // nothing before can be ticked
	Zone     *time.Location    // of the reader
	Host     string            // the owner's name
	Names    []string          // of the people asked
	Back     string            // URL of the search
}

// linkDays are the expiries offered as a number of days.
var linkDays = []int{7, 14, 30, 90}

// expiry is the days chosen and the date typed: the first expires that is not empty
// holds.
func expiry(values url.Values) (days, date string) {
	for _, v := range values["expires"] {
		if n, err := strconv.Atoi(v); err == nil && slices.Contains(linkDays, n) {
			return v, ""
		}
		if v != "" {
			return "", v
		}
	}
	return "", ""
}

// isNew reports whether the form makes a link.
func (f Form) isNew() bool { return f.Link.ID == "" }

// action is where programs send the form, address where it is shown.
func (f Form) action() templ.SafeURL {
	if f.isNew() {
		return "/links"
	}
	return f.Link.path("edit")
}

func (f Form) address() templ.SafeURL { return templ.SafeURL("/links/new?" + f.Query.Encode()) }

// expiryHint says what no date means; a link that is changed must have one.
func (f Form) expiryHint() string {
	if f.isNew() {
		return "links.date_empty"
	}
	return ""
}

func (f Form) chosen(field, value, otherwise string) bool {
	v := f.Values.Get(field)
	if v == "" {
		v = otherwise
	}
	return v == value
}

// zoneKeys are the labels of the zones of a message.
var zoneKeys = [...]string{"links.zone", "links.zone_second", "links.zone_third"}

// messageZones are the zones chosen for the message and, while there is room, an
// empty one to add another.
func (v View) messageZones() []string {
	names := make([]string, 0, len(zoneKeys))
	for _, zone := range v.Message.Zones {
		names = append(names, zone.String())
	}
	if len(names) < len(zoneKeys) {
		names = append(names, "")
	}
	return names[:min(len(names), len(zoneKeys))]
}

// languageOptions are the languages of a message.
func languageOptions(chosen string) []part.Option {
	var options []part.Option
	for _, c := range locale.All() {
		options = append(options, part.Option{Value: c.Tag, Label: c.Name, Chosen: c.Tag == chosen})
	}
	return options
}

// isolated is names side by side in the middle of a text.
func isolated(names []string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = part.Isolated(name)
	}
	return strings.Join(all, ", ")
}
