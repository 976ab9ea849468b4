package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// series counts the series that requests have made.
func series(t *testing.T, s *Server) (n int) {
	t.Helper()
	families, err := s.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if strings.HasPrefix(family.GetName(), "slotfinder_") {
			n += len(family.GetMetric())
		}
	}
	return n
}

// TestMadeUpRequestsAddNoSeries: whatever callers make up counts as other, and is
// refused before it is looked at. The log shows nothing of it either.
func TestMadeUpRequestsAddNoSeries(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	var log bytes.Buffer
	s.Config.Log = slog.New(slog.NewTextHandler(&log, nil))
	before := series(t, s)
	kinds := map[string]func(method string) *http.Request{
		"cross-site": func(method string) *http.Request {
			r := httptest.NewRequest(method, "/links", nil)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return r
		},
		"too large": func(method string) *http.Request {
			return httptest.NewRequest(method, "/links", strings.NewReader(strings.Repeat("x", 100<<10)))
		},
		"unknown path": func(method string) *http.Request { return httptest.NewRequest(method, "/"+method, nil) },
		"/find":        func(method string) *http.Request { return httptest.NewRequest(method, "/find", nil) },
	}
	for what, request := range kinds {
		for i := range 1000 {
			answer := httptest.NewRecorder()
			s.ServeHTTP(answer, request(fmt.Sprint("M", i)))
			if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") == "" {
				t.Fatalf("%s: %d", what, answer.Code)
			}
		}
	}
	for i := range 1000 {
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, fmt.Sprint("/nothing/", i), nil))
	}
	added := series(t, s) - before
	if added > 2 {
		t.Errorf("%d series were added", added)
	}
	t.Logf("figure: %d requests with made-up methods and 1,000 unknown paths added %d series", 1000*len(kinds), added)
	if strings.Contains(log.String(), "M999") {
		t.Error("the log shows a made-up method")
	}
}

// TestMethodsAreThoseOfTheRoutes keeps the list of methods from refusing a new route.
func TestMethodsAreThoseOfTheRoutes(t *testing.T) {
	t.Parallel()
	for _, route := range newTestServer(t).echo.Routes() {
		if !strings.Contains(methods, route.Method) {
			t.Errorf("%s %s can't be reached", route.Method, route.Path)
		}
	}
}

// TestRequestsAreCounted by the route and not by the address.
func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	for _, path := range []string{"/s/" + strings.Repeat("x", 22), "/s/unknown"} {
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPut, path, nil))
	}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/healthz", nil))
	answer := httptest.NewRecorder()
	s.Admin().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range []string{
		`slotfinder_http_request_seconds_count{method="GET",route="/healthz",status="200"} 1`,
		`slotfinder_http_request_seconds_count{method="other",route="other",status="405"} 2`,
	} {
		if !strings.Contains(answer.Body.String(), line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}
