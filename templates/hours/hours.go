package hours

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// View is the page on which people set their working time.
type View struct {
	Mine    Form
	Company *Form // nil: for administrators only
	Saved   bool  // something has just been saved
}

// Form is the form of one person or of the company, with its preview.
type Form struct {
	Company bool
	Set     bool              // something is set; else these are the hours that hold instead
	Default bool              // the company has set hours
	Values  url.Values        // as ParseSchedule of meet reads them: what is set, or just what was typed
	Errors  map[string]string // field to text key
	Off     []Period          // days off, to be kept or not
	Profile string            // zone of the person's profile
	Zone    *time.Location    // in which the hours hold
	Week    []meet.Workday    // the preview: seven days
	Unsaved bool              // the preview shows what is not saved
	More    string            // the field that has room for one more range, "" = none
}

// Period is days that are off.
type Period struct {
	civil.Period
	Kept bool
}

func (p Period) value() string { return p.First.String() + "/" + p.Last.String() }

func (p Period) label(c *locale.Catalogue) string {
	first, last := p.First.Noon(time.UTC), p.Last.Noon(time.UTC)
	if p.First == p.Last {
		return c.DayLong(first) + " " + first.Format("2006")
	}
	return c.Date(first) + " – " + c.Date(last)
}

// hoursText writes the working hours of a day.
func hoursText(ctx context.Context, d meet.Workday) string {
	if len(d.Hours) == 0 {
		return locale.T(ctx, "hours.none")
	}
	c := locale.From(ctx)
	texts := make([]string, len(d.Hours))
	for i, r := range d.Hours {
		texts[i] = c.Clock(r.Start) + "–" + c.Clock(r.End)
	}
	return strings.Join(texts, ", ")
}

// barStart and barWidth place a range on the line of a day, in percent. Where people read
// from right to left, time runs that way, too.
func barStart(r civil.Range, c *locale.Catalogue) string {
	if c.RTL {
		return ofDay(24*60 - r.End)
	}
	return ofDay(r.Start)
}

func barWidth(r civil.Range) string { return ofDay(r.End - r.Start) }

func ofDay(minutes int) string { return fmt.Sprintf("%.4g%%", float64(minutes)/(24*60)*100) }

// subject tells the forms of a page apart: it is the value of the parameter for.
func (f Form) subject() string {
	if f.Company {
		return "company"
	}
	return "me"
}

func (f Form) id(field string) string { return f.subject() + "-" + field }

// zones are the zones to choose from: that of the profile by itself, all that there are, and
// what was given, even if it is none.
func (f Form) zones(ctx context.Context) []part.Option {
	given := f.Values.Get("zone")
	options := []part.Option{{Label: locale.T(ctx, "hours.zone_profile", "zone", f.Profile), Chosen: given == ""}}
	if f.Errors["zone"] != "" {
		options = append(options, part.Option{Value: given, Label: given, Chosen: true})
		given = ""
	}
	return append(options, part.AllZoneOptions(ctx, given, f.noon())...)
}

// noon is an instant at which zones are compared.
func (f Form) noon() time.Time {
	if len(f.Week) == 0 {
		return time.Time{}.AddDate(2024, 0, 0)
	}
	return f.Week[0].Date.Noon(time.UTC)
}

func (f Form) heading() string {
	if f.Company {
		return "hours.company"
	}
	return "hours.mine"
}

// state says whose hours the form shows when none are set; "" if they are.
func (f Form) state() string {
	switch {
	case f.Set:
		return ""
	case f.Company:
		return "hours.company_none"
	case f.Default:
		return "hours.of_company"
	}
	return "hours.of_portal"
}

func (f Form) reset() string {
	if f.Company {
		return "hours.reset_company"
	}
	return "hours.reset"
}

// described links an input to its hint and, if it is wrong, to the message.
func (f Form) described(field, hint string) templ.Attributes {
	var ids []string
	a := templ.Attributes{}
	if hint != "" {
		ids = append(ids, f.id(hint))
	}
	if f.Errors[field] != "" {
		ids = append(ids, "err-"+f.id(field))
		a["aria-invalid"] = "true"
	}
	if len(ids) > 0 {
		a["aria-describedby"] = strings.Join(ids, " ")
	}
	return a
}
