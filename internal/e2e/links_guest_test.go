package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/e2e/harness"
)

// TestTimesAsFile: the calendar file of a shared page is its times, which take none of
// a guest's own, and that of one of them is the meeting.
func TestTimesAsFile(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	token := p.Share(p.SignIn(2), harness.ComingWeek()+"&title=Demo").Token
	slots := p.Offered(harness.Guest(), token).Slots
	starts := func(file string) (all []string) {
		for _, found := range regexp.MustCompile(`DTSTART:(\w+)`).FindAllStringSubmatch(file, -1) {
			all = append(all, found[1])
		}
		return all
	}
	var want []string
	for _, slot := range slots {
		want = append(want, slot.Start.Format("20060102T150405Z"))
	}
	_, all := p.Get(harness.Guest(), "/s/"+token+".ics", "")
	if diff := cmp.Diff(want, starts(all)); diff != "" || strings.Count(all, "TRANSP:TRANSPARENT") != len(slots) {
		t.Errorf("the file of all times: %s", diff)
	}
	_, one := p.Get(harness.Guest(), "/s/"+token+".ics?start="+slots[1].Start.Format(time.RFC3339), "")
	if diff := cmp.Diff(want[1:2], starts(one)); diff != "" || strings.Contains(one, "TRANSP") || strings.Count(one, "STATUS:TENTATIVE") != 1 {
		t.Errorf("the file of one time: %s", diff)
	}
}

// TestSharedPageHeaders: the address of a shared page is a secret, whatever it answers.
func TestSharedPageHeaders(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link, closed := p.Share(client, harness.ComingWeek()), p.Share(client, harness.ComingWeek())
	p.SendForm(client, "/links/"+closed.ID+"/revoke", "", harness.AsJSON)
	at := p.Offered(harness.Guest(), link.Token).Slots[0].Start.Format(time.RFC3339)
	for path, status := range map[string]int{
		link.Token: 200, link.Token + "?tz=Asia/Tokyo": 200, link.Token + ".ics?start=" + at: 200, link.Token + ".ics": 200,
		link.Token + ".ics?start=2020-01-01T00:00:00Z": 409, link.Token + ".ics?start=soon": 422, closed.Token: 410, closed.Token + ".ics": 410, "unknown": 404,
	} {
		for _, accept := range []string{"", harness.AsJSON} {
			response, body := p.Get(harness.Guest(), "/s/"+path, accept)
			h := response.Header
			got := []string{response.Status[:3], h.Get("Referrer-Policy"), h.Get("X-Robots-Tag"), h.Get("Cache-Control"), h.Get("Set-Cookie"), h.Get("X-Content-Type-Options")}
			if diff := cmp.Diff([]string{fmt.Sprint(status), "no-referrer", "noindex", "no-store", "", "nosniff"}, got); diff != "" {
				t.Errorf("%.20s: %s", path, diff)
			}
			if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("%.20s may be framed", path)
			}
			if status == 200 && accept == "" && strings.Contains(path, ".ics") != strings.HasPrefix(h.Get("Content-Type"), "text/calendar") {
				t.Errorf("%.20s is %s", path, h.Get("Content-Type"))
			}
			if strings.Contains(body, "http-equiv") {
				t.Errorf("%.20s sends guests somewhere else", path)
			}
		}
	}
}

// TestGuessingTokensIsSlow: somebody who guesses tokens is slowed down, by all instances together
// and whatever address they claim; what is kept of their address doesn't tell it.
func TestGuessingTokensIsSlow(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek())
	instances := []*harness.Product{p, anotherInstance(p)}
	client := harness.Guest()
	refused := 0
	for n := 1; refused == 0 && n < 1500; n++ {
		response, _ := instances[n%2].Ask(client, "GET", fmt.Sprintf("/s/guess%d", n), "", "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n%250), "X-Real-Ip", "203.0.113.9")
		switch response.StatusCode {
		case http.StatusNotFound:
		case http.StatusTooManyRequests:
			refused = n
			if response.Header.Get("Retry-After") == "" {
				t.Error("nothing says when to try again")
			}
		default:
			t.Fatal(response.Status)
		}
	}
	if refused == 0 {
		t.Fatal("1500 guesses are fine")
	}
	p.Offered(client, link.Token) // who has a link may still look, from the same address
	for name := range map[string]bool{"": true, "-wal": true} {
		content, err := os.ReadFile(strings.TrimPrefix(p.Env["SLOTFINDER_DATABASE"], "sqlite:") + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"miss 127.0.0.1", "address 127.0.0.1", "203.0.113", link.Token} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("the database holds %q", secret)
			}
		}
	}
}

