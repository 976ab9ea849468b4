package auth_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// lockDatabase keeps everybody from writing to the database until unlock is called.
func (w *world) lockDatabase() (unlock func()) {
	w.t.Helper()
	driver, source, statements := "sqlite", strings.TrimPrefix(w.address, "sqlite:"), []string{`BEGIN IMMEDIATE`}
	if strings.HasPrefix(w.address, "postgres") {
		driver, source, statements = "pgx", w.address, []string{`BEGIN`, `LOCK TABLE portals, grants IN ACCESS EXCLUSIVE MODE`}
	}
	db, err := sql.Open(driver, source)
	must(w.t, err)
	conn, err := db.Conn(context.Background())
	must(w.t, err)
	for _, statement := range statements {
		_, err := conn.ExecContext(context.Background(), statement)
		must(w.t, err)
	}
	return sync.OnceFunc(func() {
		_, err := conn.ExecContext(context.Background(), `ROLLBACK`)
		must(w.t, errors.Join(err, conn.Close(), db.Close()))
	})
}

// lockDatabaseAfter locks it while an authorization server answers a request with the
// grant_type: the old token is used up, the new pair is on its way.
func (w *world) lockDatabaseAfter(grantType string) (unlock func()) {
	var mu sync.Mutex
	open := func() {}
	w.tokens.hook(nil, func(r *http.Request) {
		if r.PostForm.Get("grant_type") != grantType {
			return
		}
		w.tokens.hook(nil, nil)
		mu.Lock()
		defer mu.Unlock()
		open = w.lockDatabase()
	})
	unlock = func() {
		mu.Lock()
		defer mu.Unlock()
		open()
	}
	w.t.Cleanup(unlock)
	return unlock
}

// waitForToken waits until a process reads another access token than the stale one.
func (w *world) waitForToken(p process, m meet.Member, stale string) string {
	w.t.Helper()
	for limit := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, token, err := p.Token(w.t.Context(), m); err == nil && token != stale {
			return token
		}
		if time.Now().After(limit) {
			w.t.Fatal("the pair is lost")
		}
	}
}

// TestARenewedPairOutlivesTheDatabase: the refresh token is used up, and the database can't
// take the new pair. Callers here still get it, and can renew it, too; when the database is
// back, all processes have it.
func TestARenewedPairOutlivesTheDatabase(t *testing.T) {
	each(t, func(w *world) {
		p, other := w.process(), w.process()
		w.signIn(p, w.portal, 7)
		stale := w.token(p, anna)
		unlock := w.lockDatabaseAfter("refresh_token")
		endpoint, token, err := p.Renew(w.t.Context(), anna, stale)
		must(w.t, err)
		for range 3 {
			if got := w.token(p, anna); got != token || w.tokenUser(endpoint, got) != 7 {
				w.t.Fatal("the new pair is not served")
			}
		}
		_, again, err := p.Renew(w.t.Context(), anna, stale) // who comes late
		must(w.t, err)
		if again != token || w.tokens.refreshes() != 1 {
			w.t.Errorf("%d refreshes", w.tokens.refreshes())
		}
		w.portal.ExpireTokens()
		_, second, err := p.Renew(w.t.Context(), anna, token)
		must(w.t, err)
		if second == token || w.tokenUser(endpoint, second) != 7 || w.tokens.refreshes() != 2 {
			w.t.Errorf("the unsaved pair can't be renewed: %d refreshes", w.tokens.refreshes())
		}
		unlock()
		if got := w.waitForToken(other, anna, stale); got != second {
			w.t.Error("the pair that was stored is not the last one")
		}
		flush(w.t, p)
		w.portal.ExpireTokens()
		_, third, err := other.Renew(w.t.Context(), anna, second)
		must(w.t, err)
		if w.tokenUser(endpoint, third) != 7 || third != w.token(p, anna) {
			w.t.Error("the pair that was stored can't be renewed")
		}
		w.t.Logf("figure: the database away during 2 of %d renewals: 0 pairs lost", w.tokens.refreshes())
	})
}

