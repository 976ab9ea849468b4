package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// addMethod is what creates an event.
const addMethod = "calendar.event.add"

// outcomeLimit is how long after the portal answers again the outcome of a booking may be
// unknown, and some more for a machine that is busy.
const outcomeLimit = 40 * time.Second

// outcome waits until it is known what became of a booking.
func outcome(p *harness.Product, client *http.Client, id string) harness.Meeting {
	p.T.Helper()
	for end := time.Now().Add(outcomeLimit); ; time.Sleep(200 * time.Millisecond) {
		m := harness.Decode[harness.Meeting](p.T, p.Text(client, "/meetings/"+id, harness.AsJSON))
		if m.State != "checking" {
			return m
		}
		if time.Now().After(end) {
			p.T.Fatalf("the outcome of %s is still not known", id)
		}
	}
}

// TestBookingWithoutOutcome: whatever happens to the answer, it is found out whether the
// event was created, the page says so meanwhile, and there is never a second one.
func TestBookingWithoutOutcome(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault   portalsim.Fault
		created bool
	}{
		"cut after writing":          {portalsim.Cut(), true},
		"504 after writing":          {portalsim.HTML504(), true},
		"half of the answer":         {portalsim.Truncated(), true},
		"an answer that comes late":  {portalsim.Late(9 * time.Second), true},
		"no answer":                  {portalsim.Late(harness.Forever), true},
		"502 and nothing was done":   {portalsim.HTML502(), false},
		"a text instead of a number": {portalsim.Says("Access denied"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t)
			client := p.SignIn(2)
			query := meetingQuery()
			form := bookingForm(query, firstSlot(p, client, query).Start, "k")
			p.Company.Fail(addMethod, c.fault.Times(1))
			response, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
			m := harness.Decode[harness.Meeting](t, body)
			if response.StatusCode != http.StatusAccepted && response.StatusCode != http.StatusCreated || m.ID == "" {
				t.Fatalf("%s: %s", response.Status, body)
			}
			if m.State == "checking" {
				if page := p.Text(client, "/meetings/"+m.ID, harness.AsPage); !strings.Contains(page, "second time") {
					t.Error("the page doesn't warn of a second booking")
				}
			}
			want := map[bool]string{true: "confirmed", false: "failed"}[c.created]
			if got := outcome(p, client, m.ID); got.State != want {
				t.Errorf("became %s, want %s", got.State, want)
			}
			if n := len(eventsTitled(p, 2, "Aurora review")); n != map[bool]int{true: 1, false: 0}[c.created] {
				t.Errorf("%d events", n)
			}
			response, body = p.Send(client, "/meetings", form, "Accept", harness.AsJSON) // once more
			if response.StatusCode != http.StatusCreated || harness.Decode[harness.Meeting](t, body).ID != m.ID {
				t.Errorf("the same form again: %s: %s", response.Status, body)
			}
			if n := len(eventsTitled(p, 2, "Aurora review")); n != 1 {
				t.Errorf("%d events after the same form again", n)
			}
		})
	}
}

// TestClearRefusals: an error that the portal names is shown at once, and leaves nothing.
func TestClearRefusals(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := meetingQuery()
	start := firstSlot(p, client, query).Start
	for name, fault := range map[string]portalsim.Fault{
		"refused":    portalsim.FailureStatus("", "no", http.StatusBadRequest),
		"no plan":    portalsim.Failure("ACCESS_DENIED"),
		"no scope":   portalsim.Failure("insufficient_scope"),
		"redirected": portalsim.Redirect("https://elsewhere.example/rest/"),
	} {
		p.Company.Fail(addMethod, fault.Times(1))
		form := bookingForm(query, start, strings.ReplaceAll(name, " ", "-"))
		response, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
		if response.StatusCode < 400 || response.StatusCode > 504 || response.StatusCode == http.StatusInternalServerError {
			t.Errorf("%s: %s %s", name, response.Status, body)
		}
		if n := len(eventsTitled(p, 2, "Aurora review")); n > 0 {
			t.Errorf("%s: %d events", name, n)
		}
	}
	p.Company.ExpireTokens() // renewed, and sent again
	if response, body := p.Send(client, "/meetings", bookingForm(query, start, "last"), "Accept", harness.AsJSON); response.StatusCode != http.StatusCreated {
		t.Errorf("afterwards: %s: %s", response.Status, body)
	}
}

// TestBookingSurvivesTheProcess: a process that ends while the portal is asked loses nothing;
// the next one finds out, also when nobody comes back.
func TestBookingSurvivesTheProcess(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := meetingQuery()
	form := bookingForm(query, firstSlot(p, client, query).Start, "k")
	p.Company.Fail(addMethod, portalsim.Late(harness.Forever).Times(1))
	response, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
	m := harness.Decode[harness.Meeting](t, body)
	if response.StatusCode != http.StatusAccepted {
		t.Fatalf("%s: %s", response.Status, body)
	}
	p.Stop()
	p.Serve(p.Env)
	if got := outcome(p, client, m.ID); got.State != "confirmed" {
		t.Errorf("became %s", got.State)
	}
	if n := len(eventsTitled(p, 2, "Aurora review")); n != 1 {
		t.Errorf("%d events", n)
	}
}

