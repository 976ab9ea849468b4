package portalsim

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const hook = "http://app.localhost/bitrix24/events"

func TestEventBindRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, want string }{
		{"no event", `{}`, "400 ERROR_ARGUMENT"},
		{"unknown event", `{"event":"ONRAIN","handler":"` + hook + `"}`, "400 ERROR_EVENT_NOT_FOUND"},
		{"no handler", `{"event":"onappinstall"}`, "400 ERROR_ARGUMENT"},
		{"bare host", `{"event":"ONAPPINSTALL","handler":"http://localhost/x"}`, "400 ERROR_WRONG_HANDLER_URL"},
		{"no address", `{"event":"ONAPPINSTALL","handler":"x"}`, "400 ERROR_WRONG_HANDLER_URL"},
		{"odd protocol", `{"event":"ONAPPINSTALL","handler":"ftp://a.b/x"}`, "400 ERROR_UNSUPPORTED_PROTOCOL"},
		{"offline", `{"event":"ONAPPINSTALL","event_type":"offline"}`, "403 ACCESS_DENIED"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			same(t, tc.want, failure(t, w.rest(w.token(1), "event.bind", tc.body)))
		})
	}
}

func TestEventNeedsItsScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.AddApp(App{ClientID: "small"})
	w.portal.Install("small")
	token := w.portal.IssueToken("small", 1).Access
	same(t, "400 ERROR_EVENT_NOT_FOUND", failure(t, w.rest(token, "event.bind", `{"event":"ONCALENDARENTRYADD","handler":"`+hook+`"}`)))
	same(t, `{"result":["ONAPPINSTALL","ONAPPMETHODCONFIRM","ONAPPPAYMENT","ONAPPTEST","ONAPPUNINSTALL","ONAPPUPDATE","ONSUBSCRIPTIONRENEW"]}`,
		untimed(t, w.rest(token, "events", "").Body.Bytes()))
}

func TestEventHandlers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bind := `{"event":"onCalendarEntryAdd","handler":"` + hook + `"}`
	same(t, `{"result":true}`, w.ask(t, 1, "event.bind", bind))
	same(t, "400 ERROR_CORE", failure(t, w.rest(w.token(1), "event.bind", bind)))
	same(t, `{"result":true}`, w.ask(t, 7, "event.bind", bind)) // for himself
	list := func(entries ...string) string { return `{"result":[` + strings.Join(entries, ",") + `]}` }
	entry := func(user string) string {
		return `{"event":"ONCALENDARENTRYADD","handler":"http:\/\/app.localhost\/bitrix24\/events","auth_type":"` + user + `","offline":0}`
	}
	same(t, list(entry("0"), entry("7")), w.ask(t, 7, "event.get", ""))
	same(t, `{"result":{"count":1}}`, w.ask(t, 7, "event.unbind", bind)) // his own alone
	same(t, list(entry("0")), w.ask(t, 7, "event.get", ""))
	same(t, `{"result":{"count":1}}`, w.ask(t, 1, "event.unbind", bind))
	same(t, `{"result":{"count":0}}`, w.ask(t, 1, "event.unbind", bind))
	same(t, list(), w.ask(t, 1, "event.get", ""))
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
	w, to := newWorld(t), newReceiver(t, 200)
	w.ask(t, 1, "event.bind", `{"event":"ONCALENDARENTRYADD","handler":"`+to.URL+`/events"}`)
	w.portal.mu.Lock()
	w.portal.emit("ONCALENDARENTRYADD", obj{{"id", 1414}}, 7)
	w.portal.emit("ONCALENDARENTRYDELETE", obj{{"id", 1414}}, 7) // nobody listens
	w.portal.mu.Unlock()
	same(t, 1, w.portal.Deliver(t.Context()))
	same(t, 0, w.portal.Deliver(t.Context()))

	got := <-to.forms
	same(t, 200, w.rest(got.Get("auth[access_token]"), "profile", "").Code)
	w.tokens(t, refresh(got.Get("auth[refresh_token]")))
	got.Del("auth[access_token]")
	got.Del("auth[refresh_token]")
	same(t, url.Values{
		"event": {"ONCALENDARENTRYADD"}, "event_handler_id": {"1"}, "data[id]": {"1414"}, "ts": {"1773133200"},
		"auth[scope]": {"calendar,user_brief,department,im,sonet_group,placement"}, "auth[domain]": {"alpha.localhost"},
		"auth[server_endpoint]": {"http://oauth.localhost/rest/"}, "auth[client_endpoint]": {"http://alpha.localhost/rest/"},
		"auth[status]": {"S"}, "auth[member_id]": {worldMember}, "auth[user_id]": {"7"},
		"auth[expires]": {"1773136800"}, "auth[expires_in]": {"3600"},
		"auth[application_token]": {w.portal.ApplicationToken(worldApp)},
	}, got)
}

