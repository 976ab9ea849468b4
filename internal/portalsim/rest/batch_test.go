package rest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/simtest"
)

// batch runs a batch as Boris and returns its five maps without the times.
func batch(t *testing.T, w *simtest.World, body string) string {
	t.Helper()
	text, _, _ := strings.Cut(w.Ask(t, 7, "batch", body), `,"result_time":`)
	return text
}

func TestBatch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, want string }{
		{
			"one that works", `{"cmd":{"a":"user.admin"}}`,
			`{"result":{"result":{"a":false},"result_error":[],"result_total":[],"result_next":[]`,
		},
		{"nothing to do", `{"cmd":{}}`, `{"result":{"result":[],"result_error":[],"result_total":[],"result_next":[]`},
		{"no commands", `{}`, `{"result":{"result":[],"result_error":[],"result_total":[],"result_next":[]`},
		{"commands are no map", `{"cmd":"user.admin"}`, `{"result":{"result":[],"result_error":[],"result_total":[],"result_next":[]`},
		{
			"numbered keys make lists", `{"cmd":["user.admin","user.admin"]}`,
			`{"result":{"result":[false,false],"result_error":[],"result_total":[],"result_next":[]`,
		},
		{
			"a gap makes an object", `{"cmd":["x","user.admin"]}`,
			`{"result":{"result":{"1":false},"result_error":[{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}],"result_total":[],"result_next":[]`,
		},
		{
			"empty code", `{"cmd":{"a":"sonet_group.user.get?ID=99"}}`,
			`{"result":{"result":[],"result_error":{"a":{"error":"","error_description":"Socialnetwork group not found"}},"result_total":[],"result_next":[]`,
		},
		{
			"going on after an error", `{"halt":0,"cmd":{"a":"x","b":"user.admin"}}`,
			`{"result":{"result":{"b":false},"result_error":{"a":{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}},"result_total":[],"result_next":[]`,
		},
		{
			"halting at an error", `{"halt":1,"cmd":{"a":"user.admin","b":"x","c":"user.admin"}}`,
			`{"result":{"result":{"a":false},"result_error":{"b":{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}},"result_total":[],"result_next":[]`,
		},
		{
			"batch within batch", `{"cmd":{"a":"batch?cmd[x]=profile"}}`,
			`{"result":{"result":[],"result_error":{"a":{"error":"ERROR_BATCH_METHOD_NOT_ALLOWED","error_description":"Method is not allowed for batch usage"}},"result_total":[],"result_next":[]`,
		},
		{
			"what is no text is ignored", `{"cmd":{"a":5,"b":["x"],"c":"user.admin"}}`,
			`{"result":{"result":{"c":false},"result_error":[],"result_total":[],"result_next":[]`,
		},
		{
			"totals of lists", `{"cmd":{"a":"department.get"}}`,
			`{"result":{"result":{"a":[{"ID":"1","NAME":"Company","SORT":100,"UF_HEAD":"1"},{"ID":"5","NAME":"R\u0026D","SORT":500,"PARENT":"1"}]},"result_error":[],"result_total":{"a":2},"result_next":[]`,
		},
		{
			"reference to an earlier answer", `{"cmd":{"me":"profile","mine":"department.get?ID=$result[me][ID]"}}`,
			`{"result":{"result":{"me":{"ID":"7","ADMIN":false,"NAME":"Boris","LAST_NAME":"O\u0027Neil","PERSONAL_GENDER":"","TIME_ZONE":""},"mine":[]},"result_error":[],"result_total":[],"result_next":[]`,
		},
		{
			"reference to a list", `{"cmd":{"all":"department.get","same":"department.get?ID[]=$result[all][1][ID]"}}`,
			`{"result":{"result":{"all":[{"ID":"1","NAME":"Company","SORT":100,"UF_HEAD":"1"},{"ID":"5","NAME":"R\u0026D","SORT":500,"PARENT":"1"}],` +
				`"same":[{"ID":"5","NAME":"R\u0026D","SORT":500,"PARENT":"1"}]},"result_error":[],"result_total":{"all":2,"same":1},"result_next":[]`,
		},
		{
			"reference to a total, and within text", `{"cmd":{"all":"department.get","none":"department.get?ID=$total[all]","in":"department.get?NAME=R%26$result[all][1][NAME]"}}`,
			`{"result":{"result":{"all":[{"ID":"1","NAME":"Company","SORT":100,"UF_HEAD":"1"},{"ID":"5","NAME":"R\u0026D","SORT":500,"PARENT":"1"}],"none":[],"in":[]},` +
				`"result_error":[],"result_total":{"all":2},"result_next":[]`,
		},
		{
			"a missing reference is empty", `{"cmd":{"a":"department.get?ID=$result[x][y]"}}`,
			`{"result":{"result":{"a":[]},"result_error":[],"result_total":[],"result_next":[]`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			simtest.Equal(t, tc.want, batch(t, simtest.New(t), tc.body))
		})
	}
}

