package portalsim

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFaultsEndAfterTheirTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.portal.Fail("Profile", Failure("INTERNAL_SERVER_ERROR").Times(2))
	w.portal.Fail("profile", HTML502().Times(1))
	var got []int
	for range 4 {
		got = append(got, w.rest(w.token(7), "profile", "").Code)
	}
	same(t, []int{500, 500, 502, 200}, got)
	same(t, 200, w.rest(w.token(7), "user.admin", "").Code)
}

func TestFaultsLastUntilHealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.portal.Fail("*", FailureStatus("ODD", "odd", 418))
	for _, method := range []string{"profile", "user.get", "profile"} {
		same(t, "418 ODD", failure(t, w.rest(w.token(7), method, "")))
	}
	w.portal.Heal()
	same(t, 200, w.rest(w.token(7), "profile", "").Code)
}

func TestKnownFailuresHaveTwoStatuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ code, source, documented string }{
		{"expired_token", "401", "401"},
		{"ACCESS_DENIED", "401", "403"},
		{"user_access_error", "401", "403"},
		{"OVERLOAD_LIMIT", "401", "503"},
		{"PORTAL_DELETED", "403", "500"},
		{"METHOD_CONFIRM_DENIED", "403", "403"},
		{"SOMETHING_NEW", "400", "400"},
	} {
		t.Run(tc.code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.portal.Fail("profile", Failure(tc.code))
			same(t, tc.source+" "+tc.code, failure(t, w.rest(w.token(7), "profile", "")))
			w.portal.DocStatuses = true
			same(t, tc.documented+" "+tc.code, failure(t, w.rest(w.token(7), "profile", "")))
		})
	}
}

func TestExpiredTokenOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token(7)
	w.portal.Fail("profile", ExpiredToken().Times(1))
	same(t, "401 expired_token", failure(t, w.rest(token, "profile", "")))
	same(t, 200, w.rest(token, "profile", "").Code)
}

// What is done before the answer goes wrong, and what is not.
func TestFaultsAndTheWork(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		fault  Fault
		status int
		isJSON bool
		done   bool
	}{
		{"502", HTML502(), 502, false, false},
		{"504", HTML504(), 504, false, true},
		{"truncated", Truncated(), 200, false, true},
		{"redirect", Redirect("http://evil.localhost/"), 302, false, false},
		{"error", Failure("INTERNAL_SERVER_ERROR"), 500, true, false},
		{"slow", Slow(0), 200, true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.portal.Fail("event.bind", tc.fault)
			rec := w.rest(w.token(1), "event.bind", `{"event":"ONAPPTEST","handler":"`+hook+`"}`)
			same(t, tc.status, rec.Code)
			same(t, tc.isJSON, json.Valid(rec.Body.Bytes()))
			same(t, tc.done, w.ask(t, 1, "event.get", "") != `{"result":[]}`)
			same(t, tc.status, w.portal.Requests()[0].Status)
		})
	}
}

func TestCutBreaksTheConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.portal)
	defer server.Close()
	w.portal.Fail("profile", Cut().Times(1))
	ask := func() error {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/rest/profile?auth="+w.token(7), nil)
		if err != nil {
			return err
		}
		resp, err := server.Client().Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
		return err
	}
	if err := ask(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the answer ended with %v", err)
	}
	if err := ask(); err != nil {
		t.Error(err)
	}
}

func TestSlowWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.portal.Fail("profile", Slow(30*time.Second))
		began := time.Now()
		same(t, 200, w.rest(w.token(7), "profile", "").Code)
		same(t, 30*time.Second, time.Since(began))

		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r := httptest.NewRequest(http.MethodPost, "http://"+worldHost+"/rest/profile", strings.NewReader(""))
		began = time.Now()
		w.send(r.WithContext(ctx))
		same(t, 10*time.Second, time.Since(began)) // the client left
	})
}
