package auth_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

var (
	anna  = meet.Member{Portal: member, User: 7}
	boris = meet.Member{Portal: member, User: 8}
)

// refreshing tells whether a request exchanges a refresh token.
func refreshing(r *http.Request) bool { return r.PostForm.Get("grant_type") == "refresh_token" }

func TestRenew(t *testing.T) {
	each(t, func(w *world) {
		p, other := w.process(), w.process()
		w.signIn(p, w.portal, 7)
		stale := w.token(p, anna)
		for round := range 3 {
			w.clock.forward(2 * time.Hour)
			endpoint, token, err := p.Renew(w.t.Context(), anna, stale)
			must(w.t, err)
			if w.tokenUser(endpoint, token) != 7 || token == stale || token != w.token(other, anna) {
				w.t.Fatal("the new pair is not the stored one, or does not work")
			}
			// Who comes late with the old token gets the new one, in any process.
			for _, late := range []process{p, other} {
				_, again, err := late.Renew(w.t.Context(), anna, stale)
				must(w.t, err)
				if again != token {
					w.t.Error("a late one got something else")
				}
			}
			if n := w.tokens.refreshes(); n != round+1 {
				w.t.Errorf("%d refreshes after %d rounds", n, round+1)
			}
			stale = token
		}
	})
}

func TestNobodyRefreshesByTheClock(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	before := w.token(p, anna)
	w.clock.forward(170 * 24 * time.Hour)
	if w.token(p, anna) != before || w.tokens.refreshes() != 0 {
		t.Error("an old token was refreshed before a portal called it expired")
	}
}

// TestConcurrentRenewalsRefreshOnce: many requests in two processes find the token expired
// at the same moment. There is one refresh, and everybody gets its result.
func TestConcurrentRenewalsRefreshOnce(t *testing.T) {
	each(t, func(w *world) {
		processes := []process{w.process(), w.process()}
		w.signIn(processes[0], w.portal, 7)
		w.signIn(processes[0], w.portal, 8)
		for round := range 3 {
			w.portal.ExpireTokens()
			stale := map[meet.Member]string{anna: w.token(processes[0], anna), boris: w.token(processes[0], boris)}
			var mu sync.Mutex
			got := map[meet.Member]map[string]bool{anna: {}, boris: {}}
			var group sync.WaitGroup
			start := make(chan struct{})
			for i := range 16 {
				m := []meet.Member{anna, boris}[i/2%2]
				group.Go(func() {
					<-start
					_, token, err := processes[i%2].Renew(w.t.Context(), m, stale[m])
					if err != nil {
						w.t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					got[m][token] = true
				})
			}
			close(start)
			group.Wait()
			if n := w.tokens.refreshes(); n != 2*(round+1) {
				w.t.Errorf("%d refreshes for two people in round %d", n, round)
			}
			for m, tokens := range got {
				endpoint, token, err := processes[1].Token(w.t.Context(), m)
				must(w.t, err)
				if len(tokens) != 1 || !tokens[token] || w.tokenUser(endpoint, token) != m.User {
					w.t.Errorf("user %d: %d different tokens", m.User, len(tokens))
				}
			}
		}
	})
}

func TestLostGrant(t *testing.T) {
	each(t, func(w *world) {
		p := w.process()
		w.signIn(p, w.portal, 7)
		w.signIn(p, w.portal, 8)
		w.sim.RevokeRefresh(member, 7)
		_, _, err := p.Renew(w.t.Context(), anna, w.token(p, anna))
		w.wantError(err, meet.SignedOut, "error.signed_out")
		_, _, err = p.Token(w.t.Context(), anna)
		w.wantError(err, meet.SignedOut, "error.signed_out")
		_, _, err = p.Renew(w.t.Context(), anna, "whatever")
		w.wantError(err, meet.SignedOut, "error.signed_out")
		if n := w.tokens.refreshes(); n != 1 {
			w.t.Errorf("%d refreshes", n)
		}
		w.token(p, boris) // a colleague's grant is untouched
		w.signIn(p, w.portal, 7)
		w.token(p, anna)
	})
}

// TestTemporaryFailureKeepsTheGrant: nobody has to sign in again because of it, and the next
// attempt is not blocked.
func TestTemporaryFailureKeepsTheGrant(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	stale := w.token(p, anna)
	for _, c := range []struct {
		name  string
		fault portalsim.Fault
		kind  meet.Kind
		key   string
	}{
		{"page", portalsim.HTML502(), meet.Unavailable, "error.auth_server_down"},
		{"unheard of", portalsim.FailureStatus("canary", "canary", 500), meet.Unavailable, "error.auth_server_down"},
		{"trial over", portalsim.FailureStatus("PAYMENT_REQUIRED", "canary", 400), meet.Unsupported, "error.payment_required"},
		{"uninstalled, or wrong secret", portalsim.FailureStatus("invalid_client", "canary", 200), meet.Unsupported, "error.app_not_installed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.sim.FailAuth("/oauth/token/", c.fault)
			_, _, err := p.Renew(t.Context(), anna, stale)
			w.sim.HealAuth()
			w.wantError(err, c.kind, c.key)
			if w.token(p, anna) != stale {
				t.Error("the grant has changed")
			}
		})
	}
	_, token, err := p.Renew(t.Context(), anna, stale)
	must(t, err)
	w.tokenUser("http://"+w.portal.Host+"/rest/", token)
}