// flush waits until no pair is unsaved.
func flush(t *testing.T, p process) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	p.Flush(ctx)
	must(t, ctx.Err())
}

// TestASignInOutlivesTheDatabase: the code is used up. The sign-in fails, but its pair is
// stored as soon as possible.
func TestASignInOutlivesTheDatabase(t *testing.T) {
	each(t, func(w *world) {
		p, other := w.process(), w.process()
		pending := p.NewPending(t.Context(), w.portal.Host)
		callback := w.callback(p, w.portal, 7, pending)
		unlock := w.lockDatabaseAfter("authorization_code")
		if _, err := p.Finish(w.t.Context(), pending, callback); err == nil {
			w.t.Fatal("the database was not away")
		}
		endpoint, token, err := p.Token(w.t.Context(), anna)
		must(w.t, err)
		if w.tokenUser(endpoint, token) != 7 {
			w.t.Error("the pair is not served")
		}
		unlock()
		if got := w.waitForToken(other, anna, ""); got != token {
			w.t.Error("another pair was stored")
		}
	})
}

// TestAFirstLaunchOutlivesTheDatabase: the refresh token of the form is used up. The
// same form opens the app when the database is back.
func TestAFirstLaunchOutlivesTheDatabase(t *testing.T) {
	each(t, func(w *world) {
		p, other := w.process(), w.process()
		query, body := w.form(w.portal, 7)
		unlock := w.lockDatabaseAfter("refresh_token")
		if _, err := w.launch(p, query, body); err == nil {
			w.t.Fatal("the database was not away")
		}
		unlock()
		w.waitForToken(other, anna, "")
		for _, q := range []process{p, other} {
			if _, err := w.launch(q, query, body); err != nil {
				w.t.Error(err)
			}
		}
		if n := w.tokens.refreshes(); n != 1 {
			w.t.Errorf("%d refreshes", n)
		}
		w.t.Logf("figure: 3 launches with one token, the database away during the first: %d exchange", w.tokens.refreshes())
	})
}

// failingVault is a vault that can store no renewed pair while failing is set.
type failingVault struct {
	auth.Vault
	failing atomic.Bool
}

func (a *failingVault) fault() error {
	if a.failing.Load() {
		return errors.New("away")
	}
	return nil
}

func (a *failingVault) RenewGrant(ctx context.Context, old, renewed auth.Grant) error {
	if err := a.fault(); err != nil {
		return err
	}
	return a.Vault.RenewGrant(ctx, old, renewed)
}

// withUnsavedPair returns a process with an unsaved renewed pair, whose vault fails, and one
// that does not know it.
func (w *world) withUnsavedPair() (p, other process, vault *failingVault, stale, token string) {
	w.t.Helper()
	vault = &failingVault{}
	p, other = w.process(func(c *auth.Config) { vault.Vault = c.Vault; c.Vault = vault }), w.process()
	w.signIn(p, w.portal, 7)
	stale = w.token(p, anna)
	vault.failing.Store(true)
	_, token, err := p.Renew(w.t.Context(), anna, stale)
	must(w.t, err)
	return p, other, vault, stale, token
}

// TestAnUnsavedPairSurvivesAnotherProcess: another process waits until the lease has
// expired, tries the used refresh token, and marks the pair as lost. The unsaved pair is
// still stored.
func TestAnUnsavedPairSurvivesAnotherProcess(t *testing.T) {
	each(t, func(w *world) {
		p, other, vault, stale, token := w.withUnsavedPair()
		w.clock.forward(31 * time.Second)
		_, _, err := other.Renew(w.t.Context(), anna, stale)
		w.wantError(err, meet.SignedOut, "error.signed_out")
		vault.failing.Store(false)
		if got := w.waitForToken(other, anna, stale); got != token {
			w.t.Error("another pair was stored")
		}
		flush(w.t, p)
	})
}

