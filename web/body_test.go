package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
)

// TestPosted: a form and a JSON object of the same names are the same, the address of
// the request adds nothing to either, and every other kind is refused.
func TestPosted(t *testing.T) {
	t.Parallel()
	const boundary = "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na b\r\n--x--\r\n"
	for _, c := range []struct {
		name, kind, body string
		want             url.Values // nil: refused
		json             bool       // it is answered in JSON
	}{
		{"a form", "application/x-www-form-urlencoded; charset=utf-8", "title=a+b&who=1&who=2", url.Values{"title": {"a b"}, "who": {"1", "2"}}, false},
		{"parts", "multipart/form-data; boundary=x", boundary, url.Values{"title": {"a b"}}, false},
		{"JSON", "application/json", `{"title":"a b","who":[1,"2",9007199254740993],"work":true,"me":false,"note":null,"dur":30}`, url.Values{
			"title": {"a b"}, "who": {"1", "2", "9007199254740993"}, "work": {"1"}, "me": {"0"}, "note": {""}, "dur": {"30"},
		}, true},
		{"empty JSON", "application/json", "", url.Values{}, true},
		{"a button", "", "", url.Values{}, false},
		{"objects in JSON", "application/json", `{"title":{"a":1}}`, url.Values{"title": {noValue}}, true},
		{"lists of lists", "application/json", `{"who":[[1],2]}`, url.Values{"who": {noValue, "2"}}, true},
		{"two objects", "application/json", `{} {}`, nil, true},
		{"half an object", "application/json", `{"title":`, nil, true},
		{"text", "text/plain", `{"title":"a"}`, nil, false},
		{"no kind", "", "title=a", nil, false},
		{"a wrong kind", "a/b/c", "title=a", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			request := httptest.NewRequest(http.MethodPost, "/links?title=url&owner=5", strings.NewReader(c.body))
			if c.kind != "" {
				request.Header.Set("Content-Type", c.kind)
			}
			context := echo.New().NewContext(request, httptest.NewRecorder())
			got, err := Posted(context)
			if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != (c.want == nil) {
				t.Errorf("%v %s", err, diff)
			}
			if WantsJSON(context) != c.json {
				t.Errorf("answered in JSON: %v", !c.json)
			}
		})
	}
}

// TestVisitorsAreNotTold: what stands for an address is the same for it and its
// network, and nobody without the key gets back to it.
func TestVisitorsAreNotTold(t *testing.T) {
	t.Parallel()
	visitor := func(key, address string) string {
		s := &Server{Config: Config{AddressKey: []byte(key)}}
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.RemoteAddr = address
		e := echo.New()
		e.IPExtractor = echo.ExtractIPDirect()
		return s.AddressHash(e.NewContext(request, httptest.NewRecorder()))
	}
	same := func(a, b string) bool { return visitor("k", a) == visitor("k", b) }
	if !same("192.0.2.1:1", "192.0.2.1:2") || !same("[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::9]:1") || !same("[::ffff:192.0.2.1]:1", "192.0.2.1:1") {
		t.Error("one visitor counts as several")
	}
	if same("192.0.2.1:1", "192.0.2.2:1") || same("[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1") {
		t.Error("several count as one")
	}
	if got := visitor("k", "192.0.2.1:1"); got == visitor("other", "192.0.2.1:1") || strings.Contains(got, "192") || len(got) < 40 {
		t.Errorf("%q depends on no key", got)
	}
}
