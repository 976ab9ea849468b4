package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// install opens the installer in the frame as a user.
func install(p *harness.Product, user int, change ...func(url.Values)) (*http.Response, string) {
	p.T.Helper()
	frame := p.LaunchForm(user, "DEFAULT", "")
	for _, edit := range change {
		edit(frame.Fields)
	}
	return p.Post(p.Browser(), strings.Replace(frame.Action, "/bitrix24?", "/bitrix24/install?", 1), frame.Fields, p.CrossSite()...)
}

// bound asks the portal, as an administrator, what the app has bound there.
func bound(p *harness.Product) (events, placements map[string]string, titles map[string]string) {
	p.T.Helper()
	events, placements, titles = map[string]string{}, map[string]string{}, map[string]string{}
	token := p.Company.IssueToken(harness.ClientID, 1).Access
	ask := func(method string, into any) {
		response, err := http.PostForm("http://"+p.Company.Host+"/rest/"+method, url.Values{"auth": {token}})
		if err != nil {
			p.T.Fatal(err)
		}
		if err := json.Unmarshal([]byte(harness.ReadBody(p.T, response)), into); err != nil {
			p.T.Fatal(err)
		}
	}
	var handlers struct {
		Result []struct{ Event, Handler string }
	}
	ask("event.get", &handlers)
	for _, h := range handlers.Result {
		if events[h.Event] != "" {
			p.T.Errorf("%s is bound twice", h.Event)
		}
		events[h.Event] = h.Handler
	}
	var widgets struct {
		Result []struct {
			Placement, Handler, Title string
			LangAll                   map[string]struct{ Title string }
		}
	}
	ask("placement.get", &widgets)
	for _, w := range widgets.Result {
		if placements[w.Placement] != "" {
			p.T.Errorf("%s is bound twice", w.Placement)
		}
		placements[w.Placement] = w.Handler
		for lang, text := range w.LangAll {
			titles[w.Placement+"/"+lang] = text.Title
		}
	}
	return events, placements, titles
}

func names(m map[string]string) []string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// wantedEvents are what the app wants to hear.
var wantedEvents = []string{"ONAPPINSTALL", "ONAPPUNINSTALL", "ONAPPUPDATE", "ONCALENDARENTRYADD", "ONCALENDARENTRYDELETE", "ONCALENDARENTRYUPDATE"}

// startInstallable is a program that portals can reach, as its address tells.
func startInstallable(t *testing.T, scopes ...string) *harness.Product {
	t.Helper()
	return startGranting(t, scopes...)
}

