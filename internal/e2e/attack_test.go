package e2e

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// TestCookieOfAnotherPortalIsWorthless: portals of one site share a jar, in which each
// launch replaces the cookie that is there. A page in one portal's frame never acts in
// the session of another, of the same person or of somebody who planted it.
func TestCookieOfAnotherPortalIsWorthless(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, _ := p.Launch(2, "DEFAULT", "")
	q := p.Neighbour()
	planted := q.LaunchForm(3, "DEFAULT", "")
	if response, _ := q.Post(client, planted.Action, planted.Fields, q.CrossSite()...); response.StatusCode != http.StatusSeeOther {
		t.Fatal(response.Status)
	}
	mine, theirs := "cookie http://"+p.Company.Host, "cookie http://"+q.Company.Host
	form := week("09:00-17:00", "do", "save")
	byField := maps.Clone(form)
	byField.Set("frame_session", mine)
	for name, ask := range map[string]func() (*http.Response, string){
		"search": func() (*http.Response, string) {
			return p.GetWith(client, "/find", "X-Frame-Session", mine, "HX-Request", "true")
		},
		"form by script": func() (*http.Response, string) { return p.Post(client, "/hours", form, "X-Frame-Session", mine) },
		"plain form": func() (*http.Response, string) {
			return p.Post(client, "/hours", byField, harness.FrameHeader, "iframe")
		},
		"way out": func() (*http.Response, string) { return p.Post(client, "/frame/out", nil, "X-Frame-Session", mine) },
	} {
		if response, body := ask(); response.StatusCode != http.StatusUnauthorized || strings.Contains(body, q.Colleagues(3)[0]) {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if n := rows(p, "hours") + rows(p, "frame_codes"); n != 0 {
		t.Errorf("the other portal's session has done %d things", n)
	}
	if response, _ := p.GetWith(client, "/find", "X-Frame-Session", theirs, "Accept", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("in its own frame: %s", response.Status)
	}
}

// TestFloodOfForgedInstallations: anybody can claim installations in a portal's name. While
// they can't be looked at they don't fill the database, and neither they nor what a
// stranger has at their own portal keep the true uninstallation from being worked off.
func TestFloodOfForgedInstallations(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	install(p, 1)
	token := p.Company.ApplicationToken(harness.ClientID)
	p.Sim.FailAuth("*", portalsim.HTML502())
	for i := range 300 {
		access := fmt.Sprint("invented", i)
		appEvent(p, []string{"ONAPPINSTALL", "ONAPPUPDATE"}[i%2], "auth[access_token]", access)
		appEvent(p, "ONAPPINSTALL", "auth[access_token]", access, "auth[member_id]", fmt.Sprintf("%032d", i))
	}
	if waiting := rows(p, "jobs WHERE "+ofEvents+" AND ended = 0 AND portal IS NOT NULL"); waiting > 60 {
		t.Errorf("%d jobs wait", waiting)
	}
	p.Company.Uninstall(harness.ClientID)
	p.Sim.HealAuth()
	if status := appEvent(p, "ONAPPUNINSTALL", "auth[application_token]", token, "data[CLEAN]", "1"); status != http.StatusOK {
		t.Fatal(status)
	}
	for limit := time.Now().Add(harness.HangLimit); rows(p, "portals") > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the true event is lost")
		}
	}
	if status := postEvent(p, "", formKind, eventForm(p, "padding", strings.Repeat("x", 1<<17)).Encode()); status != http.StatusRequestEntityTooLarge {
		t.Errorf("128 kB: %d", status)
	}
}

// TestSignInsAreThrottled: whatever address somebody claims to have, their sign-ins count as
// those of one address: behind a trusted proxy the whole network of an IPv6 address, elsewhere
// the peer, whatever it claims to pass on.
func TestSignInsAreThrottled(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ proxies, address string }{
		"network": {"127.0.0.0/8", "2001:db8:1:2::%x"},
		"claimed": {"", "198.51.100.%d"},
	} {
		p := harness.Start(t, "SLOTFINDER_TRUSTED_PROXIES", c.proxies)
		for i := 1; ; i++ {
			address := fmt.Sprintf(c.address, i%250)
			response, _ := p.GetWith(harness.Guest(), "/login?portal=", "X-Forwarded-For", address, "X-Real-Ip", address, "Forwarded", "for="+address, "True-Client-Ip", address)
			if response.StatusCode == http.StatusTooManyRequests {
				break
			}
			if i == 2000 {
				t.Errorf("%s: nobody ends it", name)
				break
			}
		}
	}
}

