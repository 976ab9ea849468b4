package fault_test

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

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/simtest"
)

func TestFaultsEndAfterTheirTimes(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Portal.Fail("Profile", fault.Failure("INTERNAL_SERVER_ERROR").Times(2))
	w.Portal.Fail("profile", fault.HTML502().Times(1))
	var got []int
	for range 4 {
		got = append(got, w.Call(w.Token(7), "profile", "").Code)
	}
	simtest.Equal(t, []int{500, 500, 502, 200}, got)
	simtest.Equal(t, 200, w.Call(w.Token(7), "user.admin", "").Code)
}

func TestFaultsLastUntilHealed(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Portal.Fail("*", fault.FailureStatus("ODD", "odd", 418))
	for _, method := range []string{"profile", "user.get", "profile"} {
		simtest.Equal(t, "418 ODD", simtest.ErrorOf(t, w.Call(w.Token(7), method, "")))
	}
	w.Portal.Heal()
	simtest.Equal(t, 200, w.Call(w.Token(7), "profile", "").Code)
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
			w := simtest.New(t)
			w.Portal.Fail("profile", fault.Failure(tc.code))
			simtest.Equal(t, tc.source+" "+tc.code, simtest.ErrorOf(t, w.Call(w.Token(7), "profile", "")))
			w.Portal.DocStatuses = true
			simtest.Equal(t, tc.documented+" "+tc.code, simtest.ErrorOf(t, w.Call(w.Token(7), "profile", "")))
		})
	}
}

func TestExpiredTokenOnce(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	token := w.Token(7)
	w.Portal.Fail("profile", fault.ExpiredToken().Times(1))
	simtest.Equal(t, "401 expired_token", simtest.ErrorOf(t, w.Call(token, "profile", "")))
	simtest.Equal(t, 200, w.Call(token, "profile", "").Code)
}

// What is done before the answer goes wrong, and what is not.
func TestFaultsAndTheWork(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		fault  fault.Fault
		status int
		isJSON bool
		done   bool
	}{
		{"502", fault.HTML502(), 502, false, false},
		{"504", fault.HTML504(), 504, false, true},
		{"truncated", fault.Truncated(), 200, false, true},
		{"redirect", fault.Redirect("http://evil.localhost/"), 302, false, false},
		{"error", fault.Failure("INTERNAL_SERVER_ERROR"), 500, true, false},
		{"slow", fault.Slow(0), 200, true, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			w.Portal.Fail("event.bind", tc.fault)
			rec := w.Call(w.Token(1), "event.bind", `{"event":"ONAPPTEST","handler":"`+simtest.Hook+`"}`)
			simtest.Equal(t, tc.status, rec.Code)
			simtest.Equal(t, tc.isJSON, json.Valid(rec.Body.Bytes()))
			simtest.Equal(t, tc.done, w.Ask(t, 1, "event.get", "") != `{"result":[]}`)
			simtest.Equal(t, tc.status, w.Portal.Requests()[0].Status)
		})
	}
}

func TestCutBreaksTheConnection(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	server := httptest.NewServer(w.Portal)
	defer server.Close()
	w.Portal.Fail("profile", fault.Cut().Times(1))
	ask := func() error {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/rest/profile?auth="+w.Token(7), nil)
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
		w := simtest.New(t)
		w.Portal.Fail("profile", fault.Slow(30*time.Second))
		began := time.Now()
		simtest.Equal(t, 200, w.Call(w.Token(7), "profile", "").Code)
		simtest.Equal(t, 30*time.Second, time.Since(began))

		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r := httptest.NewRequest(http.MethodPost, "http://"+simtest.Host+"/rest/profile", strings.NewReader(""))
		began = time.Now()
		w.Send(r.WithContext(ctx))
		simtest.Equal(t, 10*time.Second, time.Since(began)) // the client left
	})
}
