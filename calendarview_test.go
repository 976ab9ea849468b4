package main

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"
)

// TestCalendarViewIsSearchedAsItIsShown: opened from the portal's calendar, the app
// searches the days that the head of the calendar names, no more and no fewer.
func TestCalendarViewIsSearchedAsItIsShown(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	p.install(1)
	p.company.FinishInstall(clientID, 1)
	monday := time.Now().UTC().AddDate(0, 0, 14)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	for _, view := range []struct{ name, from, to, head string }{
		{"week", day(monday), day(monday.AddDate(0, 0, 6)), monday.Format("2 January") + " – " + monday.AddDate(0, 0, 6).Format("2 January 2006")},
		{"day", day(monday), day(monday), monday.Format("Monday, 2 January 2006")},
	} {
		head, options := p.calendarView(2, view.name, day(monday))
		if head != view.head {
			t.Errorf("the head of the %s is %q", view.name, head)
		}
		_, response := p.launch(2, "CALENDAR_GRIDVIEW", options)
		if got, want := response.Header.Get("Location"), "/find?from="+view.from+"&to="+view.to; got != want {
			t.Errorf("%s: %s leads to %s, want %s", view.name, options, got, want)
		}
	}
}

// calendarView is what the portal shows above a view, and tells the app in it.
func (p *product) calendarView(user int, view, day string) (head, options string) {
	p.t.Helper()
	page := func(path string) string {
		request, err := http.NewRequest(http.MethodGet, "http://"+p.company.Host+path, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		request.AddCookie(p.company.SignIn(user))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			p.t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			p.t.Fatal(err)
		}
		return string(body)
	}
	path := fmt.Sprintf("/company/personal/user/%d/calendar/?%s", user, url.Values{"view": {view}, "date": {day}}.Encode())
	app := regexp.MustCompile(`app=(\d+)`).FindStringSubmatch(page(path))
	if app == nil {
		p.t.Fatal("the app is no view of the calendar")
	}
	body := page(path + "&" + app[0])
	found := func(pattern string) string {
		match := regexp.MustCompile(pattern).FindStringSubmatch(body)
		if match == nil {
			p.t.Fatalf("%s: no %s in %.2000s", path, pattern, body)
		}
		return html.UnescapeString(match[1])
	}
	return found(`<b>([^<]*\d{4})</b>`), found(`name="PLACEMENT_OPTIONS" value="([^"]*)"`)
}