// TestARefreshOutlivesItsCaller: the new pair is stored although nobody waits for it, because
// the old one is worthless.
func TestARefreshOutlivesItsCaller(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	stale := w.token(p, anna)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan struct{})
	w.tokens.hook(nil, func(r *http.Request) {
		if refreshing(r) { // rotated, but the answer is not out yet
			cancel()
			<-left
		}
	})
	_, _, err := p.Renew(ctx, anna, stale)
	w.wantError(err, meet.Unavailable, "error.auth_server_down")
	close(left)
	endpoint, token, err := p.Renew(t.Context(), anna, stale)
	must(t, err)
	if w.tokenUser(endpoint, token) != 7 || w.tokens.refreshes() != 1 {
		t.Errorf("%d refreshes", w.tokens.refreshes())
	}
}

// TestSignInDuringTheRefresh: somebody signs in again while their old pair is being
// renewed. The pair of the sign-in stays, whatever becomes of the renewal.
func TestSignInDuringTheRefresh(t *testing.T) {
	for _, c := range []struct {
		name   string
		revoke bool
	}{{"renewed", false}, {"lost", true}} {
		t.Run(c.name, func(t *testing.T) {
			w := onSQLite(t)
			p, other := w.process(), w.process()
			w.signIn(p, w.portal, 7)
			stale, fresh := w.token(p, anna), ""
			w.tokens.hook(func(r *http.Request) {
				if !refreshing(r) {
					return
				}
				if c.revoke {
					w.sim.RevokeRefresh(member, 7)
				}
				w.signIn(other, w.portal, 7)
				fresh = w.token(other, anna)
			}, nil)
			_, token, err := p.Renew(t.Context(), anna, stale)
			must(t, err)
			if token != fresh || w.token(p, anna) != fresh {
				t.Error("the pair of the sign-in is lost")
			}
		})
	}
}

// TestUninstallDuringTheRefresh: the new pair is not stored.
func TestUninstallDuringTheRefresh(t *testing.T) {
	each(t, func(w *world) {
		p := w.process()
		w.signIn(p, w.portal, 7)
		stale := w.token(p, anna)
		w.tokens.hook(func(r *http.Request) {
			if refreshing(r) {
				must(w.t, p.vault.DeletePortal(context.Background(), member))
			}
		}, nil)
		_, _, err := p.Renew(w.t.Context(), anna, stale)
		w.wantError(err, meet.SignedOut, "error.signed_out")
		_, err = p.vault.Portal(w.t.Context(), member)
		if meet.KindOf(err) != meet.NotFound {
			w.t.Error("the portal came back")
		}
	})
}

// dying is the vault of a process that ends after the authorization server has
// rotated the pair and before it is stored.
type dying struct{ auth.Vault }

