package page

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/locale"
)

// HoursView is the page on which people set their working time.
type HoursView struct {
	Mine    HoursForm
	Company *HoursForm // nil: for administrators only
	Saved   bool       // something has just been saved
}

// HoursForm is the form of one person or of the company, with its preview.
type HoursForm struct {
	Company bool
	Set     bool              // something is set; else these are the hours that hold instead
	Default bool              // the company has set hours
	Values  url.Values        // as ParseSchedule of meet reads them: what is set, or just what was typed
	Errors  map[string]string // field to text key
	Off     []Period          // days off, to be kept or not
	Profile string            // zone of the person's profile
	Zone    *time.Location    // in which the hours hold
	Week    []HoursDay        // the preview: seven days
	Unsaved bool              // the preview shows what is not saved
}

// Period is days that are off, First and Last inclusive.
type Period struct {
	First, Last time.Time
	Kept        bool
}

func (p Period) value() string {
	return p.First.Format(time.DateOnly) + "/" + p.Last.Format(time.DateOnly)
}

func (p Period) label(c *locale.Catalogue) string {
	if p.First.Equal(p.Last) {
		return c.DayLong(p.First) + " " + p.First.Format("2006")
	}
	return c.Date(p.First) + " – " + c.Date(p.Last)
}

// HoursDay is a day of the preview. Hours are minutes from midnight, within the day.
type HoursDay struct {
	Date  time.Time
	Hours [][2]int
}

func (d HoursDay) text(ctx context.Context) string {
	if len(d.Hours) == 0 {
		return locale.T(ctx, "hours.none")
	}
	c := locale.From(ctx)
	texts := make([]string, len(d.Hours))
	for i, r := range d.Hours {
		texts[i] = c.Clock(r[0]) + "–" + c.Clock(r[1])
	}
	return strings.Join(texts, ", ")
}

// x and width place a range on the line of a day, in percent. Where people read
// from right to left, time runs that way, too.
func (HoursDay) x(r [2]int, c *locale.Catalogue) string {
	if c.RTL {
		return ofDay(24*60 - r[1])
	}
	return ofDay(r[0])
}

func (HoursDay) width(r [2]int) string { return ofDay(r[1] - r[0]) }

func ofDay(minutes int) string { return fmt.Sprintf("%.4g%%", float64(minutes)/(24*60)*100) }

// subject tells the forms of a page apart: it is the value of the parameter for.
func (f HoursForm) subject() string {
	if f.Company {
		return "company"
	}
	return "me"
}

func (f HoursForm) id(field string) string { return f.subject() + "-" + field }

func (f HoursForm) heading() string {
	if f.Company {
		return "hours.company"
	}
	return "hours.mine"
}

// state says whose hours the form shows when none are set; "" if they are.
func (f HoursForm) state() string {
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

func (f HoursForm) reset() string {
	if f.Company {
		return "hours.reset_company"
	}
	return "hours.reset"
}

// weekdaysFrom are the days of a week from its first on, with their parameters.
func weekdaysFrom(first time.Weekday) []weekdayOption {
	return Form{}.weekdays(first)
}

// zoneNames are suggested to those who type a zone.
func zoneNames(profile string) []string {
	names := slices.DeleteFunc(slices.Clone(ordinaryZones), func(name string) bool {
		return zone.Canonical(name) == zone.Canonical(profile)
	})
	names = append(names, profile)
	slices.Sort(names)
	return names
}

// described links an input to its hint and, if it is wrong, to the message.
func (f HoursForm) described(field, hint string) templ.Attributes {
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
