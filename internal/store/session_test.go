package store

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

func sessionFound(t *testing.T, s *Store, idHash string) bool {
	t.Helper()
	_, err := s.LoadSession(t.Context(), idHash, now)
	if meet.KindOf(err) != meet.NotFound {
		must(t, err)
	}
	return err == nil
}

// session is one that began now.
func session(idHash, portal string, user int64, expires time.Time) auth.Session {
	return auth.Session{IDHash: idHash, Member: meet.Member{Portal: portal, User: user}, Begun: now, Used: now, Expires: expires}
}

func TestSession(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if sessionFound(t, s, "h") {
			t.Error("found before it was saved")
		}
		savePortal(t, s, "m1")
		want := session("h", "m1", 7, now.Add(time.Hour))
		want.Data, want.Begun = `{"имя":"Ünal"}`, now.Add(-time.Hour)
		must(t, s.SaveSession(ctx, want))
		got, err := s.LoadSession(ctx, "h", now.Add(time.Hour-time.Millisecond))
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		_, err = s.LoadSession(ctx, "h", now.Add(time.Hour)) // at the moment it expires
		wantKind(t, err, meet.NotFound)
		must(t, s.DeleteSession(ctx, "h"))
		must(t, s.DeleteSession(ctx, "h"))
		if sessionFound(t, s, "h") {
			t.Error("found after it was deleted")
		}
	})
}

func TestSessionInUseLastsLonger(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		must(t, s.SaveSession(ctx, session("h", "m1", 7, now.Add(time.Minute))))
		later := now.Add(30 * time.Second)
		must(t, s.UseSession(ctx, "h", later, later.Add(time.Hour)))
		must(t, s.UseSession(ctx, "h", now, now)) // of a request that was slower
		got, err := s.LoadSession(ctx, "h", now.Add(time.Hour))
		must(t, err)
		if !got.Used.Equal(later) || !got.Expires.Equal(later.Add(time.Hour)) || !got.Begun.Equal(now) {
			t.Errorf("%+v", got)
		}
		must(t, s.DeleteSessionsOf(ctx, anna))
		must(t, s.UseSession(ctx, "h", now.Add(time.Hour), now.Add(2*time.Hour)))
		if sessionFound(t, s, "h") {
			t.Error("a session that has ended was revived")
		}
	})
}

func TestSessionOfAGonePortalCannotBeRevived(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		must(t, s.SaveSession(t.Context(), session("h", "m1", 7, now.Add(time.Hour))))
		must(t, s.DeletePortal(t.Context(), "m1"))
		wantKind(t, s.SaveSession(t.Context(), session("h", "m1", 7, now.Add(time.Hour))), meet.NotFound)
		if sessionFound(t, s, "h") {
			t.Error("it was")
		}
	})
}

// TestNobodyHasEndlessSessions: one too many ends the person's least recently used session,
// and nobody else's.
func TestNobodyHasEndlessSessions(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		must(t, s.SaveSession(ctx, session("other", "m1", 8, now.Add(time.Hour))))
		for i := range auth.MaxSessions {
			one := session(fmt.Sprintf("%03d", i), "m1", 7, now.Add(time.Hour))
			one.Used = now.Add(time.Duration(i) * time.Second)
			must(t, s.SaveSession(ctx, one))
		}
		must(t, s.UseSession(ctx, "000", now.Add(time.Hour/2), now.Add(time.Hour)))
		oldest := session("new", "m1", 7, now.Add(time.Hour)) // by a clock that lags
		oldest.Used = now.Add(-time.Hour)
		must(t, s.SaveSession(ctx, oldest))
		all, err := s.SessionsOf(ctx, anna, now)
		must(t, err)
		if len(all) != auth.MaxSessions || all[0].IDHash != "000" || all[1].IDHash != "049" || all[len(all)-1].IDHash != "new" {
			t.Errorf("%d are left, the first %s, %s", len(all), all[0].IDHash, all[1].IDHash)
		}
		if sessionFound(t, s, "001") || !sessionFound(t, s, "002") || !sessionFound(t, s, "other") {
			t.Error("another one has ended")
		}
		must(t, s.UseSession(ctx, "005", now.Add(time.Hour/3), now))
		if all, _ := s.SessionsOf(ctx, anna, now); len(all) != auth.MaxSessions-1 {
			t.Error("one that has expired is listed")
		}
	})
}

func TestDeleteSessionsOf(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		for i, m := range []meet.Member{anna, anna, {Portal: "m1", User: 8}, {Portal: "m2", User: 7}} {
			must(t, s.SaveSession(ctx, session(fmt.Sprint(i), m.Portal, m.User, now.Add(time.Hour))))
		}
		must(t, s.DeleteSessionsOf(ctx, anna))
		if sessionFound(t, s, "0") || sessionFound(t, s, "1") || !sessionFound(t, s, "2") || !sessionFound(t, s, "3") {
			t.Error("logging out everywhere ended the wrong sessions")
		}
	})
}

func TestPurge(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		for name, expires := range map[string]time.Time{"old": now, "alive": now.Add(time.Millisecond)} {
			must(t, s.SaveSession(ctx, session(name, "m1", 7, expires)))
			_, err := s.UseState(ctx, "m1", name, expires)
			must(t, err)
		}
		must(t, s.Purge(ctx, now))
		for _, query := range []string{`SELECT id_hash FROM sessions`, `SELECT state_hash FROM used_states`} {
			if left := column(t, s, query); len(left) != 1 || left[0] != "alive" {
				t.Errorf("%s: left are %v", query, left)
			}
		}
	})
}

// TestStateIsUsedOnce: only one of many callbacks with the same state, in two processes,
// counts.
func TestStateIsUsedOnce(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		var first atomic.Int64
		parallel(t, 16, func(i int) error {
			used, err := stores[i%2].UseState(t.Context(), "m1", "state", now.Add(time.Minute))
			if used {
				first.Add(1)
			}
			return err
		})
		if n := first.Load(); n != 1 {
			t.Errorf("%d were the first", n)
		}
	})
}

// TestSessionsUnderLoad: requests of one person in two processes save, use, read and end
// sessions at the same time; nothing fails and nothing is mixed up.
func TestSessionsUnderLoad(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		parallel(t, 16, func(i int) error {
			s := stores[i%2]
			for n := range 10 {
				id := fmt.Sprint(i, " ", n)
				want := session(id, "m1", 7, now.Add(time.Hour))
				want.Data = id
				if err := s.SaveSession(t.Context(), want); err != nil {
					return err
				}
				if err := s.UseSession(t.Context(), id, now.Add(time.Second), now.Add(time.Hour)); err != nil {
					return err
				}
				got, err := s.LoadSession(t.Context(), id, now)
				if meet.KindOf(err) != meet.NotFound && (err != nil || got.Data != id) {
					return fmt.Errorf("loaded %q for %q, %w", got.Data, id, err)
				}
				if n%3 == 0 {
					if err := s.DeleteSession(t.Context(), id); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if all, err := stores[0].SessionsOf(t.Context(), anna, now); err != nil || len(all) > auth.MaxSessions {
			t.Errorf("%d sessions, %v", len(all), err)
		}
	})
}