// TestAnUnsavedPairYieldsToASignIn: after a new sign-in its pair counts.
func TestAnUnsavedPairYieldsToASignIn(t *testing.T) {
	for name, here := range map[string]bool{"here": true, "elsewhere": false} {
		t.Run(name, func(t *testing.T) {
			w := onSQLite(t)
			p, other, vault, _, _ := w.withUnsavedPair()
			q := other
			if here {
				q = p
			}
			w.signIn(q, w.portal, 7)
			fresh := w.token(other, anna)
			vault.failing.Store(false)
			flush(t, p)
			if w.token(p, anna) != fresh || w.token(other, anna) != fresh {
				t.Error("the pair of the sign-in is lost")
			}
		})
	}
}

// TestAnUnsavedPairGoesWithItsPerson: it is not stored for somebody who has been removed.
func TestAnUnsavedPairGoesWithItsPerson(t *testing.T) {
	w := onSQLite(t)
	p, other, vault, _, _ := w.withUnsavedPair()
	must(t, other.vault.CloseMember(t.Context(), anna))
	vault.failing.Store(false)
	flush(t, p)
	_, _, err := p.Token(t.Context(), anna)
	w.wantError(err, meet.SignedOut, "error.signed_out")
}

// TestTheEndWaitsForPairs: Flush stores the unsaved ones.
func TestTheEndWaitsForPairs(t *testing.T) {
	w := onSQLite(t)
	p, other, vault, stale, token := w.withUnsavedPair()
	ended := make(chan struct{})
	go func() {
		p.Flush(t.Context())
		close(ended)
	}()
	select {
	case <-ended:
		t.Error("it does not wait")
	case <-time.After(50 * time.Millisecond):
	}
	vault.failing.Store(false)
	<-ended
	if w.waitForToken(other, anna, stale) != token {
		t.Error("another pair was stored")
	}
}

// TestTheEndWaitsForARedemption: even if its caller has left.
func TestTheEndWaitsForARedemption(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	token := w.token(p, anna)
	asked, answered := make(chan struct{}), make(chan struct{})
	w.tokens.hook(func(r *http.Request) {
		if refreshing(r) {
			close(asked)
			<-answered
		}
	}, nil)
	leaving, leave := context.WithCancel(t.Context())
	go func() { _, _, _ = p.Renew(leaving, anna, token) }()
	<-asked
	leave() // nobody waits for the pair any more
	time.AfterFunc(50*time.Millisecond, func() { close(answered) })
	flush(t, p)
	if w.waitForToken(w.process(), anna, token) == "" {
		t.Error("the pair under way is lost")
	}
}

// TestALossIsLogged: Flush does not wait for ever.
func TestALossIsLogged(t *testing.T) {
	w := onSQLite(t)
	p, _, _, _, _ := w.withUnsavedPair()
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	p.Flush(short)
	if !strings.Contains(w.log.String(), "pairs=1") {
		t.Error("the loss is not told")
	}
}

// TestLeasesHoldWhenClocksDiffer: the clocks of two processes are 45 seconds apart, more
// than a lease lasts. The token is renewed once.
func TestLeasesHoldWhenClocksDiffer(t *testing.T) {
	each(t, func(w *world) {
		skewed := func(by time.Duration) process {
			return w.process(func(c *auth.Config) {
				c.Vault.(interface{ UseClock(func() time.Time) }).UseClock(nil)
				c.Now = func() time.Time { return time.Now().Add(by) }
			})
		}
		processes := []process{skewed(0), skewed(45 * time.Second), skewed(-45 * time.Second)}
		w.signIn(processes[0], w.portal, 7)
		for _, p := range processes { // each is the first once
			stale := w.token(p, anna)
			before := w.tokens.refreshes()
			asked, go_ := make(chan struct{}), make(chan struct{})
			w.tokens.hook(func(r *http.Request) {
				if refreshing(r) && w.tokens.refreshes() == before+1 {
					close(asked)
					<-go_
				}
			}, nil)
			var all sync.WaitGroup
			renew := func(p process, limit time.Duration) {
				all.Go(func() {
					ctx, cancel := context.WithTimeout(w.t.Context(), limit)
					defer cancel()
					_, _, _ = p.Renew(ctx, anna, stale)
				})
			}
			renew(p, time.Minute)
			<-asked
			for _, q := range processes {
				renew(q, 300*time.Millisecond)
			}
			time.Sleep(400 * time.Millisecond)
			close(go_)
			all.Wait()
			w.waitForToken(p, anna, stale)
			if n := w.tokens.refreshes() - before; n != 1 {
				w.t.Errorf("%d refreshes", n)
			}
			w.portal.ExpireTokens()
		}
		w.t.Logf("figure: clocks 90 s apart, 3 expired tokens wanted 4 times each: %d refreshes", w.tokens.refreshes())
	})
}

