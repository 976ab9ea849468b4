package portalsim

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// withWidgets is a world whose app has all scopes and a widget at every place.
func withWidgets(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	app := *w.sim.app(worldApp)
	app.Scopes = append(slices.Clone(app.Scopes), "task", "crm")
	app.InstallURL = "http://app.localhost/bitrix24/install"
	w.sim.AddApp(app)
	w.portal.Change(func(p *Portal) {
		p.Tasks = []*Task{{ID: 31, Title: "Demo", Creator: 1, Responsible: 7, Accomplices: []int{9}, Auditors: []int{8}}}
		p.Deals = []*Deal{{ID: 8061, Title: "Big", Client: "Acme", Assigned: 7, Creator: 1}}
	})
	for _, code := range []string{
		"LEFT_MENU", "CALENDAR_GRIDVIEW", "USER_PROFILE_TOOLBAR", "SONET_GROUP_DETAIL_TAB",
		"IM_SIDEBAR", "IM_TEXTAREA", "TASK_VIEW_TAB", "CRM_DEAL_DETAIL_TAB", "REST_APP_URI",
	} {
		w.bindWidget(t, code)
	}
	return w
}

func (w *world) bindWidget(t *testing.T, code string) {
	t.Helper()
	answer := w.ask(t, 1, "placement.bind", `{"PLACEMENT":"`+code+`","HANDLER":"http://app.localhost/widget","TITLE":"Times for `+code+`","LANG_ALL":{"en":{"TITLE":"Slots `+code+`"},"de":{"TITLE":"Zeiten"}}}`)
	same(t, `{"result":true}`, answer)
}

// from opens a page the way a link on another page of the portal does.
func (w *world) from(user int, opener, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://"+worldHost+path, nil)
	if opener != "" {
		r.Header.Set("Referer", "http://"+worldHost+opener)
	}
	r.AddCookie(w.portal.SignIn(user))
	return w.send(r)
}

// posted is what a page's form posts into the frame, with the address under
// "action" and the frame's name under "target"; nil without a frame.
func posted(t *testing.T, page string) url.Values {
	t.Helper()
	form := regexp.MustCompile(`(?s)<form method="post" target="([^"]*)" action="([^"]*)">(.*?)</form>`).FindStringSubmatch(page)
	if form == nil {
		return nil
	}
	fields := url.Values{"target": {html.UnescapeString(form[1])}, "action": {html.UnescapeString(form[2])}}
	for _, input := range regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form[3], -1) {
		fields.Add(input[1], html.UnescapeString(input[2]))
	}
	same(t, true, strings.Contains(page, `<iframe name="`+form[1]+`"`))
	return fields
}

