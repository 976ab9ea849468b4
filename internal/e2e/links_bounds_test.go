package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// manyTimes is a query with a time every five minutes of three months.
func manyTimes() string {
	monday := harness.NextMonday(time.Now())
	return "me=0&who=7&work=0&dur=5&step=5&tz=Europe/Berlin&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 91).Format(time.DateOnly)
}

// TestSharedAnswersAreBounded: whatever a link stands for, a short request gets a short
// answer: the next times, with a word that there are later ones, and the note once.
func TestSharedAnswersAreBounded(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	note := strings.Repeat("Bring the plans. ", 100) + "a very particular sentence"
	token := p.Share(p.SignIn(2), manyTimes()+"&note="+url.QueryEscape(note)).Token

	_, body := p.Get(harness.Guest(), "/s/"+token, harness.AsJSON)
	answer := harness.Decode[struct {
		Slots    []harness.Interval
		Complete bool
	}](t, body)
	if len(answer.Slots) != 500 || answer.Complete || !strings.Contains(body, `"complete":false`) {
		t.Errorf("JSON: %d slots, complete %v", len(answer.Slots), answer.Complete)
	}
	_, file := p.Get(harness.Guest(), "/s/"+token+".ics", "")
	unfolded := strings.ReplaceAll(file, "\r\n ", "")
	if events, notes := strings.Count(file, "BEGIN:VEVENT"), strings.Count(unfolded, "a very particular sentence"); events != 200 || notes != 1 {
		t.Errorf("calendar file: %d events, the note %d times", events, notes)
	}
	if !strings.Contains(unfolded, "Only the next times are shown") {
		t.Error("the calendar file does not say that there are later times")
	}
	response, page := p.Ask(harness.Guest(), "GET", "/s/"+token, "", "Accept", harness.AsPage, "Accept-Language", "en")
	if response.StatusCode != http.StatusOK || strings.Count(page, "a very particular sentence") != 1 || !strings.Contains(page, "Only the next times are shown") {
		t.Errorf("the page: %s", response.Status)
	}
	for name, size := range map[string]int{"JSON": len(body), "calendar file": len(file), "page": len(page)} {
		if size > 200<<10 {
			t.Errorf("%s of %d bytes", name, size)
		}
	}
	t.Logf("figure: a link with many times: %d kB of JSON, a calendar file of %d kB, a page of %d kB", len(body)>>10, len(file)>>10, len(page)>>10)
	last := answer.Slots[len(answer.Slots)-1].Start.Format(time.RFC3339)
	if response, _ := p.Get(harness.Guest(), "/s/"+token+".ics?start="+url.QueryEscape(last), ""); response.StatusCode != http.StatusOK {
		t.Errorf("a time that is listed can't be saved: %s", response.Status)
	}

	few := offeredRaw(p, p.Share(p.SignIn(2), harness.ComingWeek()).Token)
	if few["complete"] != true {
		t.Errorf("few times: complete is %v", few["complete"])
	}
}

func offeredRaw(p *harness.Product, token string) (fields map[string]any) {
	p.T.Helper()
	_, body := p.Get(harness.Guest(), "/s/"+token, harness.AsJSON)
	if err := json.Unmarshal([]byte(body), &fields); err != nil {
		p.T.Fatal(err)
	}
	return fields
}

// TestAddressesOfSharedPagesAreNotRepeated: the page has its own address in many links;
// what somebody writes into it makes the page no longer.
func TestAddressesOfSharedPagesAreNotRepeated(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	token := p.Share(p.SignIn(2), harness.ComingWeek()).Token
	_, page := p.Get(harness.Guest(), "/s/"+token, harness.AsPage)
	long := strings.Repeat("x", 30_000)
	for _, parameter := range []string{"tz", "lang", "day", "month", "nothing"} {
		response, body := p.Get(harness.Guest(), "/s/"+token+"?"+parameter+"="+long, harness.AsPage)
		if response.StatusCode != http.StatusOK || strings.Contains(body, "xxxx") || len(body) > len(page)+2000 {
			t.Errorf("%s of 30 kB: %s, %d bytes instead of %d", parameter, response.Status, len(body), len(page))
		}
	}
}

