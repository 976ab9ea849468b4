package oauth

import (
	"net/http"
	"strings"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
)

// Switches are oddities of the authorization server that are off by default.
type Switches struct {
	BasicBurnsCode  bool // an attempt with HTTP Basic and no client_id in the body uses the code up
	ErrorsAs200     bool // errors come with HTTP 200
	UserIDText      bool // user_id is a string
	PaymentRequired bool // every grant is refused with PAYMENT_REQUIRED
	KeepOldRefresh  bool // a refresh token stays good after its use
}

// SetSwitches sets the oddities of the authorization server.
func (s *Server) SetSwitches(sw Switches) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switches = sw
}

func (s *Server) authSwitches() Switches {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.switches
}

// Handler serves /oauth/token/ by GET and POST, and /rest/app.info.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/oauth/token/{$}", s.faulty(s.exchangeToken))
	mux.HandleFunc("/rest/app.info", s.faulty(s.appInfo))
	mux.HandleFunc("/rest/app.info.json", s.faulty(s.appInfo))
	return mux
}

// Fail orders a fault for a path, "/oauth/token/" or "/rest/app.info"; "*" = any.
func (s *Server) Fail(path string, f fault.Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.Order(path, f)
}

// Heal takes back every fault.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = fault.Queue{}
}

// faulty lets answers fail as ordered.
func (s *Server) faulty(next func(*http.Request) (php.Array, *fault.Error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		fault := s.takeFault(strings.TrimSuffix(r.URL.Path, ".json"))
		if fault.Before(w, r) {
			return
		}
		value, failed := php.Array(nil), fault.Err
		if failed == nil {
			value, failed = next(r)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		fault.Deliver(w, r, s.authAnswer(value, failed))
	}
}

func (s *Server) takeFault(path string) fault.Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.Take(path)
}

func (s *Server) authAnswer(value php.Array, failed *fault.Error) fault.Answer {
	if failed == nil {
		return fault.Answer{Status: http.StatusOK, Body: php.Encode(value)}
	}
	status := failed.Status
	if s.authSwitches().ErrorsAs200 {
		status = http.StatusOK
	}
	return fault.Answer{Status: status, Body: php.Encode(failed.Answer())}
}
