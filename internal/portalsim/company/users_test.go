package company_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/simtest"
)

// listed are the ids of a list answer with its total and next, "-" when absent.
func listed(t testing.TB, body string) string {
	t.Helper()
	var got struct {
		Result []struct{ ID string }
		Total  *int
		Next   *int
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	var ids []string
	for _, u := range got.Result {
		ids = append(ids, u.ID)
	}
	number := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	return strings.Join(ids, ",") + " of " + number(got.Total) + " next " + number(got.Next)
}

func TestUserGetFilters(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		caller int
		body   string
		want   string
	}{
		{"an administrator sees all", 1, `{}`, "1,7,8,9,10 of 5 next -"},
		{"an employee sees colleagues and guests of their groups", 7, `{}`, "1,7,8,9 of 4 next -"},
		{"a guest sees their groups", 9, `{}`, "1,7,8,9 of 4 next -"},
		{"a guest without group sees themselves", 10, `{}`, "10 of 1 next -"},
		{"active", 1, `{"FILTER":{"ACTIVE":true}}`, "1,7,9,10 of 4 next -"},
		{"active Y", 1, `{"FILTER":{"ACTIVE":"Y"}}`, "1,7,9,10 of 4 next -"},
		{"dismissed", 1, `{"FILTER":{"ACTIVE":false}}`, "8 of 1 next -"},
		{"dismissed N", 1, `{"filter":{"ACTIVE":"N"}}`, "8 of 1 next -"},
		{"the text false is true", 1, `{"FILTER":{"ACTIVE":"false"}}`, "1,7,9,10 of 4 next -"},
		{"one id", 1, `{"ID":7}`, "7 of 1 next -"},
		{"several ids", 1, `{"FILTER":{"ID":[1,"8",77]}}`, "1,8 of 2 next -"},
		{"ids at top level", 1, `{"ID":[1,8]}`, "1,8 of 2 next -"},
		{"the top level is ignored beside FILTER", 1, `{"ID":7,"FILTER":{"ACTIVE":false}}`, "8 of 1 next -"},
		{"greater", 1, `{"FILTER":{">ID":7}}`, "8,9,10 of 3 next -"},
		{"between", 1, `{"FILTER":{">=ID":7,"<ID":9}}`, "7,8 of 2 next -"},
		{"not", 1, `{"FILTER":{"!ID":[1,7,8]}}`, "9,10 of 2 next -"},
		{"contains", 1, `{"FILTER":{"%NAME":"a"}}`, "1,8,9 of 3 next -"},
		{"name", 1, `{"FILTER":{"NAME":"boris"}}`, "7 of 1 next -"},
		{"last name", 1, `{"FILTER":{"LAST_NAME":"O'Neil"}}`, "7 of 1 next -"},
		{"position", 1, `{"FILTER":{"WORK_POSITION":"Director"}}`, "1 of 1 next -"},
		{"department", 1, `{"FILTER":{"UF_DEPARTMENT":5}}`, "7,8 of 2 next -"},
		{"departments", 1, `{"FILTER":{"UF_DEPARTMENT":[1,5]}}`, "1,7,8 of 3 next -"},
		{"department's name", 1, `{"FILTER":{"UF_DEPARTMENT_NAME":"R&D"}}`, "7,8 of 2 next -"},
		{"in a department", 1, `{"FILTER":{"HAS_DEPARTAMENT":"Y"}}`, "1,7,8 of 3 next -"},
		{"guests", 1, `{"FILTER":{"USER_TYPE":"extranet"}}`, "9,10 of 2 next -"},
		{"staff who work here", 1, `{"FILTER":{"USER_TYPE":"employee","ACTIVE":true}}`, "1,7 of 2 next -"},
		{"search by beginning", 1, `{"FILTER":{"NAME_SEARCH":"bor"}}`, "7 of 1 next -"},
		{"search by two words", 1, `{"FILTER":{"NAME_SEARCH":"neil bo"}}`, "7 of 1 next -"},
		{"search not in the middle", 1, `{"FILTER":{"NAME_SEARCH":"oris"}}`, " of - next -"},
		{"search by position only with FIND", 1, `{"FILTER":{"NAME_SEARCH":"engineer"}}`, " of - next -"},
		{"find by position", 1, `{"FILTER":{"FIND":"engineer"}}`, "7 of 1 next -"},
		{"find at top level", 1, `{"FIND":"company"}`, "1,7 of 2 next -"},
		{"online", 1, `{"FILTER":{"IS_ONLINE":"Y"}}`, " of - next -"},
		{"unknown field", 1, `{"FILTER":{"SHOE_SIZE":44}}`, "1,7,8,9,10 of 5 next -"},
		{"no match tells no total", 1, `{"FILTER":{"ID":77}}`, " of - next -"},
		{"by name, backwards", 1, `{"sort":"NAME","order":"DESC"}`, "10,9,8,7,1 of 5 next -"},
		{"by last name", 1, `{"SORT":"LAST_NAME"}`, "1,8,9,7,10 of 5 next -"},
		{"uncounted", 1, `{"start":-1}`, "1,7,8,9,10 of 0 next -"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			simtest.Equal(t, tc.want, listed(t, w.Ask(t, tc.caller, "user.get", tc.body)))
			simtest.Equal(t, tc.want, listed(t, w.Ask(t, tc.caller, "user.search", tc.body)))
		})
	}
}

