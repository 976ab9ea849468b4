package site_test

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

	"slotfinder/internal/portalsim"
	"slotfinder/internal/portalsim/calendar"
	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/simtest"
	"slotfinder/internal/portalsim/site"
)

// withWidgets is a world whose app has all scopes and a widget at every place.
func withWidgets(t *testing.T) *simtest.World {
	t.Helper()
	w := simtest.New(t)
	app := w.App
	app.Scopes = append(slices.Clone(app.Scopes), "task", "crm")
	app.InstallURL = "http://app.localhost/bitrix24/install"
	w.Register(app)
	w.Portal.Change(func(p *portalsim.Portal) {
		p.Tasks = []*portal.Task{{ID: 31, Title: "Demo", Creator: 1, Responsible: 7, Accomplices: []int{9}, Auditors: []int{8}}}
		p.Deals = []*portal.Deal{{ID: 8061, Title: "Big", Client: "Acme", Assigned: 7, Creator: 1}}
	})
	for _, code := range []string{
		"LEFT_MENU", "CALENDAR_GRIDVIEW", "USER_PROFILE_TOOLBAR", "SONET_GROUP_DETAIL_TAB",
		"IM_SIDEBAR", "IM_TEXTAREA", "TASK_VIEW_TAB", "CRM_DEAL_DETAIL_TAB", "REST_APP_URI",
	} {
		bindWidget(t, w, code)
	}
	return w
}

func bindWidget(t *testing.T, w *simtest.World, code string) {
	t.Helper()
	answer := w.Ask(t, 1, "placement.bind", `{"PLACEMENT":"`+code+`","HANDLER":"http://app.localhost/widget","TITLE":"Times for `+code+`","LANG_ALL":{"en":{"TITLE":"Slots `+code+`"},"de":{"TITLE":"Zeiten"}}}`)
	simtest.Equal(t, `{"result":true}`, answer)
}

// from opens a page the way a link on another page of the portal does.
func from(w *simtest.World, user int, opener, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://"+simtest.Host+path, nil)
	if opener != "" {
		r.Header.Set("Referer", "http://"+simtest.Host+opener)
	}
	r.AddCookie(w.Portal.SignIn(user))
	return w.Send(r)
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
	simtest.Equal(t, true, strings.Contains(page, `<iframe name="`+form[1]+`"`))
	return fields
}

// followed is the page behind the link with a text.
func followed(t *testing.T, w *simtest.World, user int, path, text string) *httptest.ResponseRecorder {
	t.Helper()
	link := regexp.MustCompile(`<a [^>]*href="([^"]*)"[^>]*>` + regexp.QuoteMeta(text) + `</a>`).FindStringSubmatch(w.Page(user, path).Body.String())
	if link == nil {
		t.Fatalf("%s has no link %q", path, text)
	}
	return from(w, user, path, html.UnescapeString(link[1]))
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
			got := posted(t, followed(t, w, 7, tc.path, "Slots "+tc.code).Body.String())
			simtest.Equal(t, tc.options, got.Get("PLACEMENT_OPTIONS"))
			simtest.Equal(t, tc.code, got.Get("PLACEMENT"))
			action, err := url.Parse(got.Get("action"))
			if err != nil {
				t.Fatal(err)
			}
			q := action.Query()
			simtest.Equal(t, "http://app.localhost/widget", "http://"+action.Host+action.Path)
			simtest.Equal(t, "alpha.localhost|0|"+q.Get("APP_SID"), got.Get("target"))
			simtest.Equal(t, []string{"alpha.localhost", "0", "en", "32"}, []string{q.Get("DOMAIN"), q.Get("PROTOCOL"), q.Get("LANG"), strconv.Itoa(len(q.Get("APP_SID")))})
			for _, field := range []string{"AUTH_ID", "AUTH_EXPIRES", "REFRESH_ID", "SERVER_ENDPOINT", "APPLICATION_TOKEN", "APPLICATION_SCOPE", "member_id", "status"} {
				simtest.Equal(t, true, got.Get(field) != "")
			}
			var profile struct {
				Result struct{ ID string }
			}
			if err := json.Unmarshal(w.Call(got.Get("AUTH_ID"), "profile", "").Body.Bytes(), &profile); err != nil {
				t.Fatal(err)
			}
			simtest.Equal(t, "7", profile.Result.ID)
		})
	}
}