func (dying) RenewGrant(context.Context, auth.Grant, auth.Grant) error { return errors.New("killed") }

func TestCrashBetweenRefreshAndSave(t *testing.T) {
	each(t, func(w *world) {
		p := w.process()
		w.signIn(p, w.portal, 7)
		stale := w.token(p, anna)
		crashed := w.process(func(c *auth.Config) { c.Vault = dying{c.Vault} })
		_, _, err := crashed.Renew(w.t.Context(), anna, stale)
		must(w.t, err)                    // and it never gets to storing the pair
		w.clock.forward(31 * time.Second) // the lease has ended by itself
		_, _, err = p.Renew(w.t.Context(), anna, stale)
		w.wantError(err, meet.SignedOut, "error.signed_out")
		w.signIn(p, w.portal, 7)
		stale = w.token(p, anna)
		_, _, err = p.Renew(w.t.Context(), anna, stale)
		must(w.t, err)
	})
}

// TestWaitingForTheLease: while another process renews, nobody else does; callers wait as
// long as their context allows.
func TestWaitingForTheLease(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	stale := w.token(p, anna)
	ok, err := p.vault.LeaseGrant(t.Context(), anna, time.Minute)
	must(t, err)
	if !ok {
		t.Fatal("no lease")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, _, err = p.Renew(ctx, anna, stale)
	w.wantError(err, meet.Unavailable, "error.auth_server_down")
	if n := w.tokens.refreshes(); n != 0 {
		t.Errorf("%d refreshes without the lease", n)
	}
	must(t, p.vault.ReleaseGrant(t.Context(), anna))
	_, _, err = p.Renew(t.Context(), anna, stale) // joins the one that still waits
	must(t, err)
}

func TestRefreshTellsOfAMove(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	w.portal.Move("new.example")
	endpoint, _, err := p.Renew(t.Context(), anna, w.token(p, anna))
	must(t, err)
	if endpoint != "http://new.example/rest/" {
		t.Error(endpoint)
	}
	portal, err := w.process().vault.PortalByHost(t.Context(), "new.example")
	must(t, err)
	if portal.PortalID != member || portal.ClientID != clientID {
		t.Errorf("%+v", portal)
	}
}

// TestRefreshOfSomebodyElse: an answer for another portal or user is not stored.
func TestRefreshOfSomebodyElse(t *testing.T) {
	const good = `{"access_token":"canary","refresh_token":"canary","member_id":"` + member + `","user_id":7}`
	for _, c := range []struct{ name, old, new string }{
		{"portal", member, rival},
		{"user", `"user_id":7`, `"user_id":8`},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := onSQLite(t)
			p := w.process()
			w.signIn(p, w.portal, 7)
			stale := w.token(p, anna)
			server := answers(t, strings.Replace(good, c.old, c.new, 1))
			fooled := w.process(func(config *auth.Config) { config.AuthServers = []string{server.URL} })
			_, _, err := fooled.Renew(t.Context(), anna, stale)
			w.wantError(err, meet.Unavailable, "error.auth_server_down")
			if w.token(p, anna) != stale {
				t.Error("it was stored")
			}
		})
	}
}

// TestRefreshThatTellsNothingElse: the tokens alone are enough.
func TestRefreshThatTellsNothingElse(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	server := answers(t, `{"access_token":"canary new","refresh_token":"canary newer"}`)
	p = w.process(func(c *auth.Config) { c.AuthServers = []string{server.URL} })
	endpoint, token, err := p.Renew(t.Context(), anna, w.token(p, anna))
	must(t, err)
	if token != "canary new" || endpoint != "http://"+w.portal.Host+"/rest/" {
		t.Errorf("%s, %s", endpoint, token)
	}
}

func TestAppThatIsNoLongerConfigured(t *testing.T) {
	w := onSQLite(t)
	w.signIn(w.process(), w.portal, 7)
	p := w.process(func(c *auth.Config) { c.Apps = []auth.App{{ClientID: "app.other", ClientSecret: "canary"}} })
	_, _, err := p.Renew(t.Context(), anna, w.token(p, anna))
	w.wantError(err, meet.SignedOut, "error.signed_out")
}