// TestInstall sets the app up, again and again, with ever other scopes.
func TestInstall(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement", "im", "sonet_group", "task", "crm")
	response, body := install(p, 1)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "data-install-finish") || !strings.Contains(body, "<noscript>") {
		t.Fatalf("%s %.400s", response.Status, body)
	}
	if ancestors(response) != "http://"+p.Company.Host {
		t.Errorf("framed by %s", ancestors(response))
	}
	all := []string{
		"CALENDAR_GRIDVIEW", "CRM_DEAL_DETAIL_TAB", "IM_SIDEBAR", "IM_TEXTAREA", "REST_APP_URI",
		"SONET_GROUP_DETAIL_TAB", "TASK_VIEW_TAB", "USER_PROFILE_TOOLBAR",
	}
	events, placements, titles := bound(p)
	if diff := cmp.Diff(wantedEvents, names(events)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(all, names(placements)); diff != "" {
		t.Error(diff)
	}
	for _, lang := range []string{"en", "de", "la", "fr", "it", "pl", "br", "ru", "tr", "ua"} {
		if titles["CALENDAR_GRIDVIEW/"+lang] == "" {
			t.Errorf("no title for the language %s", lang)
		}
	}
	if titles["CALENDAR_GRIDVIEW/de"] == titles["CALENDAR_GRIDVIEW/ru"] {
		t.Error("the titles are not translated")
	}
	_, portals := p.Database()
	if err := portals.CheckEvent(t.Context(), p.Company.MemberID, p.Company.ApplicationToken(harness.ClientID)); err != nil {
		t.Errorf("the application token is not known: %v", err)
	}

	// Again, and after the app was removed and came back with fewer rights.
	if response, _ := install(p, 1); response.StatusCode != http.StatusOK {
		t.Errorf("again: %s", response.Status)
	}
	if _, again, _ := bound(p); len(again) != len(all) {
		t.Errorf("again: %v", names(again))
	}
	p.Company.Uninstall(harness.ClientID)
	p.Company.Install(harness.ClientID)
	p.Sim.AddApp(portalsim.App{ClientID: harness.ClientID, ClientSecret: harness.ClientSecret, RedirectURL: p.App + "/bitrix24", Scopes: []string{"calendar", "user_brief", "placement"}})
	response, body = install(p, 1)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "Tab of a deal") {
		t.Errorf("with fewer scopes: %s %.400s", response.Status, body)
	}
	events, placements, _ = bound(p)
	if diff := cmp.Diff([]string{"CALENDAR_GRIDVIEW", "REST_APP_URI", "USER_PROFILE_TOOLBAR"}, names(placements)); diff != "" {
		t.Error(diff)
	}
	if len(events) != len(wantedEvents) {
		t.Errorf("events %v", names(events))
	}
	if err := portals.CheckEvent(t.Context(), p.Company.MemberID, p.Company.ApplicationToken(harness.ClientID)); err != nil {
		t.Errorf("the new application token is not known: %v", err)
	}
}

// TestInstallRemovesWhatIsStale: what an older address of the app has bound goes.
func TestInstallRemovesWhatIsStale(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	token := p.Company.IssueToken(harness.ClientID, 1).Access
	for method, fields := range map[string]url.Values{
		"event.bind":     {"event": {"ONCALENDARENTRYADD"}, "handler": {"https://old.example/bitrix24/events"}},
		"placement.bind": {"PLACEMENT": {"CALENDAR_GRIDVIEW"}, "HANDLER": {"https://old.example/bitrix24"}, "TITLE": {"Old"}},
	} {
		fields.Set("auth", token)
		response, err := http.PostForm("http://"+p.Company.Host+"/rest/"+method, fields)
		if err != nil {
			t.Fatal(err)
		}
		if body := harness.ReadBody(t, response); response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", method, body)
		}
	}
	if response, body := install(p, 1); response.StatusCode != http.StatusOK {
		t.Fatalf("%s %.300s", response.Status, body)
	}
	events, placements, _ := bound(p)
	for name, address := range map[string]string{"ONCALENDARENTRYADD": events["ONCALENDARENTRYADD"], "CALENDAR_GRIDVIEW": placements["CALENDAR_GRIDVIEW"]} {
		if strings.Contains(address, "old.example") || address == "" {
			t.Errorf("%s leads to %q", name, address)
		}
	}
}

// TestUpdateBindsAgain: with an update a portal drops what the app has bound; the
// event brings it back.
func TestUpdateBindsAgain(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	install(p, 1)
	token := p.Company.IssueToken(harness.ClientID, 1).Access
	for method, fields := range map[string]url.Values{
		"event.unbind":     {"event": {"ONCALENDARENTRYADD"}, "handler": {p.Env["SLOTFINDER_PUBLIC_URL"] + "/bitrix24/events"}},
		"placement.unbind": {"PLACEMENT": {"CALENDAR_GRIDVIEW"}},
	} {
		fields.Set("auth", token)
		response, err := http.PostForm("http://"+p.Company.Host+"/rest/"+method, fields)
		if err != nil {
			t.Fatal(err)
		}
		if body := harness.ReadBody(t, response); strings.Contains(body, `"count":0`) || response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", method, body)
		}
	}
	if status := appEvent(p, "ONAPPUPDATE", "auth[access_token]", token); status != http.StatusOK {
		t.Fatal(status)
	}
	settled(p)
	events, placements, _ := bound(p)
	if len(events) != len(wantedEvents) || placements["CALENDAR_GRIDVIEW"] == "" {
		t.Errorf("%v %v", names(events), names(placements))
	}
}

