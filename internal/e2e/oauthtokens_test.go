package e2e

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
)

// TestFirstLaunchAtOnce: the portal's page posts the same form twenty times at once, to two
// instances. Everybody gets in, though the refresh token in it works once.
func TestFirstLaunchAtOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	q := anotherInstance(p)
	frame := p.LaunchForm(3, "DEFAULT", "")
	var all sync.WaitGroup
	ready := make(chan struct{})
	for i := range 20 {
		all.Go(func() {
			<-ready
			to := []*harness.Product{p, q}[i%2]
			response, body := to.Post(to.Browser(), strings.Replace(frame.Action, p.App, to.App, 1), frame.Fields, p.CrossSite()...)
			if response.StatusCode != http.StatusSeeOther {
				t.Errorf("%d: %s %.300s", i, response.Status, body)
			}
		})
	}
	close(ready)
	all.Wait()
	n := p.Asked.Count("/oauth/token/")
	if n != 1 {
		t.Errorf("%d trades", n)
	}
	t.Logf("figure: one first launch 20 times at once at two servers: %d trade", n)
	if n := rows(p, "grants"); n != 1 {
		t.Errorf("%d grants", n)
	}
	if n := rows(p, "redemptions"); n != 0 {
		t.Errorf("%d leases are left", n)
	}
}

// lockDatabase keeps the program from writing until unlock is called.
func lockDatabase(p *harness.Product) (unlock func()) {
	p.T.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(p.Env["SLOTFINDER_DATABASE"], "sqlite:"))
	if err != nil {
		p.T.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err == nil {
		_, err = conn.ExecContext(context.Background(), `BEGIN IMMEDIATE`)
	}
	if err != nil {
		p.T.Fatal(err)
	}
	return sync.OnceFunc(func() {
		_, err := conn.ExecContext(context.Background(), `ROLLBACK`)
		if err := errors.Join(err, conn.Close(), db.Close()); err != nil {
			p.T.Error(err)
		}
	})
}

// TestTheEndOfTheProgramWaitsForTokens: a token is renewed while the database is locked,
// and then the program is told to end. It does when the new pair is stored, and whoever
// it belongs to goes on after the next start.
func TestTheEndOfTheProgramWaitsForTokens(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	db, _ := p.Database()
	m := meet.Member{Portal: p.Company.MemberID, User: 2}
	before, err := db.Grant(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	p.Company.ExpireTokens()
	unlock := func() {}
	var once sync.Once
	p.Asked.Hook("/oauth/token/", func() { once.Do(func() { unlock = lockDatabase(p) }) })
	unseen := "/find?" + url.Values{"from": {time.Now().AddDate(0, 0, 40).Format(time.DateOnly)}, "to": {time.Now().AddDate(0, 0, 44).Format(time.DateOnly)}}.Encode()
	if response, body := p.Get(client, unseen, harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Fatalf("a search with the pair that is not stored: %s %.300s", response.Status, body)
	}
	ended := make(chan int)
	go func() { ended <- p.Stop() }()
	select {
	case code := <-ended:
		t.Errorf("it ended with %d and without the pair", code)
	case <-time.After(time.Second):
		unlock()
		if code := <-ended; code != 0 {
			t.Errorf("exit code %d", code)
		}
	}
	after, err := db.Grant(t.Context(), m)
	if err != nil || after.RefreshToken == before.RefreshToken {
		t.Errorf("the new pair is lost: %v", err)
	}
	p.Serve(p.Env)
	p.Company.ExpireTokens()
	if response, body := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("the pair is of no use: %s %.300s", response.Status, body)
	}
	t.Logf("figure: the program's end while 1 renewed pair was not stored: 0 pairs lost")
}
