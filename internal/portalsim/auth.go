package portalsim

import "net/http"

// AuthSwitches are oddities of the authorization server.
type AuthSwitches struct {
	BasicBurnsCode  bool // an attempt with HTTP Basic and no client_id in the body uses the code up
	ErrorsAs200     bool // errors come with HTTP 200
	UserIDText      bool // user_id is a string
	PaymentRequired bool // every grant is refused with PAYMENT_REQUIRED
	KeepOldRefresh  bool // a refresh token stays good after its use
}

// SetAuth sets the oddities of the authorization server.
func (s *Sim) SetAuth(sw AuthSwitches) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switches = sw
}

// AuthServer is the authorization server: /oauth/token/ and /rest/app.info.
func (s *Sim) AuthServer() http.Handler {
	return http.NewServeMux()
}
