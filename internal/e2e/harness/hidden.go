package harness

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"slotfinder/internal/portalsim"
)

// People of the simulated company with a part in what follows.
const (
	AdministratorID = 1  // the administrator
	AnnaID          = 2  // to whom the calendar of hiddenID is hidden
	HiddenID        = 20 // in reality often busy
	AgencyID        = 47 // an extranet user, who shares no group with Anna
)

// StartWithHiddenCalendar runs `serve` on a company in which the hidden calendar is known.
func StartWithHiddenCalendar(t *testing.T) *Product {
	t.Helper()
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	HideCalendar(company)
	return StartWith(t, company)
}

// HideCalendar gives the person whose calendar is hidden a meeting every day, and nothing else:
// what they have otherwise depends on the day of the test.
func HideCalendar(company *portalsim.Portal) {
	company.Change(func(c *portalsim.Portal) {
		c.Events = slices.DeleteFunc(c.Events, func(e *portalsim.Event) bool { return e.Type == "user" && e.Owner == HiddenID })
		c.Absences = slices.DeleteFunc(c.Absences, func(a *portalsim.Absence) bool { return a.User == HiddenID })
	})
	first := portalsim.On(NextMonday(time.Now()).AddDate(0, 0, -28).Date())
	company.AddEvent(portalsim.Event{
		Owner: HiddenID, Name: "Secret takeover", From: first.At(10, 0), To: first.At(12, 30), ZoneFrom: "UTC", ZoneTo: "UTC",
		Access: "busy", Rule: &portalsim.Rule{Freq: "DAILY", Interval: 1},
	})
}

// HiddenQuery asks for a later week, to have calendars read that nobody knows yet.
func HiddenQuery(weeks int) string {
	monday := NextMonday(time.Now()).AddDate(0, 0, 7*weeks)
	return fmt.Sprintf("me=0&who=%d&dur=30&step=30&work=0&tz=UTC&from=%s&to=%s", HiddenID,
		monday.Format(time.DateOnly), monday.AddDate(0, 0, 4).Format(time.DateOnly))
}

// OverBusy counts the slots of an answer in which the one whose calendar is hidden is
// really busy.
func (p *Product) OverBusy(a Answer) (n int) {
	for _, s := range a.Slots {
		busy := p.Company.TrueBusy(HiddenID, s.Start, s.End)
		if len(busy) > 0 {
			n++
		}
	}
	return n
}

// WantReader searches for the one whose calendar is hidden and checks whose eyes did.
func (p *Product) WantReader(when string, client *http.Client, view string) {
	p.T.Helper()
	p.WantReaderIn(0, when, client, view)
}

// WantReaderIn is WantReader some weeks later, in days that nobody has read yet.
func (p *Product) WantReaderIn(weeks int, when string, client *http.Client, view string) {
	p.T.Helper()
	a := p.Find(client, HiddenQuery(weeks))
	looksFree := p.OverBusy(a)
	if a.View != view || len(a.Slots) == 0 || (looksFree == 0) != (view == "company") {
		p.T.Errorf("%s: view %q instead of %q, and of %d slots %d are in busy times", when, a.View, view, len(a.Slots), looksFree)
	}
}
