package php

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shape writes a value so that strings, numbers, lists and maps look different.
func shape(v any) string { return string(Encode(v)) }

func TestParseForm(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, form, want string }{
		{"empty", "", `[]`},
		{"plain", "from=2026-03-01&to=2026-03-31", `{"from":"2026-03-01","to":"2026-03-31"}`},
		{"list", "users[]=1&users[]=2", `{"users":["1","2"]}`},
		{"escaped brackets", "users%5B%5D=1", `{"users":["1"]}`},
		{"numbered list", "users[0]=1&users[1]=2", `{"users":["1","2"]}`},
		{"numbered with a gap", "users[3]=1&users[]=2", `{"users":{"3":"1","4":"2"}}`},
		{"map", "filter[ID]=7&filter[NAME]=A%26B", `{"filter":{"ID":"7","NAME":"A\u0026B"}}`},
		{"deep", "a[b][c][]=1&a[b][c][]=2&a[d]=3", `{"a":{"b":{"c":["1","2"]},"d":"3"}}`},
		{"the last wins", "a=1&a=2", `{"a":"2"}`},
		{"array over scalar", "a=1&a[]=2", `{"a":["2"]}`},
		{"scalar over array", "a[]=2&a=1", `{"a":"1"}`},
		{"plus is a space", "q=a+b", `{"q":"a b"}`},
		{"no value", "a&b=", `{"a":"","b":""}`},
		{"no name", "=1&&b=2", `{"b":"2"}`},
		{"broken escape", "a=%zz&b=2", `{"b":"2"}`},
		{"unclosed bracket", "a[b=1", `{"a":"1"}`},
		{"leading bracket", "[a]=1", `{"[a]":"1"}`},
		{"operator in key", "FILTER[>ID]=5", `{"FILTER":{"\u003EID":"5"}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			same(t, tc.want, shape(ParseForm(tc.form)))
		})
	}
}

func TestReadParams(t *testing.T) {
	t.Parallel()
	const form, jsonType = "application/x-www-form-urlencoded", "application/json"
	for _, tc := range []struct{ name, method, query, mediaType, body, want string }{
		{"query alone", "GET", "a=1", "", "", `{"a":"1"}`},
		{"post wins", "POST", "a=1&b=1", form, "a=2", `{"a":"2","b":"1"}`},
		{"arrays are replaced whole", "POST", "a[]=1&a[]=2", form, "a[]=3", `{"a":["3"]}`},
		{"JSON wins", "POST", "a=1", jsonType, `{"a":[1,"1",true,null,1.5,{"x":{}}]}`, `{"a":[1,"1",true,null,1.5,{"x":[]}]}`},
		{"JSON with charset", "POST", "", jsonType + "; charset=utf-8", `{"a":1}`, `{"a":1}`},
		{"any +json", "POST", "", "application/vnd.api+json", `{"a":1}`, `{"a":1}`},
		{"malformed JSON is ignored", "POST", "a=1", jsonType, `{"a":2`, `{"a":"1"}`},
		{"trailing junk is malformed", "POST", "a=1", jsonType, `{"a":2} x`, `{"a":"1"}`},
		{"scalar JSON is ignored", "POST", "a=1", jsonType, `5`, `{"a":"1"}`},
		{"JSON sent as form", "POST", "", form, `{"a":2}`, `{"{\u0022a\u0022:2}":""}`},
		{"the last of two keys", "POST", "", jsonType, `{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{"list keeps its kind", "POST", "", jsonType, `{"users":{"a":1}}`, `{"users":{"a":1}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tc.method, "/rest/x?"+tc.query, strings.NewReader(tc.body))
			r.Header.Set("Content-Type", tc.mediaType)
			same(t, tc.want, shape(Array(ReadParams(r))))
		})
	}
}

func TestPHPCasts(t *testing.T) {
	t.Parallel()
	type casts struct {
		String string
		Int    int
		Bool   bool
	}
	for _, tc := range []struct {
		name  string
		value any
		want  casts
	}{
		{"null", nil, casts{"", 0, false}},
		{"empty", "", casts{"", 0, false}},
		{"zero text", "0", casts{"0", 0, false}},
		{"false text", "false", casts{"false", 0, true}},
		{"number text", "12", casts{"12", 12, true}},
		{"leading number", " 12abc", casts{" 12abc", 12, true}},
		{"user code", "U5", casts{"U5", 0, true}},
		{"negative", "-3", casts{"-3", -3, true}},
		{"too big", "99999999999999999999", casts{"99999999999999999999", 0, true}},
		{"true", true, casts{"1", 1, true}},
		{"false", false, casts{"", 0, false}},
		{"int", 7, casts{"7", 7, true}},
		{"float", 7.9, casts{"7.9", 7, true}},
		{"list", []any{5}, casts{"Array", 1, true}},
		{"empty list", []any{}, casts{"Array", 0, false}},
		{"map", Array{{"a", 1}}, casts{"Array", 1, true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			same(t, tc.want, casts{Text(tc.value), Int(tc.value), Bool(tc.value)})
		})
	}
}

func TestParamsReadLikePHP(t *testing.T) {
	t.Parallel()
	p := Params(ParseForm("users[]=1&users[]=x&name=A&none=&filter[id]=7"))
	items, isArray := p.Items("users")
	same(t, []any{"1", "x"}, items)
	same(t, true, isArray)
	_, isArray = p.Items("name")
	same(t, false, isArray)
	same(t, "7", p.Sub("filter").Upper().Text("ID"))
	same(t, true, p.Has("none"))
	same(t, false, p.Filled("none"))
	same(t, false, p.Has("other"))
	same(t, "{\"users\":[\"1\",\"x\"],\"none\":\"\",\"filter\":{\"id\":\"7\"}}", shape(Array(p.Without("name"))))
}

// FuzzParams checks that no input breaks the reader, and that what it reads can
// be written and read again without change.
func FuzzParams(f *testing.F) {
	for _, seed := range []string{
		"a=1", "a[]=1&a[b]=2", "a[b][][c]=%41", "a[[]]=1", `{"a":[1,{"b":null}]}`, `{"0":1,"1":2}`, `[[]]`, "a[99999999999999999999]=1&a[]=2",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, body string, asJSON bool) {
		r := httptest.NewRequest(http.MethodPost, "/rest/x", strings.NewReader(body))
		if asJSON {
			r.Header.Set("Content-Type", "application/json")
		}
		once := Encode(Array(ReadParams(r)))
		again, ok := parseJSON(once)
		if !ok {
			t.Fatalf("%q was read as %s, which is no array", body, once)
		}
		if strings.ContainsRune(string(once), '\uFFFD') {
			return // different broken bytes are written alike
		}
		if diff := cmp.Diff(string(once), string(Encode(again))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func same(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