func TestWeeksBeginAsThePortalSays(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	w.Portal.Change(func(p *portalsim.Portal) { p.Settings.WeekStart = "SU" })
	got := posted(t, followed(t, w, 7, "/company/personal/user/7/calendar/?view=month&date=2026-08-15", "Slots CALENDAR_GRIDVIEW").Body.String())
	simtest.Equal(t, true, strings.HasPrefix(got.Get("PLACEMENT_OPTIONS"), `{"viewRangeFrom":"2026-07-26","viewRangeTo":"2026-09-06"`))
}

// Without a page before there is no URI, and pages of other sites are not told.
func TestOptionsWithoutOpener(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	path := regexp.MustCompile(`/marketplace/placement/\d+/`).FindString(w.Page(7, "/").Body.String())
	simtest.Equal(t, false, posted(t, from(w, 7, "", path).Body.String()).Has("PLACEMENT_OPTIONS"))
	r := httptest.NewRequest(http.MethodGet, "http://"+simtest.Host+path, nil)
	r.Header.Set("Referer", "http://evil.test/x")
	r.AddCookie(w.Portal.SignIn(7))
	simtest.Equal(t, false, posted(t, w.Send(r).Body.String()).Has("PLACEMENT_OPTIONS"))
}

func TestDeepLinks(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	const link = "/marketplace/view/acme.slots/?params[link]=a%22b&params[n]=5"
	around := w.Page(7, link).Body.String()
	simtest.Equal(t, true, strings.Contains(around, `data-slide="/marketplace/view/acme.slots/?params[link]=a%22b&amp;params[n]=5"`))
	simtest.Equal(t, url.Values(nil), posted(t, around))
	got := posted(t, from(w, 7, link, link+"&IFRAME=Y&IFRAME_TYPE=SIDE_SLIDER").Body.String())
	simtest.Equal(t, "REST_APP_URI", got.Get("PLACEMENT"))
	simtest.Equal(t, `{"link":"a\u0022b","n":"5","URI":"\/marketplace\/view\/acme.slots\/?params[link]=a%22b\u0026params[n]=5"}`, got.Get("PLACEMENT_OPTIONS"))
	simtest.Equal(t, 200, w.Page(7, "/marketplace/view/"+simtest.ClientID+"/").Code)
	simtest.Equal(t, 404, w.Page(7, "/marketplace/view/other/").Code)
}

// The app's main page hands the parameters of its address on, but not the portal's.
func TestMainPageHandsParametersOn(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	got := posted(t, w.Page(7, "/marketplace/app/"+simtest.ClientID+"/?who=3&install_finished=Y&IFRAME=Y").Body.String())
	simtest.Equal(t, []string{"DEFAULT", `{"who":"3"}`}, []string{got.Get("PLACEMENT"), got.Get("PLACEMENT_OPTIONS")})
	simtest.Equal(t, "http://app.localhost/bitrix24", strings.Split(got.Get("action"), "?")[0])
}