// TestLaunchTextsBreakNoLine: line breaks and the like in what a launch brings get into
// no header and no address.
func TestLaunchTextsBreakNoLine(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	for _, text := range []string{"x\r\nX-Evil: 1", "x\nSet-Cookie: a=b", "x\x00y", "x\u2028y", "%0d%0aX-Evil: 1"} {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for placement, option := range map[string]string{"REST_APP_URI": "path", "USER_PROFILE_TOOLBAR": "USER_ID", "CALENDAR_GRIDVIEW": "viewRangeFrom", "IM_SIDEBAR": "dialogId", text: "path"} {
			frame := p.LaunchForm(2, placement, `{"`+option+`":`+string(quoted)+`}`)
			frame.Fields.Set("PLACEMENT", placement)
			action, err := url.Parse(frame.Action)
			if err != nil {
				t.Fatal(err)
			}
			query := action.Query()
			query.Set("LANG", text)
			action.RawQuery = query.Encode()
			response, _ := p.Post(p.Browser(), action.String(), frame.Fields, p.CrossSite()...)
			if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || to != "/find" || response.Header.Get("X-Evil") != "" || len(response.Cookies()) != 1 {
				t.Errorf("%q in %s: %s to %q, %d cookies", text, placement, response.Status, to, len(response.Cookies()))
			}
			if got := response.Header.Get("Content-Language"); len(got) > 5 {
				t.Errorf("%q is spoken", got)
			}
		}
	}
}

// TestDeepLinksDoNothing: whoever posts a link into a chat chooses what the
// app shows to those who open it, and nothing else.
func TestDeepLinksDoNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	admin := p.SignIn(1)
	keepHours(p, admin)
	id := p.Share(admin, harness.ComingWeek()).ID
	p.Send(admin, "/groups", url.Values{"name": {"Ours"}, "who": {"2,3"}})
	kept := func() string { return dump(p, "hours", "links", "saved_groups", "settings", "frame_codes") }
	before := kept()
	for _, path := range []string{
		"/hours?do=reset", "/hours?do=save&mo=09:00-10:00", "/settings?do=designate&consent=1", "/links/" + id + "/revoke", "/links/" + id + "/delete",
		"/links/" + id + "?title=Evil&expires=2020-01-01", "/links/new?title=Evil&key=evil&" + harness.ComingWeek(), "/links?title=Evil&" + harness.ComingWeek(), "/groups/delete?name=Ours", "/logout?everywhere=1",
	} {
		client, response := p.Launch(1, "REST_APP_URI", `{"path":"`+path+`","do":"reset","consent":"1"}`)
		p.GetWith(client, response.Header.Get("Location"), harness.FrameHeader, "iframe")
		p.GetWith(client, path, harness.FrameHeader, "iframe")
		if diff := cmp.Diff(before, kept()); diff != "" {
			t.Fatalf("%s did something: %s", path, diff)
		}
	}
	if response, _ := p.Get(admin, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("signed out: %s", response.Status)
	}
}

// dump is all that the tables hold.
func dump(p *harness.Product, tables ...string) string {
	p.T.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(p.Env["SLOTFINDER_DATABASE"], "sqlite:"))
	if err != nil {
		p.T.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	for _, table := range tables {
		if err := dumpTable(p.T.Context(), &out, db, table); err != nil {
			p.T.Fatal(err)
		}
	}
	return out.String()
}

func dumpTable(ctx context.Context, out io.Writer, db *sql.DB, table string) error {
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+table+" ORDER BY 1, 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		fmt.Fprintln(out, table, values)
	}
	return rows.Err()
}

// TestLinkOwnerComesFromTheSession: whose link it is, in whose language and with whose
// right it is computed, says the session; what a form claims about people is not even
// shown to guests.
func TestLinkOwnerComesFromTheSession(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	anna, marta := p.SignIn(2), p.SignIn(5)
	claims := "&owner=5&organizer=5&organizerName=Evil&author=Evil&authorName=Evil&name=Evil&email=evil@evil.example&user=5&created_by=5&portal=x&admin=1"
	link := p.Share(anna, harness.ComingWeek()+"&show=names&title=Demo"+claims)
	if hers := harness.Decode[struct{ Links []harness.MadeLink }](t, second(p.Get(marta, "/links", harness.AsJSON))); len(hers.Links) != 0 {
		t.Error("it is a colleague's now")
	}
	offer := p.Offered(harness.Guest(), link.Token)
	if len(offer.People) != 1 || !strings.HasPrefix(offer.People[0], "Anna ") {
		t.Errorf("with %v", offer.People)
	}
	at := url.QueryEscape(offer.Slots[0].Start.Format(time.RFC3339))
	for _, path := range []string{"", "?name=Evil&organizer=evil@evil.example", ".ics?start=" + at + "&organizer=evil@evil.example&name=Evil"} {
		if _, body := p.Get(harness.Guest(), "/s/"+link.Token+path, ""); strings.Contains(strings.ToLower(body), "evil") || strings.Contains(body, "ORGANIZER") {
			t.Errorf("%s shows what was claimed", path)
		}
	}
	for path, form := range map[string]string{"/hours": week("09:00-17:00", "do", "save").Encode(), "/groups": "name=Mine&who=3"} {
		p.SendForm(anna, path, form+"&user_id=5&user=5&owner=5&for_user=5", harness.AsPage)
	}
	if n, strangers := rows(p, "hours")+rows(p, "saved_groups"), rows(p, "hours WHERE user_id <> 2")+rows(p, "saved_groups WHERE user_id <> 2"); n != 2 || strangers != 0 {
		t.Errorf("of %d rows %d are somebody else's", n, strangers)
	}
}