func TestUninstallIsToldWithoutTokens(t *testing.T) {
	t.Parallel()
	w, to := newWorld(t), newReceiver(t, 500)
	token := w.portal.ApplicationToken(worldApp)
	w.ask(t, 1, "event.bind", `{"event":"ONAPPUNINSTALL","handler":"`+to.URL+`/events"}`)
	w.ask(t, 1, "placement.bind", `{"PLACEMENT":"LEFT_MENU","HANDLER":"`+hook+`"}`)
	w.portal.Uninstall(worldApp)
	same(t, 0, w.portal.Deliver(t.Context())) // refused, and never sent again
	got := <-to.forms
	same(t, []string{"ONAPPUNINSTALL", "1", token, "", ""}, []string{
		got.Get("event"), got.Get("data[CLEAN]"), got.Get("auth[application_token]"),
		got.Get("auth[access_token]"), got.Get("auth[refresh_token]"),
	})
	w.portal.Install(worldApp)
	same(t, `{"result":[]}`, w.ask(t, 1, "event.get", ""))
	same(t, `{"result":[]}`, w.ask(t, 1, "placement.get", ""))
}

func TestServedPortalsDeliverByThemselves(t *testing.T) {
	t.Parallel()
	w, to := newWorld(t), newReceiver(t, 200)
	stop, err := w.sim.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	w.portal.mu.Lock()
	w.portal.state.handlers = append(w.portal.state.handlers, handler{clientID: worldApp, event: "ONAPPTEST", url: to.URL})
	w.portal.emit("ONAPPTEST", nil, 0)
	w.portal.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case got := <-to.forms:
		same(t, "ONAPPTEST", got.Get("event"))
	case <-ctx.Done():
		t.Fatal("the event never came")
	}
}

func TestPlacements(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bind := `{"PLACEMENT":"calendar_gridview","HANDLER":"` + hook + `","TITLE":"Slots","LANG_ALL":{"de":{"TITLE":"Termine"}}}`
	same(t, `{"result":true}`, w.ask(t, 1, "placement.bind", bind))
	same(t, "400 ERROR_CORE", failure(t, w.rest(w.token(1), "placement.bind", bind)))
	same(t, `{"result":[{"placement":"CALENDAR_GRIDVIEW","userId":0,"handler":"http:\/\/app.localhost\/bitrix24\/events","options":[],"title":"Slots","description":"","langAll":{"de":{"TITLE":"Termine"}}}]}`,
		w.ask(t, 7, "placement.get", ""))
	same(t, `{"result":{"count":2}}`, w.ask(t, 1, "placement.unbind", `{"PLACEMENT":"CALENDAR_GRIDVIEW"}`))
	same(t, `{"result":[]}`, w.ask(t, 1, "placement.get", ""))
	same(t, `{"result":["CALENDAR_GRIDVIEW"]}`, w.ask(t, 1, "placement.list", `{"SCOPE":"calendar"}`))
	same(t, false, strings.Contains(w.ask(t, 1, "placement.list", ""), "CRM_"))
	same(t, true, strings.Contains(w.ask(t, 1, "placement.list", `{"FULL":true}`), "CRM_"))
}

func TestOneDeepLinkHandlerFailsWithin200(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(t, 1, "placement.bind", `{"PLACEMENT":"REST_APP_URI","HANDLER":"`+hook+`"}`)
	second := `{"PLACEMENT":"REST_APP_URI","HANDLER":"` + hook + `/2"}`
	same(t, "200 ERROR_PLACEMENT_MAX_COUNT", failure(t, w.rest(w.token(1), "placement.bind", second)))
	batch := w.ask(t, 1, "batch", `{"cmd":{"a":"placement.bind?PLACEMENT=REST_APP_URI&HANDLER=http://app.localhost/3"}}`)
	same(t, true, strings.Contains(batch, `"result":[],"result_error":{"a":{"error":"ERROR_PLACEMENT_MAX_COUNT"`))
}

func TestPlacementRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		user       int
		body, want string
	}{
		{"no administrator", 7, `{"PLACEMENT":"LEFT_MENU","HANDLER":"` + hook + `"}`, "403 ACCESS_DENIED"},
		{"no place", 1, `{"HANDLER":"` + hook + `"}`, "400 ERROR_ARGUMENT"},
		{"no handler", 1, `{"PLACEMENT":"LEFT_MENU"}`, "400 ERROR_ARGUMENT"},
		{"unknown place", 1, `{"PLACEMENT":"CEILING","HANDLER":"` + hook + `"}`, "400 ERROR_PLACEMENT_NOT_FOUND"},
		{"scope missing", 1, `{"PLACEMENT":"CRM_DEAL_DETAIL_TAB","HANDLER":"` + hook + `"}`, "400 ERROR_PLACEMENT_NOT_FOUND"},
		{"bare host", 1, `{"PLACEMENT":"LEFT_MENU","HANDLER":"http://localhost/"}`, "400 ERROR_WRONG_HANDLER_URL"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			same(t, tc.want, failure(t, w.rest(w.token(tc.user), "placement.bind", tc.body)))
		})
	}
}