// TestFirstLaunchAtOnce: the same form comes twenty times at once to two processes. The
// refresh token is redeemed once, and all of them open the app.
func TestFirstLaunchAtOnce(t *testing.T) {
	each(t, func(w *world) {
		processes := []process{w.process(), w.process()}
		query, body := w.form(w.portal, 7)
		var all sync.WaitGroup
		start := make(chan struct{})
		for i := range 20 {
			all.Go(func() {
				<-start
				if in, err := w.launch(processes[i%2], query, body); err != nil || in.Member != anna || in.Portal.PortalID != member {
					w.t.Errorf("%+v %v", in, err)
				}
			})
		}
		close(start)
		all.Wait()
		if n := w.tokens.refreshes(); n != 1 {
			w.t.Errorf("%d refreshes", n)
		}
	})
}

// broken is a vault whose code panics when a pair is stored.
type broken struct {
	auth.Vault
	times atomic.Int64
}

func (b *broken) RenewGrant(ctx context.Context, old, renewed auth.Grant) error {
	if b.times.Add(-1) >= 0 {
		panic("a row that nobody foresaw")
	}
	return b.Vault.RenewGrant(ctx, old, renewed)
}

func (b *broken) LeaseGrant(ctx context.Context, m meet.Member, life time.Duration) (bool, error) {
	if b.times.Load() == 100 {
		panic("a row that nobody foresaw")
	}
	return b.Vault.LeaseGrant(ctx, m, life)
}

// TestPanicDuringARenewal: a panic before the exchange is an internal error, and one after it
// does not lose the pair.
func TestPanicDuringARenewal(t *testing.T) {
	w := onSQLite(t)
	vault := &broken{}
	p, other := w.process(func(c *auth.Config) { vault.Vault = c.Vault; c.Vault = vault }), w.process()
	w.signIn(p, w.portal, 7)
	stale := w.token(p, anna)
	vault.times.Store(100)
	var fault *rescue.Panic
	if _, _, err := p.Renew(t.Context(), anna, stale); !errors.As(err, &fault) {
		t.Errorf("error %v", err)
	}
	vault.times.Store(2)
	_, token, err := p.Renew(t.Context(), anna, stale)
	must(t, err)
	if w.waitForToken(other, anna, stale) != token || w.tokens.refreshes() != 1 {
		t.Errorf("the pair is lost; %d refreshes", w.tokens.refreshes())
	}
}

// TestPanicAboutOnePortal: the other portals are still asked.
func TestPanicAboutOnePortal(t *testing.T) {
	t.Parallel()
	p := portals(0, 3)
	p.broken = p.keys[0]
	dismissals := &auth.Dismissals{Accounts: p, People: p, Log: slog.New(slog.DiscardHandler)}
	var fault *rescue.Panic
	if err := dismissals.Check(t.Context()); !errors.As(err, &fault) {
		t.Errorf("error %v", err)
	}
	if len(p.closed) != 2 {
		t.Errorf("%d of the other portals were asked", len(p.closed))
	}
}