func second(_ *http.Response, body string) string { return body }

// TestPickedTimesAreThoseOfTheSearch: times that a form names are offered only where the search
// finds them; their end is ours, and so is what a calendar file says.
func TestPickedTimesAreThoseOfTheSearch(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	anna := p.SignIn(2)
	free := p.Find(anna, harness.ComingWeek()+"&who=5").Slots
	good := free[0].Start
	begin := harness.NextMonday(time.Now()).UTC().Truncate(24 * time.Hour)
	wrong := map[string]time.Time{
		"off the grid": good.Add(7 * time.Minute), "with seconds": good.Add(time.Second), "before its days": begin.AddDate(0, 0, -7),
		"after its days": begin.AddDate(0, 0, 8).Add(10 * time.Hour), "at night": begin.Add(2 * time.Hour), "over": time.Now().AddDate(0, 0, -1).Truncate(time.Hour),
		"far": time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC),
	}
	for at := begin.Add(8 * time.Hour); ; at = at.Add(30 * time.Minute) {
		if !slices.ContainsFunc(free, func(s harness.Slot) bool { return s.Start.Equal(at) }) {
			wrong["busy"] = at
			break
		}
	}
	form := harness.ComingWeek() + "&who=5&offer=picked&title=Demo&end=2099-01-01T00:00:00Z&slot=" + url.QueryEscape(good.Format(time.RFC3339))
	for name, at := range wrong {
		response, body := p.SendForm(anna, "/links", form+"&slot="+url.QueryEscape(at.Format(time.RFC3339)), harness.AsJSON)
		if response.StatusCode == http.StatusUnprocessableEntity {
			continue
		}
		link := harness.Decode[harness.MadeLink](t, body)
		if offer := p.Offered(harness.Guest(), link.Token); len(offer.Slots) != 1 || !offer.Slots[0].Start.Equal(good) || offer.Slots[0].End.Sub(good) != 30*time.Minute {
			t.Errorf("%s: %v", name, offer.Slots)
		}
		if response, _ := p.Get(harness.Guest(), "/s/"+link.Token+".ics?start="+url.QueryEscape(at.Format(time.RFC3339)), ""); response.StatusCode != http.StatusConflict {
			t.Errorf("%s: a file: %s", name, response.Status)
		}
		_, file := p.Get(harness.Guest(), "/s/"+link.Token+".ics?end=20990101T000000Z&dur=600&start="+url.QueryEscape(good.Format(time.RFC3339)), "")
		if !strings.Contains(file, good.Add(30*time.Minute).Format("20060102T150405Z")) || strings.Contains(file, "2099") {
			t.Errorf("%s: the file ends elsewhere", name)
		}
	}
	if response, _ := p.SendForm(anna, "/links", form+strings.Repeat("&slot="+url.QueryEscape(good.Format(time.RFC3339)), 1500), harness.AsJSON); response.StatusCode < 400 {
		t.Errorf("a body of endless times: %s", response.Status)
	}
}

// TestStateWorksOnce: a state that was in an address is worthless afterwards, whether the sign-in
// went well or not: somebody who read it there can't send the browser back with a code of their
// own.
func TestStateWorksOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	code := func(user int, state string) string { // as the portal gives it to a user
		client := p.Browser()
		portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
		client.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(user)})
		response, err := harness.NoRedirects(client).Get(portal.String() + "oauth/authorize/?response_type=code&client_id=" + harness.ClientID + "&state=" + state)
		if err != nil {
			t.Fatal(err)
		}
		harness.ReadBody(t, response)
		back, err := url.Parse(response.Header.Get("Location"))
		if err != nil || back.Query().Get("code") == "" {
			t.Fatalf("no code: %s %v", response.Status, err)
		}
		return back.Query().Get("code")
	}
	for first, query := range map[string]func(state string) string{
		"done":    func(state string) string { return "code=" + code(2, state) },
		"refused": func(string) string { return "error=access_denied" },
		"failed":  func(string) string { return "code=nobodys" },
	} {
		victim := p.Browser()
		response := login(p, victim, p.Company.Host, "")
		to, err := url.Parse(response.Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		state := to.Query().Get("state")
		p.GetWith(victim, "/bitrix24?state="+state+"&"+query(state))
		response, _ = p.GetWith(victim, "/bitrix24?state="+state+"&code="+code(3, state))
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("after it was %s: %s", first, response.Status)
		}
		if _, body := p.GetWith(victim, "/find", "Accept", harness.AsJSON); strings.Contains(body, `"who":[3]`) {
			t.Errorf("after it was %s: signed in as somebody else", first)
		}
	}
}