func TestDeniedCommands(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	for _, tc := range []struct {
		name, body string
		want       []string
	}{
		{"main page", w.Page(7, "/marketplace/app/"+simtest.ClientID+"/").Body.String(), []string{}},
		{"main page in a slider", w.Page(7, "/marketplace/app/"+simtest.ClientID+"/?IFRAME=Y").Body.String(), []string{"resizeWindow"}},
		{"tab", followed(t, w, 7, "/workgroups/group/10/", "Slots SONET_GROUP_DETAIL_TAB").Body.String(), []string{"setTitle", "setScroll", "reloadWindow"}},
		{"popup", followed(t, w, 7, "/online/?IM_DIALOG=chat29", "Slots IM_TEXTAREA").Body.String(), []string{"setTitle", "setScroll", "reloadWindow", "resizeWindow"}},
	} {
		var facts struct {
			Denied []string
			Origin string
			Admin  bool
		}
		data := regexp.MustCompile(`data-app="([^"]*)"`).FindStringSubmatch(tc.body)
		if err := json.Unmarshal([]byte(html.UnescapeString(data[1])), &facts); err != nil {
			t.Fatal(err)
		}
		simtest.Equal(t, tc.want, facts.Denied)
		simtest.Equal(t, "http://app.localhost", facts.Origin)
		simtest.Equal(t, false, facts.Admin)
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
		simtest.Equal(t, want, w.Page(7, path).Code)
	}
	simtest.Equal(t, 404, w.Page(9, "/workgroups/group/11/").Code)
	id := w.Portal.AddEvent(portal.Event{Owner: 1, Name: "Anna's secret", From: clock.On(2026, 3, 12).At(14, 0), To: clock.On(2026, 3, 12).At(15, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	event := "/company/personal/user/1/calendar/?EVENT_ID=" + strconv.Itoa(id)
	simtest.Equal(t, 404, w.Page(7, event).Code)
	simtest.Equal(t, true, strings.Contains(w.Page(1, event).Body.String(), "Anna&#39;s secret"))
	seen := w.Page(7, "/company/personal/user/1/calendar/?view=day&date=2026-03-12").Body.String()
	simtest.Equal(t, []bool{true, false}, []bool{strings.Contains(seen, "<b>Busy</b>"), strings.Contains(seen, "secret")})
	w.Portal.Change(func(p *portalsim.Portal) { simtest.UserOf(p, 1).HiddenFrom = []int{7} })
	simtest.Equal(t, false, strings.Contains(w.Page(7, "/company/personal/user/1/calendar/?view=day&date=2026-03-12").Body.String(), "<b>Busy</b>"))
}

func TestChatsKeepWhatWasSaid(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	say := func(user int, dialog, text string) int {
		r := httptest.NewRequest(http.MethodPost, "http://"+simtest.Host+"/online/", strings.NewReader(url.Values{"dialog": {dialog}, "text": {text}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(w.Portal.SignIn(user))
		return w.Send(r).Code
	}
	simtest.Equal(t, 303, say(7, "1", "See http://alpha.localhost/marketplace/view/acme.slots/?params[link]=x <b>"))
	body := w.Page(1, "/online/?IM_DIALOG=7").Body.String()
	simtest.Equal(t, true, strings.Contains(body, `<a href="http://alpha.localhost/marketplace/view/acme.slots/?params%5blink%5d=x" data-slider>`) || strings.Contains(body, `data-slider>http://alpha.localhost/marketplace/view/acme.slots/?params`))
	simtest.Equal(t, true, strings.Contains(body, "&lt;b&gt;"))
	simtest.Equal(t, false, strings.Contains(w.Page(9, "/online/?IM_DIALOG=1").Body.String(), "See"))
	simtest.Equal(t, 404, say(7, "chat30", "x"))
}

func TestWorkOfTasksAndDeals(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	simtest.Equal(t, `{"result":{"task":{"id":"31","title":"Demo","createdBy":"1","responsibleId":"7","accomplices":["9"],"auditors":["8"],"groupId":"0"}}}`, w.Ask(t, 7, "tasks.task.get", `{"taskId":31}`))
	simtest.Equal(t, `{"result":{"ID":"8061","TITLE":"Big","STAGE_ID":"NEW","ASSIGNED_BY_ID":"7","CREATED_BY_ID":"1"}}`, w.Ask(t, 7, "crm.deal.get", `{"id":"8061"}`))
	simtest.Equal(t, `{"result":{"item":{"id":8061,"title":"Big","createdBy":1,"assignedById":7,"companyId":0,"contactId":0,"observers":[],"contactIds":[],"entityTypeId":2}}}`, w.Ask(t, 7, "crm.item.get", `{"entityTypeId":2,"id":"8061"}`))
	simtest.Equal(t, "400 NOT_FOUND", simtest.ErrorOf(t, w.Call(w.Token(7), "crm.item.get", `{"entityTypeId":2,"id":1}`)))
	simtest.Equal(t, "400 NOT_FOUND", simtest.ErrorOf(t, w.Call(w.Token(7), "crm.item.get", `{"id":8061}`)))
	simtest.Equal(t, "400 1048582", simtest.ErrorOf(t, w.Call(w.Token(7), "tasks.task.get", `{"taskId":1}`)))
	simtest.Equal(t, "400 ", simtest.ErrorOf(t, w.Call(w.Token(7), "crm.deal.get", `{"id":1}`)))
}

// received collects the events that come to an app.
func received(t *testing.T, w *simtest.World) (address string, events func() []url.Values) {
	t.Helper()
	var got []url.Values
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		got = append(got, form)
	}))
	t.Cleanup(app.Close)
	return app.URL, func() []url.Values {
		w.Portal.Deliver(t.Context())
		defer func() { got = nil }()
		return got
	}
}

func TestInstallationFromOfferToRemoval(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	const path = "/marketplace/app/" + simtest.ClientID + "/"
	handler, events := received(t, w)
	bind := func() {
		for _, event := range []string{"ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL", calendar.EntryAdded} {
			simtest.Equal(t, `{"result":true}`, w.Ask(t, 1, "event.bind", `{"event":"`+event+`","handler":"`+handler+`"}`))
		}
	}
	before := w.Portal.ApplicationToken(simtest.ClientID)
	simtest.Equal(t, 403, w.Submit(7, path+"install", nil).Code)
	simtest.Equal(t, path, w.Submit(1, path+"install", nil).Header().Get("Location"))
	bind()

	// Until the installer has finished there are neither widgets nor events.
	simtest.Equal(t, 403, w.Page(7, path).Code)
	wizard := w.Page(1, path).Body.String()
	got := posted(t, wizard)
	simtest.Equal(t, []string{"http://app.localhost/bitrix24/install", "DEFAULT"}, []string{strings.Split(got.Get("action"), "?")[0], got.Get("PLACEMENT")})
	simtest.Equal(t, true, strings.Contains(wizard, "&#34;INSTALL&#34;:true"))
	simtest.Equal(t, false, strings.Contains(w.Page(1, "/company/").Body.String(), "Slots LEFT_MENU"))
	simtest.Equal(t, true, strings.Contains(w.Ask(t, 1, "app.info", ""), `"INSTALLED":false`))
	w.Portal.AddEvent(portal.Event{Owner: 7, Name: "x", From: clock.On(2026, 3, 12).At(9, 0), To: clock.On(2026, 3, 12).At(10, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	simtest.Equal(t, []url.Values(nil), events())

	simtest.Equal(t, 403, w.Submit(7, path+"finish", nil).Code)
	simtest.Equal(t, 204, w.Submit(1, path+"finish", nil).Code)
	simtest.Equal(t, 204, w.Submit(1, path+"finish", nil).Code)
	all := events()
	simtest.Equal(t, 1, len(all))
	token := w.Portal.ApplicationToken(simtest.ClientID)
	simtest.Equal(t, []string{"ONAPPINSTALL", "1", "Y", "Y", token, "1"}, values(all[0], "event", "data[VERSION]", "data[ACTIVE]", "data[INSTALLED]", "auth[application_token]", "auth[user_id]"))
	simtest.Equal(t, false, token == before)
	simtest.Equal(t, true, all[0].Get("auth[refresh_token]") != "")
	simtest.Equal(t, true, strings.Contains(w.Page(7, "/company/").Body.String(), "Slots LEFT_MENU"))
	simtest.Equal(t, "DEFAULT", posted(t, w.Page(7, path).Body.String()).Get("PLACEMENT"))
	simtest.Equal(t, true, strings.Contains(w.Ask(t, 1, "app.info", ""), `"INSTALLED":true`))

	// An update brings a new token and loses the handlers.
	simtest.Equal(t, 303, w.Submit(1, path+"update", nil).Code)
	all = events()
	simtest.Equal(t, 1, len(all))
	simtest.Equal(t, []string{"ONAPPUPDATE", "2", "1", w.Portal.ApplicationToken(simtest.ClientID)}, values(all[0], "event", "data[VERSION]", "data[PREVIOUS_VERSION]", "auth[application_token]"))
	simtest.Equal(t, false, w.Portal.ApplicationToken(simtest.ClientID) == token)
	simtest.Equal(t, `{"result":[]}`, w.Ask(t, 1, "event.get", ""))
	simtest.Equal(t, false, w.Ask(t, 1, "placement.get", "") == `{"result":[]}`)

	// Removal is told without tokens, with the wish about the data.
	for action, clean := range map[string]string{"uninstall": "0", "clean": "1"} {
		w.Portal.Install(simtest.ClientID)
		bind()
		simtest.Equal(t, 303, w.Submit(1, path+action, nil).Code)
		all = events()
		simtest.Equal(t, 1, len(all))
		simtest.Equal(t, []string{"ONAPPUNINSTALL", clean, "", ""}, values(all[0], "event", "data[CLEAN]", "auth[access_token]", "auth[refresh_token]"))
		simtest.Equal(t, 404, w.Page(1, path).Code)
		simtest.Equal(t, 404, w.Submit(1, path+action, nil).Code)
		simtest.Equal(t, true, strings.Contains(w.Page(1, "/marketplace/").Body.String(), "not on this portal"))
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
	app := w.App
	app.InstallURL = installer.URL
	w.Register(app)
	simtest.Equal(t, error(nil), w.Portal.RunInstaller(t.Context(), simtest.ClientID, 1))
	simtest.Equal(t, []string{"DEFAULT", simtest.MemberID}, values(launch, "PLACEMENT", "member_id"))
	simtest.Equal(t, false, strings.Contains(w.Ask(t, 1, "app.info", ""), `"INSTALLED":false`))
	status = http.StatusBadGateway
	simtest.Equal(t, true, w.Portal.RunInstaller(t.Context(), simtest.ClientID, 1) != nil)
	simtest.Equal(t, true, strings.Contains(w.Ask(t, 1, "app.info", ""), `"INSTALLED":false`))
	simtest.Equal(t, true, w.Portal.RunInstaller(t.Context(), "nobody", 1) != nil)
}

func TestToolsMakeThingsHappen(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	handler, events := received(t, w)
	for _, event := range []string{calendar.EntryAdded, calendar.EntryDeleted} {
		w.Ask(t, 1, "event.bind", `{"event":"`+event+`","handler":"`+handler+`"}`)
	}
	simtest.Equal(t, "/sim/?done=blocked", w.Submit(7, "/sim/block", url.Values{"user": {"1"}, "start": {"2026-03-12T10:00"}, "minutes": {"90"}}).Header().Get("Location"))
	rows := w.Portal.EventsOf(1)
	simtest.Equal(t, 1, len(rows))
	simtest.Equal(t, []any{clock.On(2026, 3, 12).At(10, 0), clock.On(2026, 3, 12).At(11, 30), "Europe/Berlin"}, []any{rows[0].From, rows[0].To, rows[0].ZoneFrom})
	simtest.Equal(t, calendar.EntryAdded, events()[0].Get("event"))
	id := strconv.Itoa(rows[0].ID)
	simtest.Equal(t, true, strings.Contains(w.Page(7, "/sim/").Body.String(), `name="id" value="`+id+`"`))
	simtest.Equal(t, 303, w.Submit(7, "/sim/free", url.Values{"id": {id}}).Code)
	simtest.Equal(t, calendar.EntryDeleted, events()[0].Get("event"))
	simtest.Equal(t, 422, w.Submit(7, "/sim/free", url.Values{"id": {id}}).Code)

	simtest.Equal(t, 303, w.Submit(7, "/sim/event", url.Values{"event": {calendar.EntryAdded}, "id": {"5"}, "forged": {"1"}, "nobody": {"1"}}).Code)
	all := events()
	simtest.Equal(t, []string{"5", "forged", ""}, values(all[0], "data[id]", "auth[application_token]", "auth[access_token]"))
	simtest.Equal(t, 422, w.Submit(7, "/sim/event", url.Values{"event": {"ONNOTHING"}}).Code)

	simtest.Equal(t, "/sim/?done=dismissed", w.Submit(7, "/sim/dismiss", url.Values{"user": {"1"}}).Header().Get("Location"))
	simtest.Equal(t, false, simtest.UserOf(w.Portal, 1).Active)
	simtest.Equal(t, "/sim/?done=hired", w.Submit(7, "/sim/dismiss", url.Values{"user": {"1"}}).Header().Get("Location"))
	simtest.Equal(t, 422, w.Submit(7, "/sim/dismiss", url.Values{"user": {"7"}}).Code)

	token := w.Token(7)
	simtest.Equal(t, 303, w.Submit(7, "/sim/expire", nil).Code)
	simtest.Equal(t, "401 expired_token", simtest.ErrorOf(t, w.Call(token, "profile", "")))
	simtest.Equal(t, 404, w.Submit(7, "/sim/nothing", nil).Code)
}

func TestMessagesAreKept(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	r := httptest.NewRequest(http.MethodPost, "http://"+simtest.Host+"/sim/messages", strings.NewReader(`{"placement":"DEFAULT","origin":"http://app.localhost","command":"setTitle","params":"{}","outcome":"taken"}`))
	r.AddCookie(w.Portal.SignIn(7))
	simtest.Equal(t, 204, w.Send(r).Code)
	want := []site.Message{{Placement: "DEFAULT", Origin: "http://app.localhost", Command: "setTitle", Params: "{}", Outcome: "taken"}}
	simtest.Equal(t, want, w.Portal.Messages())
	var told []site.Message
	if err := json.Unmarshal(w.Page(7, "/sim/messages").Body.Bytes(), &told); err != nil {
		t.Fatal(err)
	}
	simtest.Equal(t, want, told)
	simtest.Equal(t, true, strings.Contains(w.Page(7, "/sim/").Body.String(), "<td>setTitle"))
}

// Every page has the policy under which only its own script runs.
func TestPagesHaveAPolicy(t *testing.T) {
	t.Parallel()
	w := withWidgets(t)
	for _, path := range []string{"/", "/company/", "/sim/", "/marketplace/", "/tasks/", "/crm/deal/", "/workgroups/", "/online/"} {
		rec := w.Page(7, path)
		simtest.Equal(t, http.StatusOK, rec.Code)
		simtest.Equal(t, "default-src 'self'; frame-src *; frame-ancestors 'self'; base-uri 'none'", rec.Header().Get("Content-Security-Policy"))
		simtest.Equal(t, false, regexp.MustCompile(`(?i)<style| style=|<script>| on[a-z]+=`).MatchString(rec.Body.String()))
	}
	simtest.Equal(t, "text/javascript; charset=utf-8", w.Page(0, "/sim/portal.js").Header().Get("Content-Type"))
	simtest.Equal(t, 200, w.Page(0, "/sim/portal.css").Code)
}
