package e2e

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
)

// TestCalendarViewIsSearchedAsItIsShown: opened from the portal's calendar, the app
// searches the days that the head of the calendar names, no more and no fewer.
func TestCalendarViewIsSearchedAsItIsShown(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	install(p, 1)
	p.Company.FinishInstall(harness.ClientID, 1)
	monday := time.Now().UTC().AddDate(0, 0, 14)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	for _, view := range []struct{ name, from, to, head string }{
		{"week", day(monday), day(monday.AddDate(0, 0, 6)), monday.Format("2 January") + " – " + monday.AddDate(0, 0, 6).Format("2 January 2006")},
		{"day", day(monday), day(monday), monday.Format("Monday, 2 January 2006")},
	} {
		head, options := calendarView(p, 2, view.name, day(monday))
		if head != view.head {
			t.Errorf("the head of the %s is %q", view.name, head)
		}
		_, response := p.Launch(2, "CALENDAR_GRIDVIEW", options)
		if got, want := response.Header.Get("Location"), "/find?from="+view.from+"&to="+view.to; got != want {
			t.Errorf("%s: %s leads to %s, want %s", view.name, options, got, want)
		}
	}
}

// calendarView is what the portal shows above a view, and tells the app in it.
func calendarView(p *harness.Product, user int, view, day string) (head, options string) {
	p.T.Helper()
	page := func(path string) string {
		request, err := http.NewRequest(http.MethodGet, "http://"+p.Company.Host+path, nil)
		if err != nil {
			p.T.Fatal(err)
		}
		request.AddCookie(p.Company.SignIn(user))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			p.T.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			p.T.Fatal(err)
		}
		return string(body)
	}
	path := fmt.Sprintf("/company/personal/user/%d/calendar/?%s", user, url.Values{"view": {view}, "date": {day}}.Encode())
	app := regexp.MustCompile(`app=(\d+)`).FindStringSubmatch(page(path))
	if app == nil {
		p.T.Fatal("the app is no view of the calendar")
	}
	body := page(path + "&" + app[0])
	found := func(pattern string) string {
		match := regexp.MustCompile(pattern).FindStringSubmatch(body)
		if match == nil {
			p.T.Fatalf("%s: no %s in %.2000s", path, pattern, body)
		}
		return html.UnescapeString(match[1])
	}
	return found(`<b>([^<]*\d{4})</b>`), found(`name="PLACEMENT_OPTIONS" value="([^"]*)"`)
}