// TestThousandLooksAreOneReading of the portal, on an instance that remembers nothing.
func TestThousandLooksAreOneReading(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&who=5,6")
	cold := anotherInstance(p)
	p.Company.Reset()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 40}, Timeout: time.Minute}
	jobs, done := make(chan string), make(chan error, 40)
	for range cap(done) {
		go func() {
			var fault error
			for accept := range jobs {
				request, _ := http.NewRequest(http.MethodGet, cold.App+"/s/"+link.Token, nil)
				request.Header.Set("Accept", accept)
				response, err := client.Do(request)
				if err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					response.Body.Close()
					if response.StatusCode != http.StatusOK {
						err = fmt.Errorf("%s", response.Status)
					}
				}
				if err != nil {
					fault = err
				}
			}
			done <- fault
		}()
	}
	for n := range 1000 {
		jobs <- []string{harness.AsPage, harness.AsJSON}[n%2]
	}
	close(jobs)
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	read, sent := map[string]int{}, 0
	for _, r := range p.Company.Requests() {
		read[r.Method]++
		if !r.Batch {
			sent++
		}
	}
	if read["calendar.accessibility.get"] != 1 || sent > 4 {
		t.Errorf("the portal was asked %v", read)
	}
	head, err := client.Head(p.App + "/s/" + link.Token) // what a messenger asks is no look
	if err != nil || head.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %v %v", head, err)
	}
	_, body := p.Get(p.SignIn(2), "/links", harness.AsJSON)
	if list := harness.Decode[struct{ Links []struct{ Opens int } }](t, body).Links; len(list) != 1 || list[0].Opens != 500 {
		t.Errorf("opens: %+v", list)
	}
}

// TestColleagueOpensTheFullSearch: who is signed in to the same portal, and nobody else,
// is led to the search behind a link.
func TestColleagueOpensTheFullSearch(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&who=5")
	other := another(p)
	frame, _ := p.Launch(6, "DEFAULT", "")
	for name, who := range map[string]struct {
		client *http.Client
		full   bool
	}{"a colleague in the portal": {frame, true}, "a stranger": {harness.Guest(), false}, "another portal": {other.SignIn(2), false}, "a colleague": {p.SignIn(6), true}, "the owner": {p.SignIn(2), true}} {
		response, body := p.Get(who.client, "/s/"+link.Token+"?lang=pl", "")
		if ancestors(response) != "'none'" || response.Header.Get("Content-Language") != "pl" {
			t.Errorf("%s: framed by %s, in %s", name, ancestors(response), response.Header.Get("Content-Language"))
		}
		at := cascadia.Query(parse(t, body), cascadia.MustCompile(`a[href^="/find?"]`))
		if (at != nil) != who.full {
			t.Errorf("%s: led to the full search: %v", name, at != nil)
		}
		if at != nil {
			if got := p.Find(who.client, strings.TrimPrefix(attribute(at, "href"), "/find?")); len(got.People) != 2 || got.People[0].ID != 2 {
				t.Errorf("%s finds %+v", name, got.People)
			}
		}
	}
}

// nextClockChange is the next day on which clocks in a zone are changed.
func nextClockChange(t *testing.T, zone string) time.Time {
	t.Helper()
	place, err := tz.Load(zone)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().In(place)
	day = time.Date(day.Year(), day.Month(), day.Day()+2, 0, 0, 0, 0, place)
	for range 400 {
		next := day.AddDate(0, 0, 1)
		if next.Sub(day) != 24*time.Hour {
			return day
		}
		day = next
	}
	t.Fatalf("clocks in %s stand still", zone)
	return day
}