// TestDemotedAdministratorsLoseTheirRights: people who are no administrators any more can do
// nothing that only administrators may, whatever their session remembers.
func TestDemotedAdministratorsLoseTheirRights(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	company := week("09:00-17:00", "do", "save", "for", "company")
	if response, body := setHours(p, client, company, harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Fatalf("%s %.300s", response.Status, body)
	}
	p.Company.ExpireTokens()
	if response, body := setHours(p, client, company, harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("with an expired token: %s %.300s", response.Status, body)
	}
	p.Company.Change(func(c *portalsim.Portal) { c.Users[0].Admin = false })
	if response, _ := setHours(p, client, company, harness.AsJSON); response.StatusCode != http.StatusForbidden {
		t.Errorf("demoted: %s", response.Status)
	}
}

// TestInstallWithoutWidgets: a portal that grants no widgets, or an older one that
// says less, still works.
func TestInstallWithoutWidgets(t *testing.T) {
	t.Parallel()
	p := startInstallable(t)
	response, body := install(p, 1, func(fields url.Values) {
		for _, name := range []string{"APPLICATION_TOKEN", "APPLICATION_SCOPE", "SERVER_ENDPOINT"} {
			fields.Del(name)
		}
	})
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "Left menu") {
		t.Fatalf("%s %.300s", response.Status, body)
	}
	events, placements, _ := bound(p)
	if len(placements) != 0 || len(events) != len(wantedEvents) {
		t.Errorf("%v %v", names(events), names(placements))
	}
}

// TestInstallTakesNothingOver: the installer is for administrators, and
// believes nothing that a launch would not believe.
func TestInstallTakesNothingOver(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	if response, _ := install(p, 1); response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
	_, portals := p.Database()
	true_ := p.Company.ApplicationToken(harness.ClientID)
	for name, change := range map[string]struct {
		user int
		edit func(url.Values)
	}{
		"an employee":          {2, func(url.Values) {}},
		"an employee's token":  {2, func(f url.Values) { f.Set("APPLICATION_TOKEN", "canary") }},
		"another company":      {1, func(f url.Values) { f.Set("member_id", portalsim.BranchMember); f.Set("APPLICATION_TOKEN", "canary") }},
		"invented":             {1, func(f url.Values) { f.Set("AUTH_ID", "canary"); f.Set("APPLICATION_TOKEN", "canary") }},
		"nothing":              {1, func(f url.Values) { clear(f) }},
		"a huge token":         {1, func(f url.Values) { f.Set("APPLICATION_TOKEN", strings.Repeat("x", 5000)) }},
		"two tokens":           {1, func(f url.Values) { f.Add("APPLICATION_TOKEN", "canary") }},
		"an employee as admin": {2, func(f url.Values) { f.Set("ADMIN", "1"); f.Set("IS_ADMIN", "true") }},
	} {
		response, body := install(p, change.user, change.edit)
		if response.StatusCode/100 != 4 || strings.Contains(body, "canary") || strings.Contains(body, "data-install-finish") {
			t.Errorf("%s: %s", name, response.Status)
		}
		if err := portals.CheckEvent(t.Context(), p.Company.MemberID, true_); err != nil {
			t.Errorf("%s: the portal's own token is gone: %v", name, err)
		}
	}
	p.Sim.FailAuth("*", portalsim.HTML502())
	if response, _ := install(p, 1); response.StatusCode < 502 || response.StatusCode > 504 {
		t.Errorf("unverifiable: %s", response.Status)
	}
	p.Sim.HealAuth()
	p.Company.Fail("*", portalsim.HTML502())
	if response, _ := install(p, 1); response.StatusCode < 502 || response.StatusCode > 504 {
		t.Errorf("portal down: %s", response.Status)
	}
}