// followed is the page behind the link with a text.
func (w *world) followed(t *testing.T, user int, path, text string) *httptest.ResponseRecorder {
	t.Helper()
	link := regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*>` + regexp.QuoteMeta(text) + `</a>`).FindStringSubmatch(w.page(user, path).Body.String())
	if link == nil {
		t.Fatalf("%s has no link %q", path, text)
	}
	return w.from(user, path, html.UnescapeString(link[1]))
}

func TestWidgetsGetTheirOptions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ code, path, options string }{
		{"LEFT_MENU", "/company/", `{"URI":"\/company\/"}`},
		{"CALENDAR_GRIDVIEW", "/company/personal/user/7/calendar/?view=week&date=2026-03-12", `{"viewRangeFrom":"2026-03-09","viewRangeTo":"2026-03-16","URI":"\/company\/personal\/user\/7\/calendar\/?view=week\u0026date=2026-03-12"}`},
		{"CALENDAR_GRIDVIEW", "/company/personal/user/7/calendar/?view=month&date=2026-08-31", `{"viewRangeFrom":"2026-07-27","viewRangeTo":"2026-09-07","URI":"\/company\/personal\/user\/7\/calendar\/?view=month\u0026date=2026-08-31"}`},
		{"CALENDAR_GRIDVIEW", "/company/personal/user/7/calendar/?view=day", `{"viewRangeFrom":"2026-03-10","viewRangeTo":"2026-03-11","URI":"\/company\/personal\/user\/7\/calendar\/?view=day"}`},
		{"USER_PROFILE_TOOLBAR", "/company/personal/user/1/", `{"USER_ID":"1","URI":"\/company\/personal\/user\/1\/"}`},
		{"SONET_GROUP_DETAIL_TAB", "/workgroups/group/10/", `{"GROUP_ID":"10","URI":"\/workgroups\/group\/10\/"}`},
		{"IM_SIDEBAR", "/online/?IM_DIALOG=chat29", `{"dialogId":"chat29","URI":"\/online\/?IM_DIALOG=chat29"}`},
		{"IM_TEXTAREA", "/online/?IM_DIALOG=1", `{"dialogId":"1","URI":"\/online\/?IM_DIALOG=1"}`},
		{"TASK_VIEW_TAB", "/company/personal/user/7/tasks/task/view/31/", `{"taskId":"31","URI":"\/company\/personal\/user\/7\/tasks\/task\/view\/31\/"}`},
		{"CRM_DEAL_DETAIL_TAB", "/crm/deal/details/8061/", `{"ID":"8061","URI":"\/crm\/deal\/details\/8061\/"}`},
	} {
		t.Run(tc.code, func(t *testing.T) {
			t.Parallel()
			w := withWidgets(t)
			got := posted(t, w.followed(t, 7, tc.path, "Slots "+tc.code).Body.String())
			same(t, tc.options, got.Get("PLACEMENT_OPTIONS"))
			same(t, tc.code, got.Get("PLACEMENT"))
			action, err := url.Parse(got.Get("action"))
			if err != nil {
				t.Fatal(err)
			}
			q := action.Query()
			same(t, "http://app.localhost/widget", "http://"+action.Host+action.Path)
			same(t, "alpha.localhost|0|"+q.Get("APP_SID"), got.Get("target"))
			same(t, []string{"alpha.localhost", "0", "en", "32"}, []string{q.Get("DOMAIN"), q.Get("PROTOCOL"), q.Get("LANG"), strconv.Itoa(len(q.Get("APP_SID")))})
			for _, field := range []string{"AUTH_ID", "AUTH_EXPIRES", "REFRESH_ID", "SERVER_ENDPOINT", "APPLICATION_TOKEN", "APPLICATION_SCOPE", "member_id", "status"} {
				same(t, true, got.Get(field) != "")
			}
			var profile struct {
				Result struct{ ID string }
			}
			if err := json.Unmarshal(w.rest(got.Get("AUTH_ID"), "profile", "").Body.Bytes(), &profile); err != nil {
				t.Fatal(err)
			}
			same(t, "7", profile.Result.ID)
		})
	}
}

func TestWeeksBeginAsThePortalSays(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	w.portal.Change(func(p *Portal) { p.Settings.WeekStart = "SU" })
	got := posted(t, w.followed(t, 7, "/company/personal/user/7/calendar/?view=month&date=2026-08-15", "Slots CALENDAR_GRIDVIEW").Body.String())
	same(t, true, strings.HasPrefix(got.Get("PLACEMENT_OPTIONS"), `{"viewRangeFrom":"2026-07-26","viewRangeTo":"2026-09-06"`))
}

// Who comes from nowhere has no URI; foreign sites tell none of theirs.
func TestOptionsWithoutOpener(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	path := regexp.MustCompile(`/marketplace/placement/\d+/`).FindString(w.page(7, "/").Body.String())
	same(t, false, posted(t, w.from(7, "", path).Body.String()).Has("PLACEMENT_OPTIONS"))
	r := httptest.NewRequest(http.MethodGet, "http://"+worldHost+path, nil)
	r.Header.Set("Referer", "http://evil.test/x")
	r.AddCookie(w.portal.SignIn(7))
	same(t, false, posted(t, w.send(r).Body.String()).Has("PLACEMENT_OPTIONS"))
}

func TestDeepLinks(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	const link = "/marketplace/view/acme.slots/?params[link]=a%22b&params[n]=5"
	around := w.page(7, link).Body.String()
	same(t, true, strings.Contains(around, `data-slide="/marketplace/view/acme.slots/?params[link]=a%22b&amp;params[n]=5"`))
	same(t, url.Values(nil), posted(t, around))
	got := posted(t, w.from(7, link, link+"&IFRAME=Y&IFRAME_TYPE=SIDE_SLIDER").Body.String())
	same(t, "REST_APP_URI", got.Get("PLACEMENT"))
	same(t, `{"link":"a\u0022b","n":"5","URI":"\/marketplace\/view\/acme.slots\/?params[link]=a%22b\u0026params[n]=5"}`, got.Get("PLACEMENT_OPTIONS"))
	same(t, 200, w.page(7, "/marketplace/view/"+worldApp+"/").Code)
	same(t, 404, w.page(7, "/marketplace/view/other/").Code)
}

// The app's main page hands the parameters of its address on, but not the portal's.
func TestMainPageHandsParametersOn(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	got := posted(t, w.page(7, "/marketplace/app/"+worldApp+"/?who=3&install_finished=Y&IFRAME=Y").Body.String())
	same(t, []string{"DEFAULT", `{"who":"3"}`}, []string{got.Get("PLACEMENT"), got.Get("PLACEMENT_OPTIONS")})
	same(t, "http://app.localhost/bitrix24", strings.Split(got.Get("action"), "?")[0])
}

func TestDeniedCommands(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	for _, tc := range []struct {
		name, body string
		want       []string
	}{
		{"main page", w.page(7, "/marketplace/app/"+worldApp+"/").Body.String(), []string{}},
		{"main page in a slider", w.page(7, "/marketplace/app/"+worldApp+"/?IFRAME=Y").Body.String(), []string{"resizeWindow"}},
		{"tab", w.followed(t, 7, "/workgroups/group/10/", "Slots SONET_GROUP_DETAIL_TAB").Body.String(), []string{"setTitle", "setScroll", "reloadWindow"}},
		{"popup", w.followed(t, 7, "/online/?IM_DIALOG=chat29", "Slots IM_TEXTAREA").Body.String(), []string{"setTitle", "setScroll", "reloadWindow", "resizeWindow"}},
	} {
		var facts scriptFacts
		data := regexp.MustCompile(`data-app="([^"]*)"`).FindStringSubmatch(tc.body)
		if err := json.Unmarshal([]byte(html.UnescapeString(data[1])), &facts); err != nil {
			t.Fatal(err)
		}
		same(t, tc.want, facts.Denied)
		same(t, "http://app.localhost", facts.Origin)
		same(t, false, facts.Admin)
	}
}