func TestBatchOfMoreThanFifty(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	cmd := map[string]string{}
	for i := range 52 {
		cmd[fmt.Sprintf("c%02d", i)] = "user.admin"
	}
	body, err := json.Marshal(map[string]any{"cmd": cmd})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Result struct {
			Result map[string]bool              `json:"result"`
			Errors map[string]map[string]string `json:"result_error"`
			Time   map[string]any               `json:"result_time"`
		} `json:"result"`
	}
	if err := json.Unmarshal([]byte(w.Ask(t, 7, "batch", string(body))), &got); err != nil {
		t.Fatal(err)
	}
	simtest.Equal(t, []int{50, 2, 50}, []int{len(got.Result.Result), len(got.Result.Errors), len(got.Result.Time)})
	simtest.Equal(t, "ERROR_BATCH_LENGTH_EXCEEDED", got.Result.Errors["c51"]["error"])
}

func TestBatchByForm(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	rec := w.Get("http://" + simtest.Host + "/rest/batch.json?auth=" + w.Token(7) + "&cmd[a]=department.get%3FNAME%3DR%2526D")
	simtest.Equal(t, true, strings.HasPrefix(rec.Body.String(), `{"result":{"result":{"a":[{"ID":"5",`))
}

func TestBatchMissingScopeHasNoText(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Sim.AddApp(oauth.App{ClientID: "small"})
	w.Portal.Install("small")
	rec := w.Call(w.Portal.IssueToken("small", 7).Access, "batch", `{"cmd":{"a":"im.chat.user.list"}}`)
	simtest.Equal(t, true, strings.Contains(rec.Body.String(), `"result_error":{"a":{"error":"insufficient_scope","error_description":""}}`))
}

func TestBatchCountsOnce(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	token := w.Token(7)
	for range 50 {
		simtest.Equal(t, 200, w.Call(token, "batch", `{"cmd":{"a":"user.admin","b":"user.admin"}}`).Code)
	}
	simtest.Equal(t, 503, w.Call(token, "batch", `{}`).Code)
}

func TestBatchMeetsOrderedErrors(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Portal.Fail("user.admin", fault.Failure("ERROR_UNEXPECTED_ANSWER").Times(1))
	simtest.Equal(t, `{"result":{"result":{"b":false},"result_error":{"a":{"error":"ERROR_UNEXPECTED_ANSWER","error_description":"Server returned an unexpected response"}},"result_total":[],"result_next":[]`,
		batch(t, w, `{"cmd":{"a":"user.admin","b":"user.admin"}}`))
}

func TestBatchWithoutTokenFailsWhole(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	simtest.Equal(t, "401 NO_AUTH_FOUND", simtest.ErrorOf(t, w.Call("", "batch", `{"cmd":{"a":"profile"}}`)))
}