// TestZoneInvariant: a guest on the other half of the world, on a day when clocks are
// changed there or here, sees the same instants as everybody, each at the
// reading of their own clock.
func TestZoneInvariant(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for _, changing := range []string{"Europe/Berlin", "Australia/Lord_Howe", "America/Santiago"} {
		day := nextClockChange(t, changing)
		days := "&from=" + day.AddDate(0, 0, -1).Format(time.DateOnly) + "&to=" + day.AddDate(0, 0, 1).Format(time.DateOnly)
		link := p.Share(client, "me=0&who=7&work=0&dur=30&step=30&tz=Europe/Berlin"+days)
		want := p.Offered(harness.Guest(), link.Token).Slots
		if len(want) < 60 {
			t.Fatalf("%s: only %d times", changing, len(want))
		}
		for _, zone := range []string{"Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati", "Asia/Kathmandu", "Mars/Base"} {
			_, body := p.Get(harness.Guest(), "/s/"+link.Token+"?tz="+zone, harness.AsJSON)
			got := harness.Decode[harness.Shared](t, body)
			if diff := cmp.Diff(want, got.Slots); diff != "" {
				t.Errorf("%s seen from %s: %s", changing, zone, diff)
			}
			seen := allTimes(p, link.Token, zone)
			var instants []time.Time
			for _, slot := range want {
				instants = append(instants, slot.Start)
			}
			if diff := cmp.Diff(instants, seen); diff != "" {
				t.Errorf("%s: the page seen from %s: %s", changing, zone, diff)
			}
		}
	}
}

// allTimes walks through all days of a shared page, and checks that each time is
// written as clocks in the zone show it.
func allTimes(p *harness.Product, token, zone string) (all []time.Time) {
	p.T.Helper()
	place, err := tz.Load(zone)
	if err != nil {
		place, _ = tz.Load("Europe/Berlin") // the owner's
	}
	seen, todo := map[string]bool{}, []string{"/s/" + token + "?lang=en&tz=" + zone}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		_, body := p.Get(harness.Guest(), at, "")
		doc := parse(p.T, body)
		for _, a := range cascadia.QueryAll(doc, cascadia.MustCompile(`a[href*="day="], a[href*="month="]`)) {
			todo = append(todo, attribute(a, "href"))
		}
		for _, n := range cascadia.QueryAll(doc, cascadia.MustCompile(`time[datetime]`)) {
			instant, err := time.Parse(time.RFC3339, attribute(n, "datetime"))
			if err != nil {
				p.T.Fatal(err)
			}
			if !strings.HasPrefix(textOf(n), instant.In(place).Format("15:04")) {
				p.T.Errorf("%s in %s is written as %q", instant, zone, textOf(n))
			}
			if !slices.ContainsFunc(all, instant.Equal) {
				all = append(all, instant)
			}
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// TestGuestsLanguage: the address' wish, then the browser's, then the owner's.
func TestGuestsLanguage(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	_, body := p.Ask(client, http.MethodPost, "/links", harness.ComingWeek(), "Content-Type", harness.FormType, "Accept", harness.AsJSON, "Accept-Language", "pl")
	link := harness.Decode[harness.MadeLink](t, body)
	for _, c := range []struct{ query, wish, want string }{
		{"", "", "pl"}, {"", "ja", "pl"}, {"", "fr-CA,en;q=0.5", "fr"}, {"?lang=de", "fr", "de"}, {"?lang=xx", "fr", "fr"}, {"?lang=pt-BR", "", "pt-BR"},
	} {
		response, body := p.Ask(harness.Guest(), http.MethodGet, "/s/"+link.Token+c.query, "", "Accept", harness.AsPage, "Accept-Language", c.wish)
		if got := response.Header.Get("Content-Language"); got != c.want || !strings.Contains(body, `<html lang="`+c.want+`"`) {
			t.Errorf("%s with %q is in %s instead of %s", c.query, c.wish, got, c.want)
		}
	}
	if response, body := p.Ask(harness.Guest(), http.MethodGet, "/s/unknown?lang=de", "", "Accept", harness.AsPage); response.StatusCode != http.StatusNotFound || !strings.Contains(body, `<html lang="de"`) {
		t.Errorf("an unknown link in German: %s", response.Status)
	}
}