// Only those who may see an object see its page.
func TestPagesOfOthers(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	for path, want := range map[string]int{
		"/online/?IM_DIALOG=chat30": 404, "/online/?IM_DIALOG=chat29": 200, "/online/?IM_DIALOG=sg1": 404,
		"/workgroups/group/99/": 404, "/crm/deal/details/1/": 404, "/company/personal/user/99/": 404,
		"/company/personal/user/7/tasks/task/view/1/": 404, "/marketplace/placement/999/": 404,
	} {
		same(t, want, w.page(7, path).Code)
	}
	same(t, 404, w.page(9, "/workgroups/group/11/").Code)
	id := w.portal.AddEvent(Event{Owner: 1, Name: "Anna's secret", From: On(2026, 3, 12).At(14, 0), To: On(2026, 3, 12).At(15, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	event := "/company/personal/user/1/calendar/?EVENT_ID=" + strconv.Itoa(id)
	same(t, 404, w.page(7, event).Code)
	same(t, true, strings.Contains(w.page(1, event).Body.String(), "Anna&#39;s secret"))
	seen := w.page(7, "/company/personal/user/1/calendar/?view=day&date=2026-03-12").Body.String()
	same(t, []bool{true, false}, []bool{strings.Contains(seen, "<b>Busy</b>"), strings.Contains(seen, "secret")})
	w.portal.Change(func(p *Portal) { p.user(1).HiddenFrom = []int{7} })
	same(t, false, strings.Contains(w.page(7, "/company/personal/user/1/calendar/?view=day&date=2026-03-12").Body.String(), "<b>Busy</b>"))
}

func TestChatsKeepWhatWasSaid(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	say := func(user int, dialog, text string) int {
		r := httptest.NewRequest(http.MethodPost, "http://"+worldHost+"/online/", strings.NewReader(url.Values{"dialog": {dialog}, "text": {text}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(w.portal.SignIn(user))
		return w.send(r).Code
	}
	same(t, 303, say(7, "1", "See http://alpha.localhost/marketplace/view/acme.slots/?params[link]=x <b>"))
	body := w.page(1, "/online/?IM_DIALOG=7").Body.String()
	same(t, true, strings.Contains(body, `<a href="http://alpha.localhost/marketplace/view/acme.slots/?params%5blink%5d=x" data-slider>`) || strings.Contains(body, `data-slider>http://alpha.localhost/marketplace/view/acme.slots/?params`))
	same(t, true, strings.Contains(body, "&lt;b&gt;"))
	same(t, false, strings.Contains(w.page(9, "/online/?IM_DIALOG=1").Body.String(), "See"))
	same(t, 404, say(7, "chat30", "x"))
}

func TestWorkOfTasksAndDeals(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	same(t, `{"result":{"task":{"id":"31","title":"Demo","createdBy":"1","responsibleId":"7","accomplices":["9"],"auditors":["8"],"groupId":"0"}}}`, w.ask(t, 7, "tasks.task.get", `{"taskId":31}`))
	same(t, `{"result":{"ID":"8061","TITLE":"Big","STAGE_ID":"NEW","ASSIGNED_BY_ID":"7","CREATED_BY_ID":"1"}}`, w.ask(t, 7, "crm.deal.get", `{"id":"8061"}`))
	same(t, `{"result":{"item":{"id":8061,"title":"Big","createdBy":1,"assignedById":7,"companyId":0,"contactId":0,"observers":[],"contactIds":[],"entityTypeId":2}}}`, w.ask(t, 7, "crm.item.get", `{"entityTypeId":2,"id":"8061"}`))
	same(t, "400 NOT_FOUND", failure(t, w.rest(w.token(7), "crm.item.get", `{"entityTypeId":2,"id":1}`)))
	same(t, "400 NOT_FOUND", failure(t, w.rest(w.token(7), "crm.item.get", `{"id":8061}`)))
	same(t, "400 1048582", failure(t, w.rest(w.token(7), "tasks.task.get", `{"taskId":1}`)))
	same(t, "400 ", failure(t, w.rest(w.token(7), "crm.deal.get", `{"id":1}`)))
}

// received collects the events that come to an app.
func received(t *testing.T, w *world) (address string, events func() []url.Values) {
	t.Helper()
	var got []url.Values
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		got = append(got, form)
	}))
	t.Cleanup(app.Close)
	return app.URL, func() []url.Values {
		w.portal.Deliver(t.Context())
		defer func() { got = nil }()
		return got
	}
}

func (w *world) press(user int, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://"+worldHost+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(w.portal.SignIn(user))
	return w.send(r)
}

func TestInstallationFromOfferToRemoval(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	const path = "/marketplace/app/" + worldApp + "/"
	handler, events := received(t, w)
	bind := func() {
		for _, event := range []string{"ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL", EntryAdded} {
			same(t, `{"result":true}`, w.ask(t, 1, "event.bind", `{"event":"`+event+`","handler":"`+handler+`"}`))
		}
	}
	before := w.portal.ApplicationToken(worldApp)
	same(t, 403, w.press(7, path+"install", nil).Code)
	same(t, path, w.press(1, path+"install", nil).Header().Get("Location"))
	bind()

	// Until the installer has finished there are neither widgets nor events.
	same(t, 403, w.page(7, path).Code)
	wizard := w.page(1, path).Body.String()
	got := posted(t, wizard)
	same(t, []string{"http://app.localhost/bitrix24/install", "DEFAULT"}, []string{strings.Split(got.Get("action"), "?")[0], got.Get("PLACEMENT")})
	same(t, true, strings.Contains(wizard, "&#34;INSTALL&#34;:true"))
	same(t, false, strings.Contains(w.page(1, "/company/").Body.String(), "Slots LEFT_MENU"))
	same(t, true, strings.Contains(w.ask(t, 1, "app.info", ""), `"INSTALLED":false`))
	w.portal.AddEvent(Event{Owner: 7, Name: "x", From: On(2026, 3, 12).At(9, 0), To: On(2026, 3, 12).At(10, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	same(t, []url.Values(nil), events())

	same(t, 403, w.press(7, path+"finish", nil).Code)
	same(t, 204, w.press(1, path+"finish", nil).Code)
	same(t, 204, w.press(1, path+"finish", nil).Code)
	all := events()
	same(t, 1, len(all))
	token := w.portal.ApplicationToken(worldApp)
	same(t, []string{"ONAPPINSTALL", "1", "Y", "Y", token, "1"}, values(all[0], "event", "data[VERSION]", "data[ACTIVE]", "data[INSTALLED]", "auth[application_token]", "auth[user_id]"))
	same(t, false, token == before)
	same(t, true, all[0].Get("auth[refresh_token]") != "")
	same(t, true, strings.Contains(w.page(7, "/company/").Body.String(), "Slots LEFT_MENU"))
	same(t, "DEFAULT", posted(t, w.page(7, path).Body.String()).Get("PLACEMENT"))
	same(t, true, strings.Contains(w.ask(t, 1, "app.info", ""), `"INSTALLED":true`))

	// An update brings a new token and loses the handlers.
	same(t, 303, w.press(1, path+"update", nil).Code)
	all = events()
	same(t, 1, len(all))
	same(t, []string{"ONAPPUPDATE", "2", "1", w.portal.ApplicationToken(worldApp)}, values(all[0], "event", "data[VERSION]", "data[PREVIOUS_VERSION]", "auth[application_token]"))
	same(t, false, w.portal.ApplicationToken(worldApp) == token)
	same(t, `{"result":[]}`, w.ask(t, 1, "event.get", ""))
	same(t, false, w.ask(t, 1, "placement.get", "") == `{"result":[]}`)

	// Removal is told without tokens, with the wish about the data.
	for action, clean := range map[string]string{"uninstall": "0", "clean": "1"} {
		w.portal.Install(worldApp)
		bind()
		same(t, 303, w.press(1, path+action, nil).Code)
		all = events()
		same(t, 1, len(all))
		same(t, []string{"ONAPPUNINSTALL", clean, "", ""}, values(all[0], "event", "data[CLEAN]", "auth[access_token]", "auth[refresh_token]"))
		same(t, 404, w.page(1, path).Code)
		same(t, 404, w.press(1, path+action, nil).Code)
		same(t, true, strings.Contains(w.page(1, "/marketplace/").Body.String(), "not on this portal"))
	}
}

func values(form url.Values, names ...string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = form.Get(name)
	}
	return list
}

func TestRunInstaller(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	status := http.StatusOK
	var launch url.Values
	installer := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		launch = r.PostForm
		rw.WriteHeader(status)
	}))
	defer installer.Close()
	app := *w.sim.app(worldApp)
	app.InstallURL = installer.URL
	w.sim.AddApp(app)
	same(t, error(nil), w.portal.RunInstaller(t.Context(), worldApp, 1))
	same(t, []string{"DEFAULT", worldMember}, values(launch, "PLACEMENT", "member_id"))
	same(t, false, w.portal.pending(worldApp))
	status = http.StatusBadGateway
	same(t, true, w.portal.RunInstaller(t.Context(), worldApp, 1) != nil)
	same(t, true, w.portal.pending(worldApp))
	same(t, true, w.portal.RunInstaller(t.Context(), "nobody", 1) != nil)
}

func TestToolsMakeThingsHappen(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	handler, events := received(t, w)
	for _, event := range []string{EntryAdded, EntryDeleted} {
		w.ask(t, 1, "event.bind", `{"event":"`+event+`","handler":"`+handler+`"}`)
	}
	same(t, "/sim/?done=blocked", w.press(7, "/sim/block", url.Values{"user": {"1"}, "start": {"2026-03-12T10:00"}, "minutes": {"90"}}).Header().Get("Location"))
	rows := w.portal.EventsOf(1)
	same(t, 1, len(rows))
	same(t, []any{On(2026, 3, 12).At(10, 0), On(2026, 3, 12).At(11, 30), "Europe/Berlin"}, []any{rows[0].From, rows[0].To, rows[0].ZoneFrom})
	same(t, EntryAdded, events()[0].Get("event"))
	id := strconv.Itoa(rows[0].ID)
	same(t, true, strings.Contains(w.page(7, "/sim/").Body.String(), `name="id" value="`+id+`"`))
	same(t, 303, w.press(7, "/sim/free", url.Values{"id": {id}}).Code)
	same(t, EntryDeleted, events()[0].Get("event"))
	same(t, 422, w.press(7, "/sim/free", url.Values{"id": {id}}).Code)

	same(t, 303, w.press(7, "/sim/event", url.Values{"event": {EntryAdded}, "id": {"5"}, "forged": {"1"}, "nobody": {"1"}}).Code)
	all := events()
	same(t, []string{"5", "forged", ""}, values(all[0], "data[id]", "auth[application_token]", "auth[access_token]"))
	same(t, 422, w.press(7, "/sim/event", url.Values{"event": {"ONNOTHING"}}).Code)

	same(t, "/sim/?done=dismissed", w.press(7, "/sim/dismiss", url.Values{"user": {"1"}}).Header().Get("Location"))
	same(t, false, w.portal.person("1").Active)
	same(t, "/sim/?done=hired", w.press(7, "/sim/dismiss", url.Values{"user": {"1"}}).Header().Get("Location"))
	same(t, 422, w.press(7, "/sim/dismiss", url.Values{"user": {"7"}}).Code)

	token := w.token(7)
	same(t, 303, w.press(7, "/sim/expire", nil).Code)
	same(t, "401 expired_token", failure(t, w.rest(token, "profile", "")))
	same(t, 404, w.press(7, "/sim/nothing", nil).Code)
}

func TestMessagesAreKept(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	r := httptest.NewRequest(http.MethodPost, "http://"+worldHost+"/sim/messages", strings.NewReader(`{"placement":"DEFAULT","origin":"http://app.localhost","command":"setTitle","params":"{}","outcome":"taken"}`))
	r.AddCookie(w.portal.SignIn(7))
	same(t, 204, w.send(r).Code)
	want := []Message{{"DEFAULT", "http://app.localhost", "setTitle", "{}", "taken"}}
	same(t, want, w.portal.Messages())
	var told []Message
	if err := json.Unmarshal(w.page(7, "/sim/messages").Body.Bytes(), &told); err != nil {
		t.Fatal(err)
	}
	same(t, want, told)
	same(t, true, strings.Contains(w.page(7, "/sim/").Body.String(), "<td>setTitle"))
}

// Every page has the policy under which only its own script runs.
func TestPagesHaveAPolicy(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	for _, path := range []string{"/", "/company/", "/sim/", "/marketplace/", "/tasks/", "/crm/deal/", "/workgroups/", "/online/"} {
		rec := w.page(7, path)
		same(t, http.StatusOK, rec.Code)
		same(t, "default-src 'self'; frame-src *; frame-ancestors 'self'; base-uri 'none'", rec.Header().Get("Content-Security-Policy"))
		same(t, false, regexp.MustCompile(`(?i)<style| style=|<script>| on[a-z]+=`).MatchString(rec.Body.String()))
	}
	same(t, "text/javascript; charset=utf-8", w.page(0, "/sim/portal.js").Header().Get("Content-Type"))
	same(t, 200, w.page(0, "/sim/portal.css").Code)
}
