package apps_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/simtest"
)

func TestEventBindRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, want string }{
		{"no event", `{}`, "400 ERROR_ARGUMENT"},
		{"unknown event", `{"event":"ONRAIN","handler":"` + simtest.Hook + `"}`, "400 ERROR_EVENT_NOT_FOUND"},
		{"no handler", `{"event":"onappinstall"}`, "400 ERROR_ARGUMENT"},
		{"bare host", `{"event":"ONAPPINSTALL","handler":"http://localhost/x"}`, "400 ERROR_WRONG_HANDLER_URL"},
		{"no address", `{"event":"ONAPPINSTALL","handler":"x"}`, "400 ERROR_WRONG_HANDLER_URL"},
		{"odd protocol", `{"event":"ONAPPINSTALL","handler":"ftp://a.b/x"}`, "400 ERROR_UNSUPPORTED_PROTOCOL"},
		{"offline", `{"event":"ONAPPINSTALL","event_type":"offline"}`, "403 ACCESS_DENIED"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			simtest.Equal(t, tc.want, simtest.ErrorOf(t, w.Call(w.Token(1), "event.bind", tc.body)))
		})
	}
}

func TestEventNeedsItsScope(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Sim.AddApp(oauth.App{ClientID: "small"})
	w.Portal.Install("small")
	token := w.Portal.IssueToken("small", 1).Access
	simtest.Equal(t, "400 ERROR_EVENT_NOT_FOUND", simtest.ErrorOf(t, w.Call(token, "event.bind", `{"event":"ONCALENDARENTRYADD","handler":"`+simtest.Hook+`"}`)))
	simtest.Equal(t, `{"result":["ONAPPINSTALL","ONAPPMETHODCONFIRM","ONAPPPAYMENT","ONAPPTEST","ONAPPUNINSTALL","ONAPPUPDATE","ONSUBSCRIPTIONRENEW"]}`,
		simtest.Untimed(t, w.Call(token, "events", "").Body.Bytes()))
}

func TestEventHandlers(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	bind := `{"event":"onCalendarEntryAdd","handler":"` + simtest.Hook + `"}`
	simtest.Equal(t, `{"result":true}`, w.Ask(t, 1, "event.bind", bind))
	simtest.Equal(t, "400 ERROR_CORE", simtest.ErrorOf(t, w.Call(w.Token(1), "event.bind", bind)))
	simtest.Equal(t, `{"result":true}`, w.Ask(t, 7, "event.bind", bind)) // for themselves
	list := func(entries ...string) string { return `{"result":[` + strings.Join(entries, ",") + `]}` }
	entry := func(user string) string {
		return `{"event":"ONCALENDARENTRYADD","handler":"http:\/\/app.localhost\/bitrix24\/events","auth_type":"` + user + `","offline":0}`
	}
	simtest.Equal(t, list(entry("0"), entry("7")), w.Ask(t, 7, "event.get", ""))
	simtest.Equal(t, `{"result":{"count":1}}`, w.Ask(t, 7, "event.unbind", bind)) // their own alone
	simtest.Equal(t, list(entry("0")), w.Ask(t, 7, "event.get", ""))
	simtest.Equal(t, `{"result":{"count":1}}`, w.Ask(t, 1, "event.unbind", bind))
	simtest.Equal(t, `{"result":{"count":0}}`, w.Ask(t, 1, "event.unbind", bind))
	simtest.Equal(t, list(), w.Ask(t, 1, "event.get", ""))
}

// receiver keeps the forms posted to it.
type receiver struct {
	*httptest.Server
	forms chan url.Values
}

func newReceiver(t *testing.T, status int) *receiver {
	t.Helper()
	r := &receiver{forms: make(chan url.Values, 100)}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_ = req.ParseForm()
		r.forms <- req.PostForm
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	return r
}

func TestEventsAreSentAsForms(t *testing.T) {
	t.Parallel()
	w, to := simtest.New(t), newReceiver(t, 200)
	w.Ask(t, 1, "event.bind", `{"event":"ONCALENDARENTRYADD","handler":"`+to.URL+`/events"}`)
	for _, event := range []string{"ONCALENDARENTRYADD", "ONCALENDARENTRYDELETE"} { // nobody listens to the second
		simtest.Equal(t, 303, w.Submit(7, "/sim/event", url.Values{"event": {event}, "id": {"1414"}}).Code)
	}
	simtest.Equal(t, 1, w.Portal.Deliver(t.Context()))
	simtest.Equal(t, 0, w.Portal.Deliver(t.Context()))

	got := <-to.forms
	simtest.Equal(t, 200, w.Call(got.Get("auth[access_token]"), "profile", "").Code)
	w.Tokens(t, simtest.Refresh(got.Get("auth[refresh_token]")))
	got.Del("auth[access_token]")
	got.Del("auth[refresh_token]")
	simtest.Equal(t, url.Values{
		"event": {"ONCALENDARENTRYADD"}, "event_handler_id": {"1"}, "data[id]": {"1414"}, "ts": {"1773133200"},
		"auth[scope]": {"calendar,user_brief,department,im,sonet_group,placement"}, "auth[domain]": {"alpha.localhost"},
		"auth[server_endpoint]": {"http://oauth.localhost/rest/"}, "auth[client_endpoint]": {"http://alpha.localhost/rest/"},
		"auth[status]": {"S"}, "auth[member_id]": {simtest.MemberID}, "auth[user_id]": {"7"},
		"auth[expires]": {"1773136800"}, "auth[expires_in]": {"3600"},
		"auth[application_token]": {w.Portal.ApplicationToken(simtest.ClientID)},
	}, got)
}