func TestUserGetPages(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	for id := 100; id < 215; id++ { // 5 + 115 = 120
		w.Portal.Users = append(w.Portal.Users, &portal.User{ID: id, Active: true})
	}
	for _, tc := range []struct{ start, first, want string }{
		{"0", "1", "50 of 120 next 50"},
		{"50", "145", "50 of 120 next 100"},
		{"60", "145", "50 of 120 next 100"}, // cut to whole pages
		{"100", "195", "20 of 120 next -"},
		{"-1", "1", "50 of 0 next -"},
	} {
		ids, rest, _ := strings.Cut(listed(t, w.Ask(t, 1, "user.get", `{"start":`+tc.start+`}`)), " ")
		all := strings.Split(ids, ",")
		simtest.Equal(t, tc.want, fmt.Sprintf("%d %s", len(all), rest))
		simtest.Equal(t, tc.first, all[0])
	}
}

func TestUserRows(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	simtest.Equal(t, `{"result":[{"ID":"1","ACTIVE":true,"NAME":"Anna","LAST_NAME":"Becker","TIME_ZONE":"Europe\/Berlin","IS_ONLINE":"N",`+
		`"TIMESTAMP_X":{},"LAST_ACTIVITY_DATE":{},"PERSONAL_GENDER":"","WORK_POSITION":"Director","UF_DEPARTMENT":[1],"USER_TYPE":"employee",`+
		`"PERSONAL_PHOTO":"http:\/\/alpha.localhost\/photo\/1.png"}],"total":1}`, w.Ask(t, 7, "user.get", `{"ID":1}`))
	simtest.Equal(t, `{"result":[{"ID":"9","ACTIVE":true,"NAME":"Dan","LAST_NAME":"Guest","TIME_ZONE":"","IS_ONLINE":"N",`+
		`"TIMESTAMP_X":{},"LAST_ACTIVITY_DATE":{},"PERSONAL_GENDER":"","WORK_POSITION":"","UF_DEPARTMENT":false,"USER_TYPE":"extranet"}],"total":1}`,
		w.Ask(t, 7, "user.get", `{"ID":9}`))
	simtest.Equal(t, `{"result":{"ID":"7","ACTIVE":true,"NAME":"Boris","LAST_NAME":"O\u0027Neil","TIME_ZONE":"","IS_ONLINE":"N",`+
		`"TIMESTAMP_X":"2026-03-10T12:00:00+03:00","LAST_ACTIVITY_DATE":"2026-03-10T12:00:00+03:00","PERSONAL_GENDER":"","WORK_POSITION":"R\u0026D engineer",`+
		`"UF_DEPARTMENT":[1,5],"USER_TYPE":"employee"}}`, w.Ask(t, 7, "user.current", ``))
	simtest.Equal(t, `{"result":[]}`, w.Ask(t, 7, "user.get", `{"ID":10}`))
}

func TestMailNeedsMoreScope(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	for scope, has := range map[string]bool{"user_brief": false, "user_basic": true, "user": true} {
		w.Sim.AddApp(oauth.App{ClientID: scope, Scopes: []string{scope}})
		w.Portal.Install(scope)
		body := w.Call(w.Portal.IssueToken(scope, 7).Access, "user.current", "").Body.String()
		simtest.Equal(t, has, strings.Contains(body, `"EMAIL"`))
	}
}

func TestProfileAndSystemMethods(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name         string
		user         int
		method, body string
		want         string
	}{
		{"profile", 1, "profile", "", `{"result":{"ID":"1","ADMIN":true,"NAME":"Anna","LAST_NAME":"Becker","PERSONAL_GENDER":"","PERSONAL_PHOTO":"http:\/\/alpha.localhost\/photo\/1.png","TIME_ZONE":"Europe\/Berlin"}}`},
		{"admin", 1, "user.admin", "", `{"result":true}`},
		{"no admin", 7, "user.admin", "", `{"result":false}`},
		{"scope", 7, "scope", "", `{"result":["calendar","user_brief","department","im","sonet_group","placement"]}`},
		{"full scope", 7, "scope", `{"full":true}`, `{"result":["calendar","crm","department","im","placement","sonet_group","task","user","user_basic","user_brief"]}`},
		{"method", 7, "method.get", `{"name":"user.get"}`, `{"result":{"isExisting":true,"isAvailable":true}}`},
		{"no method", 7, "method.get", `{"name":"tasks.task.fetch"}`, `{"result":{"isExisting":false,"isAvailable":false}}`},
		{"time", 7, "server.time", "", `{"result":"2026-03-10T12:00:00+03:00"}`},
		{"app", 7, "app.info", "", `{"result":{"ID":1,"CODE":"acme.slots","VERSION":1,"STATUS":"S","INSTALLED":true,"PAYMENT_EXPIRED":"N","DAYS":null,"LANGUAGE_ID":"en","LICENSE":"en_company","LICENSE_TYPE":"company","LICENSE_FAMILY":"company"}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			simtest.Equal(t, tc.want, simtest.New(t).Ask(t, tc.user, tc.method, tc.body))
		})
	}
}
