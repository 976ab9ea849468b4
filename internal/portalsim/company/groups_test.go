package company_test

import (
	"strings"
	"testing"

	"slotfinder/internal/portalsim/simtest"
)

func TestDepartmentsGroupsAndChats(t *testing.T) {
	t.Parallel()
	const rd = `{"ID":"5","NAME":"R\u0026D","SORT":500,"PARENT":"1"}`
	for _, tc := range []struct {
		name         string
		user         int
		method, body string
		want         string
	}{
		{"departments", 7, "department.get", "", `{"result":[{"ID":"1","NAME":"Company","SORT":100,"UF_HEAD":"1"},` + rd + `],"total":2}`},
		{"department by id", 7, "department.get", `{"ID":5}`, `{"result":[` + rd + `],"total":1}`},
		{"departments by ids", 7, "department.get", `{"ID":["5","6"]}`, `{"result":[` + rd + `],"total":1}`},
		{"department by parent", 7, "department.get", `{"PARENT":"1"}`, `{"result":[` + rd + `],"total":1}`},
		{"no such department", 7, "department.get", `{"ID":6}`, `{"result":[]}`},
		{
			"groups", 7, "sonet_group.get", `{"FILTER":{"%NAME":"laun"}}`,
			`{"result":[{"ID":"10","SITE_ID":"s1","NAME":"Launch","DESCRIPTION":"","ACTIVE":"Y","VISIBLE":"Y","OPENED":"N","OWNER_ID":"1","NUMBER_OF_MEMBERS":"4"}],"total":1}`,
		},
		{"no foreign group for a guest", 9, "sonet_group.get", `{"FILTER":{"ID":11}}`, `{"result":[]}`},
		{"members without the dismissed", 7, "sonet_group.user.get", `{"ID":10}`, `{"result":[{"USER_ID":"1","ROLE":"A"},{"USER_ID":"7","ROLE":"E"},{"USER_ID":"9","ROLE":"K"}]}`},
		{"own groups", 7, "sonet_group.user.groups", "", `{"result":[{"GROUP_ID":"10","GROUP_NAME":"Launch","ROLE":"E"}]}`},
		{"no group", 10, "sonet_group.user.groups", "", `{"result":[]}`},
		{"chat", 7, "im.chat.user.list", `{"CHAT_ID":29}`, `{"result":[7,1,8]}`},
		{"chat as dialogue", 7, "im.chat.user.list", `{"DIALOG_ID":"chat29"}`, `{"result":[7,1,8]}`},
		{
			"own chats", 7, "im.recent.list", `{"SKIP_DIALOG":"Y","LIMIT":1}`, `{"result":{"items":[{"id":"chat29","chat_id":29,"type":"chat","title":"Lunch",` +
				`"avatar":{"url":"","color":"#4ba984"},"message":{"id":2900,"text":"Numbers are in","file":false,"author_id":1},"counter":0,"pinned":false,"unread":false,` +
				`"chat":{"id":29,"name":"Lunch","entity_type":"","entity_id":"","message_type":"C","user_counter":3},"options":[]}],` +
				`"hasMorePages":true,"hasMore":true,"copilot":[]}}`,
		},
		{"no chats", 10, "im.recent.list", ``, `{"result":{"items":[],"hasMorePages":false,"hasMore":false,"copilot":[]}}`},
		{"nobody found", 7, "im.search.user.list", `{"FIND":"zz"}`, `{"result":[],"total":0}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			simtest.Equal(t, tc.want, simtest.New(t).Ask(t, tc.user, tc.method, tc.body))
		})
	}
}

func TestGroupAndChatRefusals(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name         string
		user         int
		method, body string
		want         string
	}{
		{"no such group", 7, "sonet_group.user.get", `{"ID":99}`, "400 "},
		{"foreign group for a guest", 9, "sonet_group.user.get", `{"ID":11}`, "400 "},
		{"no group named", 7, "sonet_group.user.get", ``, "400 "},
		{"short phrase", 7, "im.search.user.list", `{"FIND":"я"}`, "400 FIND_SHORT"},
		{"no dialogue", 7, "im.dialog.users.list", ``, "400 DIALOG_ID_EMPTY"},
		{"foreign chat", 7, "im.dialog.users.list", `{"DIALOG_ID":"chat30"}`, "403 ACCESS_ERROR"},
		{"no such chat", 7, "im.dialog.users.list", `{"DIALOG_ID":"chat99"}`, "403 ACCESS_ERROR"},
		{"foreign group", 7, "im.dialog.users.list", `{"DIALOG_ID":"sg11"}`, "403 ACCESS_ERROR"},
		{"no chat", 7, "im.chat.user.list", ``, "400 CHAT_ID_EMPTY"},
		{"foreign chat's members", 7, "im.chat.user.list", `{"CHAT_ID":30}`, "403 ACCESS_ERROR"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			simtest.Equal(t, tc.want, simtest.ErrorOf(t, w.Call(w.Token(tc.user), tc.method, tc.body)))
		})
	}
}

// names are the first names in an answer of the messenger, in order.
func names(body string) string {
	var found []string
	for _, part := range strings.Split(body, `"first_name":"`)[1:] {
		name, _, _ := strings.Cut(part, `"`)
		found = append(found, name)
	}
	return strings.Join(found, " ")
}

func TestMessengerUsers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name         string
		method, body string
		want         string
	}{
		{"search", "im.search.user.list", `{"FIND":"bo"}`, "Boris"},
		{"search by position", "im.search.user.list", `{"FIND":"director"}`, "Anna"},
		{"search leaves the dismissed out", "im.search.user.list", `{"FIND":"Clara"}`, ""},
		{"search by department", "im.search.user.list", `{"FIND":"company"}`, "Anna Boris"},
		{"one at a time", "im.search.user.list", `{"FIND":"company","LIMIT":1}`, "Anna"},
		{"the next one", "im.search.user.list", `{"FIND":"company","LIMIT":1,"OFFSET":1}`, "Boris"},
		{"beyond the end", "im.search.user.list", `{"FIND":"company","OFFSET":9}`, ""},
		{"chat", "im.dialog.users.list", `{"DIALOG_ID":"chat29"}`, "Anna Boris"},
		{"group", "im.dialog.users.list", `{"DIALOG_ID":"sg10"}`, "Anna Boris Dan"},
		{"group without guests", "im.dialog.users.list", `{"DIALOG_ID":"sg10","SKIP_EXTERNAL":"Y"}`, "Anna Boris"},
		{"person", "im.dialog.users.list", `{"DIALOG_ID":1}`, "Anna Boris"},
		{"oneself", "im.dialog.users.list", `{"DIALOG_ID":"7"}`, "Boris"},
		{"after an id", "im.dialog.users.list", `{"DIALOG_ID":"sg10","LAST_ID":1}`, "Boris Dan"},
		{"from an offset", "im.dialog.users.list", `{"DIALOG_ID":"sg10","OFFSET":1,"LIMIT":1}`, "Boris"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			simtest.Equal(t, tc.want, names(simtest.New(t).Ask(t, 7, tc.method, tc.body)))
		})
	}
}

func TestMessengerAnswersByID(t *testing.T) {
	t.Parallel()
	got := simtest.New(t).Ask(t, 7, "im.search.user.list", `{"FIND":"company","LIMIT":1}`)
	simtest.Equal(t, true, strings.HasPrefix(got, `{"result":{"1":{"id":1,"active":true,"name":"Anna Becker",`))
	simtest.Equal(t, true, strings.HasSuffix(got, `"departments":[1],"absent":false,"phones":false,"type":"user"}},"next":1,"total":2}`))
}