func TestUninstallIsToldWithoutTokens(t *testing.T) {
	t.Parallel()
	w, to := simtest.New(t), newReceiver(t, 500)
	token := w.Portal.ApplicationToken(simtest.ClientID)
	w.Ask(t, 1, "event.bind", `{"event":"ONAPPUNINSTALL","handler":"`+to.URL+`/events"}`)
	w.Ask(t, 1, "placement.bind", `{"PLACEMENT":"LEFT_MENU","HANDLER":"`+simtest.Hook+`"}`)
	w.Portal.Uninstall(simtest.ClientID)
	simtest.Equal(t, 0, w.Portal.Deliver(t.Context())) // refused, and never sent again
	got := <-to.forms
	simtest.Equal(t, []string{"ONAPPUNINSTALL", "1", token, "", ""}, []string{
		got.Get("event"), got.Get("data[CLEAN]"), got.Get("auth[application_token]"),
		got.Get("auth[access_token]"), got.Get("auth[refresh_token]"),
	})
	w.Portal.Install(simtest.ClientID)
	simtest.Equal(t, `{"result":[]}`, w.Ask(t, 1, "event.get", ""))
	simtest.Equal(t, `{"result":[]}`, w.Ask(t, 1, "placement.get", ""))
}

func TestServedPortalsDeliverByThemselves(t *testing.T) {
	t.Parallel()
	w, to := simtest.New(t), newReceiver(t, 200)
	w.Ask(t, 1, "event.bind", `{"event":"ONAPPTEST","handler":"`+to.URL+`"}`)
	stop, err := w.Sim.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	r := httptest.NewRequest(http.MethodPost, "/sim/event", strings.NewReader("event=ONAPPTEST&nobody=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(w.Portal.SignIn(7))
	w.Portal.ServeHTTP(httptest.NewRecorder(), r)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case got := <-to.forms:
		simtest.Equal(t, "ONAPPTEST", got.Get("event"))
	case <-ctx.Done():
		t.Fatal("the event never came")
	}
}

func TestPlacements(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	bind := `{"PLACEMENT":"calendar_gridview","HANDLER":"` + simtest.Hook + `","TITLE":"Slots","LANG_ALL":{"de":{"TITLE":"Termine"}}}`
	simtest.Equal(t, `{"result":true}`, w.Ask(t, 1, "placement.bind", bind))
	simtest.Equal(t, "400 ERROR_CORE", simtest.ErrorOf(t, w.Call(w.Token(1), "placement.bind", bind)))
	simtest.Equal(t, `{"result":[{"placement":"CALENDAR_GRIDVIEW","userId":0,"handler":"http:\/\/app.localhost\/bitrix24\/events","options":[],"title":"Slots","description":"","langAll":{"de":{"TITLE":"Termine"}}}]}`,
		w.Ask(t, 7, "placement.get", ""))
	simtest.Equal(t, `{"result":{"count":2}}`, w.Ask(t, 1, "placement.unbind", `{"PLACEMENT":"CALENDAR_GRIDVIEW"}`))
	simtest.Equal(t, `{"result":[]}`, w.Ask(t, 1, "placement.get", ""))
	simtest.Equal(t, `{"result":["CALENDAR_GRIDVIEW"]}`, w.Ask(t, 1, "placement.list", `{"SCOPE":"calendar"}`))
	simtest.Equal(t, false, strings.Contains(w.Ask(t, 1, "placement.list", ""), "CRM_"))
	simtest.Equal(t, true, strings.Contains(w.Ask(t, 1, "placement.list", `{"FULL":true}`), "CRM_"))
}

func TestOneDeepLinkHandlerFailsWithin200(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Ask(t, 1, "placement.bind", `{"PLACEMENT":"REST_APP_URI","HANDLER":"`+simtest.Hook+`"}`)
	second := `{"PLACEMENT":"REST_APP_URI","HANDLER":"` + simtest.Hook + `/2"}`
	simtest.Equal(t, "200 ERROR_PLACEMENT_MAX_COUNT", simtest.ErrorOf(t, w.Call(w.Token(1), "placement.bind", second)))
	batch := w.Ask(t, 1, "batch", `{"cmd":{"a":"placement.bind?PLACEMENT=REST_APP_URI&HANDLER=http://app.localhost/3"}}`)
	simtest.Equal(t, true, strings.Contains(batch, `"result":[],"result_error":{"a":{"error":"ERROR_PLACEMENT_MAX_COUNT"`))
}

func TestPlacementRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		user       int
		body, want string
	}{
		{"no administrator", 7, `{"PLACEMENT":"LEFT_MENU","HANDLER":"` + simtest.Hook + `"}`, "403 ACCESS_DENIED"},
		{"no place", 1, `{"HANDLER":"` + simtest.Hook + `"}`, "400 ERROR_ARGUMENT"},
		{"no handler", 1, `{"PLACEMENT":"LEFT_MENU"}`, "400 ERROR_ARGUMENT"},
		{"unknown place", 1, `{"PLACEMENT":"CEILING","HANDLER":"` + simtest.Hook + `"}`, "400 ERROR_PLACEMENT_NOT_FOUND"},
		{"scope missing", 1, `{"PLACEMENT":"CRM_DEAL_DETAIL_TAB","HANDLER":"` + simtest.Hook + `"}`, "400 ERROR_PLACEMENT_NOT_FOUND"},
		{"bare host", 1, `{"PLACEMENT":"LEFT_MENU","HANDLER":"http://localhost/"}`, "400 ERROR_WRONG_HANDLER_URL"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			simtest.Equal(t, tc.want, simtest.ErrorOf(t, w.Call(w.Token(tc.user), "placement.bind", tc.body)))
		})
	}
}
