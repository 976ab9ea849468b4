package find

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"slotfinder/internal/civil"
	"slotfinder/internal/finder"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	page "slotfinder/templates/find"
	"slotfinder/web"
)

// crowded is a company whose people are busy for some minutes, and free for some, all
// the time; everybody works in a department of their own.
type crowded struct {
	idle
	every civil.Span // the first entry; the next begins where this one's End is
}

func (c crowded) Busy(_ context.Context, _ meet.Member, people []meet.Resident, during civil.Span, _ bool) (map[int64]meet.Availability, error) {
	found := map[int64]meet.Availability{}
	for i, p := range people {
		var blocks []meet.Block
		for at := during.Start; at < during.End; at += c.every.End {
			start := at
			if i%2 == 1 {
				start++ // not all at once
			}
			blocks = append(blocks, meet.Block{Span: civil.Span{Start: start, End: start + c.every.Start}})
		}
		found[p.ID] = meet.Availability{Blocks: blocks}
	}
	return found, nil
}

// pageOf is the page of an answer about 498 people.
func pageOf(t *testing.T, calendar meet.Calendar, days int, choice page.Choice) string {
	t.Helper()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	finder := &finder.Finder{Directory: idle{}, Calendar: calendar, Hours: idle{}, Now: func() time.Time { return now }}
	q := meet.NewQuery()
	q.Me, q.Step, q.Duration, q.From = false, 5, 5, civil.Date{Year: 2026, Month: 12, Day: 1}
	q.To = q.From.Add(days - 1)
	for id := range 498 {
		q.Required = append(q.Required, int64(id+1))
	}
	a, err := finder.Find(t.Context(), meet.Member{User: 1}, q)
	if err != nil {
		t.Fatal(err)
	}
	form := page.Form{Choice: choice}
	departments := map[int64]string{}
	for i := range a.People {
		a.People[i].Departments = []int64{int64(i)}
		departments[int64(i)] = "Department " + time.Duration(i).String()
	}
	new(Handlers).fill(&web.Identity{}, &form, outcome{answer: a, departments: departments})
	var out strings.Builder
	view := page.View{Form: form, Result: page.NewResult(a, form)}
	if err := page.Page(view).Render(locale.With(t.Context(), locale.For("en")), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestPagesAreBounded: whatever people's calendars hold and whatever is unfolded, the
// page of a search stays below a few megabytes, and says what it leaves out.
func TestPagesAreBounded(t *testing.T) {
	t.Parallel()
	everything := page.Choice{View: page.Timeline}
	for n := range 100 {
		everything.Open = append(everything.Open, n+1)
	}
	for name, c := range map[string]struct {
		calendar meet.Calendar
		days     int
		choice   page.Choice
		says     string
	}{
		"free for three months":     {idle{}, 92, everything, "Next week"},
		"a heat map":                {idle{}, 92, page.Choice{View: page.HeatMap}, "Everyone free"},
		"a list":                    {idle{}, 92, page.Choice{View: page.List}, "These are the times of one day"},
		"a list of short openings":  {crowded{every: civil.Span{Start: 30, End: 100}}, 92, page.Choice{View: page.List}, "more openings are left out"},
		"an entry every 12 minutes": {crowded{every: civil.Span{Start: 6, End: 12}}, 7, everything, "have no rows here"},
		"an entry every 2 minutes":  {crowded{every: civil.Span{Start: 1, End: 2}}, 7, everything, "have no rows here"},
	} {
		t.Run(name, func(t *testing.T) {
			body := pageOf(t, c.calendar, c.days, c.choice)
			doc, err := html.Parse(strings.NewReader(body))
			if err != nil && !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			rows := len(cascadia.QueryAll(doc, cascadia.MustCompile("table.openings tbody tr")))
			lanes := len(cascadia.QueryAll(doc, cascadia.MustCompile("table.timeline tbody tr")))
			if len(body) > 6<<20 || rows > 400 || lanes > 210 || !strings.Contains(body, c.says) {
				t.Errorf("%d kB, %d rows in the list, %d on the board, says what is left out: %v", len(body)>>10, rows, lanes, strings.Contains(body, c.says))
			}
		})
	}
}