// TestEmptyCalendarFile: without a free time there is no calendar file, but words that
// say so.
func TestEmptyCalendarFile(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	sunday := harness.NextMonday(time.Now()).AddDate(0, 0, -1).Format(time.DateOnly)
	token := p.Share(p.SignIn(2), "dur=30&tz=Europe/Berlin&from="+sunday+"&to="+sunday).Token
	if slots := p.Offered(harness.Guest(), token).Slots; len(slots) > 0 {
		t.Fatalf("%d times on a Sunday", len(slots))
	}
	response, body := p.Ask(harness.Guest(), "GET", "/s/"+token+".ics", "", "Accept", "text/calendar,*/*", "Accept-Language", "en")
	if response.StatusCode != http.StatusNotFound || !strings.Contains(response.Header.Get("Content-Type"), "text/html") ||
		!strings.Contains(body, "No free times at the moment") || !strings.Contains(body, `href="/s/`+token+`"`) || strings.Contains(body, "VCALENDAR") {
		t.Errorf("%s %s %.200s", response.Status, response.Header.Get("Content-Type"), body)
	}
	if response.Header.Get("Content-Disposition") != "" {
		t.Error("the page is a file to be saved")
	}
	response, body = p.Ask(harness.Guest(), "GET", "/s/"+token+".ics", "", "Accept", harness.AsJSON, "Accept-Language", "en")
	fault := harness.Decode[struct {
		Error struct{ Code, Message string }
	}](t, body).Error
	if response.StatusCode != http.StatusNotFound || fault.Code != "not_found" || fault.Message != "No free times at the moment" {
		t.Errorf("%s %s", response.Status, body)
	}
}

// TestManyLinksComePageByPage: however many links somebody has, the list is short, and
// leads to the others.
func TestManyLinksComePageByPage(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	const all = 120
	for range all {
		p.Share(client, harness.ComingWeek())
	}
	seen := map[string]bool{}
	for path, pages := "/links", 0; path != ""; pages++ {
		_, body := p.Get(client, path, harness.AsJSON)
		list := harness.Decode[struct {
			Links []harness.MadeLink
			Next  string
		}](t, body)
		if len(list.Links) > 50 || pages > 3 {
			t.Fatalf("%d links on page %d", len(list.Links), pages+1)
		}
		for _, l := range list.Links {
			seen[l.ID] = true
		}
		_, page := p.Get(client, path, harness.AsPage)
		if strings.Count(page, `class="card pad link-item"`) != len(list.Links) || strings.Contains(page, `rel="next"`) != (list.Next != "") ||
			strings.Contains(page, `rel="prev"`) != (pages > 0) {
			t.Errorf("the page %s does not lead on", path)
		}
		path = list.Next
	}
	if len(seen) != all {
		t.Errorf("%d of %d links are listed", len(seen), all)
	}
	for _, odd := range []string{"0", "-1", "x", "99999999999999999999"} {
		if response, _ := p.Get(client, "/links?page="+odd, harness.AsJSON); response.StatusCode != http.StatusOK {
			t.Errorf("page %s: %s", odd, response.Status)
		}
	}
}

// TestPreviewsOpenNothing: the robot that makes a chat's preview has not opened a link;
// the person who does has.
func TestPreviewsOpenNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	token := p.Share(client, harness.ComingWeek()).Token
	for _, agent := range []string{"TelegramBot (like TwitterBot)", "WhatsApp/2.23.20.0", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Bitrix link preview"} {
		if response, body := p.Ask(harness.Guest(), "GET", "/s/"+token, "", "User-Agent", agent, "Accept", "*/*"); response.StatusCode != http.StatusOK || !strings.Contains(body, "og:title") {
			t.Errorf("%s: %s without a preview", agent, response.Status)
		}
	}
	p.Ask(harness.Guest(), "GET", "/s/"+token, "", "Accept", harness.AsPage, "Sec-Purpose", "prefetch", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
	p.Ask(harness.Guest(), "GET", "/s/"+token, "", "Accept", harness.AsPage, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0")
	_, body := p.Get(client, "/links", harness.AsJSON)
	if list := harness.Decode[struct{ Links []struct{ Opens int } }](t, body).Links; len(list) != 1 || list[0].Opens != 1 {
		t.Errorf("opens: %+v", list)
	}
}

// TestLinkFormsAreSearches: a form that makes a link searches, too, so those that wait for
// the portal count as its member's searches do.
func TestLinkFormsAreSearches(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, colleague := p.SignIn(2), p.SignIn(3)
	p.Company.Fail(harness.CalendarMethod, portalsim.Slow(harness.Forever))
	const most = 8
	refused := make(chan bool, most+1)
	for range most + 1 {
		go func() {
			response, err := client.Get(p.App + "/links/new?who=3,4&" + harness.ComingWeek())
			if err != nil {
				refused <- false
				return
			}
			_ = response.Body.Close()
			refused <- response.StatusCode == http.StatusTooManyRequests
		}()
	}
	if !<-refused { // all others wait
		t.Error("one more form is not refused")
	}
	others, _ := p.Get(colleague, "/settings", "")
	if others.StatusCode != http.StatusForbidden {
		t.Errorf("a colleague meanwhile: %s", others.Status)
	}
	for range most {
		if <-refused {
			t.Error("one of the first forms is refused")
		}
	}
}
