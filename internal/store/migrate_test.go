package store

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
)

func TestInstancesMigrateAtOnce(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		parallel(t, 8, func(int) error {
			s, err := Open(t.Context(), address)
			if err != nil {
				return err
			}
			return s.Close()
		})
		s := open(t, address)
		versions := column(t, s, `SELECT version_id FROM goose_db_version ORDER BY id`)
		provider, err := s.provider()
		must(t, err)
		if want := 1 + len(provider.ListSources()); len(versions) != want {
			t.Errorf("applied %v instead of %d versions once each", versions, want)
		}
	})
}

// TestPostgresInstancesWait: while one process migrates, another one waits for it
// before it touches anything.
func TestPostgresInstancesWait(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	address := postgres.Schema(t)
	first, err := connect(ctx, address)
	must(t, err)
	t.Cleanup(func() { must(t, first.Close()) })
	unlock, err := lockSchema(ctx, first.write)
	must(t, err)
	brief, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if s, err := Open(brief, address); err == nil {
		t.Error("it did not wait", s.Close())
	}
	if tables := column(t, first, `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`); len(tables) > 0 {
		t.Errorf("it made %v", tables)
	}
	open(t, postgres.Schema(t)) // another schema is not concerned
	must(t, unlock())
	open(t, address)
}

// TestFromVersionOne fills a database of the first release and opens it with
// this one.
func TestFromVersionOne(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		ctx := t.Context()
		old, err := connect(ctx, address)
		must(t, err)
		provider, err := old.provider()
		must(t, err)
		_, err = provider.UpTo(ctx, 1)
		must(t, err)
		for _, statement := range []string{
			`INSERT INTO portals (member_id, host, endpoint, auth_server, app_token, client_id, scope, seq)
				VALUES ('m1', 'a.example', 'https://a.example/rest/', 'https://oauth.bitrix.info', 'token', 'app.1', 'user', 1)`,
			`INSERT INTO grants (portal, user_id, access_token, refresh_token, expires, version, leased_until)
				VALUES ('m1', 7, 'access a', 'refresh a', 1795510800123, 3, 0)`,
			`INSERT INTO sessions (id_hash, portal, user_id, data, expires) VALUES ('h', 'm1', 7, '{}', 1795510800123)`,
		} {
			_, err := old.write.ExecContext(ctx, statement)
			must(t, err)
		}
		must(t, old.Close())

		s := open(t, address)
		got, err := s.Portal(ctx, "m1")
		must(t, err)
		want := auth.Portal{
			MemberID: "m1", Host: "a.example", Endpoint: "https://a.example/rest/",
			AuthServer: "https://oauth.bitrix.info", AppToken: "token", ClientID: "app.1", Scope: "user",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		wantGrant(t, s, anna, "a", 3)
		if !sessionFound(t, s, "h") {
			t.Error("the session is lost")
		}
	})
}

func TestReopenKeepsEverything(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		first, err := Open(t.Context(), address)
		must(t, err)
		savePortal(t, first, "m1")
		must(t, first.SaveGrant(t.Context(), grant(anna, "a")))
		must(t, first.SaveSession(t.Context(), "h", "", "m1", 7, now.Add(time.Hour)))
		must(t, first.Close())
		second := open(t, address)
		wantGrant(t, second, anna, "a", 1)
		if !sessionFound(t, second, "h") {
			t.Error("the session is lost")
		}
	})
}