// TestOneOfThirtyBooks: thirty people confirm the same time at the same moment, over two
// processes on PostgreSQL and over one on SQLite: one event, and all others are told.
func TestOneOfThirtyBooks(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(t *testing.T) []string{
		"sqlite":   func(*testing.T) []string { return nil },
		"postgres": func(t *testing.T) []string { return []string{"SLOTFINDER_DATABASE", harness.Postgres.Schema(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t, database(t)...)
			products := []*harness.Product{p}
			if name == "postgres" {
				second := *p
				second.Serve(p.Env)
				products = append(products, &second)
			}
			clients := []*http.Client{}
			for _, one := range products {
				clients = append(clients, one.SignIn(2))
			}
			query := meetingQuery()
			start := firstSlot(p, clients[0], query).Start
			var all sync.WaitGroup
			var mu sync.Mutex
			statuses := map[int]int{}
			for i := range 30 {
				all.Go(func() {
					one := products[i%len(products)]
					response, _ := one.Send(clients[i%len(products)], "/meetings", bookingForm(query, start, fmt.Sprint(i)), "Accept", harness.AsJSON)
					mu.Lock()
					defer mu.Unlock()
					statuses[response.StatusCode]++
				})
			}
			all.Wait()
			if n := len(eventsTitled(p, 2, "Aurora review")); n != 1 || statuses[http.StatusCreated] != 1 || statuses[http.StatusCreated]+statuses[http.StatusConflict]+statuses[http.StatusTooManyRequests] != 30 {
				t.Errorf("%d events, answers %v", n, statuses)
			}
		})
	}
}

// TestTitlesArriveAsTyped: what people type is neither cut nor understood.
func TestTitlesArriveAsTyped(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := meetingQuery()
	slots := p.Find(client, query).Slots
	titles := []string{
		strings.Repeat("é📎", 127) + "x", `"quotes" 'and' \backslashes\`, "$result[x] $_GET", "[URL=https://evil.example]x[/URL] [timestamp=1 format=X]",
		"<script>alert(1)</script> &amp;", "Slotfinder AAAAAAAAAAAAAAAA",
	}
	for i, title := range titles {
		form := bookingForm(query, slots[2*i].Start, fmt.Sprint(i))
		form.Set("title", title)
		form.Set("description", title)
		response, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
		m := harness.Decode[harness.Meeting](t, body)
		if response.StatusCode == http.StatusConflict {
			continue // the one before took it
		}
		if response.StatusCode != http.StatusCreated || m.Title != title || len(eventsTitled(p, 2, title)) != 1 {
			t.Errorf("%q: %s became %q", title, response.Status, m.Title)
		}
		if page := p.Text(client, "/meetings/"+m.ID, harness.AsPage); strings.Contains(page, "<script>alert") {
			t.Errorf("%q is not escaped", title)
		}
	}
	p.Stop()
	if log := p.Log.Text(); strings.Contains(log, "quotes") || strings.Contains(log, "evil.example") {
		t.Error("a title is in the log")
	}
}

// TestBookingAcrossAClockChange: the instant is right on both sides of a change, whatever
// zones the host, the search and the server have.
func TestBookingAcrossAClockChange(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	year := time.Now().Year() + 1
	for i, day := range []time.Time{time.Date(year, 3, 24, 0, 0, 0, 0, berlin), time.Date(year, 4, 7, 0, 0, 0, 0, berlin), time.Date(year, 11, 4, 0, 0, 0, 0, berlin)} {
		query := url.Values{
			"from": {day.Format(time.DateOnly)}, "to": {day.AddDate(0, 0, 4).Format(time.DateOnly)}, "dur": {"30"}, "step": {"30"},
			"tz": {"America/Sao_Paulo"}, "who": {"2"},
		}.Encode()
		slot := firstSlot(p, client, query)
		form := bookingForm(query, slot.Start, fmt.Sprint(i))
		form.Set("title", fmt.Sprint("Change ", i))
		response, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
		m := harness.Decode[harness.Meeting](t, body)
		rows := eventsTitled(p, 2, fmt.Sprint("Change ", i))
		if response.StatusCode != http.StatusCreated || len(rows) != 1 || !m.Start.Equal(slot.Start) {
			t.Fatalf("%s: %s", response.Status, body)
		}
		local := slot.Start.In(berlin)
		if rows[0].ZoneFrom != "Europe/Berlin" || rows[0].From.UTC().Format(time.DateTime) != local.Format(time.DateTime) {
			t.Errorf("the wall of %s is %v in %s", local, rows[0].From, rows[0].ZoneFrom)
		}
	}
}
