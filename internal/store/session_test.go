package store

import (
	"fmt"
	"testing"
	"time"

	"slotfinder/internal/meet"
)

func sessionFound(t *testing.T, s *Store, idHash string) bool {
	t.Helper()
	_, _, _, found, err := s.LoadSession(t.Context(), idHash, now)
	must(t, err)
	return found
}

func TestSession(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		if sessionFound(t, s, "h") {
			t.Error("found before it was saved")
		}
		savePortal(t, s, "m1")
		must(t, s.SaveSession(ctx, "h", `{"state":"x"}`, "", 0, now.Add(time.Minute)))
		data, portal, user, found, err := s.LoadSession(ctx, "h", now)
		must(t, err)
		if data != `{"state":"x"}` || portal != "" || user != 0 || !found {
			t.Errorf("%q %q %d %v", data, portal, user, found)
		}
		must(t, s.SaveSession(ctx, "h", `{"имя":"Ünal"}`, "m1", 7, now.Add(time.Hour)))
		data, portal, user, found, err = s.LoadSession(ctx, "h", now.Add(time.Hour-time.Millisecond))
		must(t, err)
		if data != `{"имя":"Ünal"}` || portal != "m1" || user != 7 || !found {
			t.Errorf("%q %q %d %v", data, portal, user, found)
		}
		_, _, _, found, err = s.LoadSession(ctx, "h", now.Add(time.Hour))
		must(t, err)
		if found {
			t.Error("found at the moment it expires")
		}
		must(t, s.DeleteSession(ctx, "h"))
		must(t, s.DeleteSession(ctx, "h"))
		if sessionFound(t, s, "h") {
			t.Error("found after it was deleted")
		}
	})
}

func TestSessionThatHasEndedCannotBeRevived(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		must(t, s.SaveSession(t.Context(), "h", "old", "m1", 7, now.Add(time.Minute)))
		found, err := s.UpdateSession(t.Context(), "h", "new", "m1", 8, now.Add(time.Hour))
		must(t, err)
		data, portal, user, alive, err := s.LoadSession(t.Context(), "h", now.Add(time.Minute))
		must(t, err)
		if !found || data != "new" || portal != "m1" || user != 8 || !alive {
			t.Errorf("%v: %q %q %d %v", found, data, portal, user, alive)
		}
		must(t, s.DeleteSessionsOf(t.Context(), "m1", 8))
		found, err = s.UpdateSession(t.Context(), "h", "new", "m1", 8, now.Add(time.Hour))
		must(t, err)
		if found || sessionFound(t, s, "h") {
			t.Error("it was")
		}
	})
}

func TestSessionOfAGonePortalCannotBeRevived(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		must(t, s.SaveSession(t.Context(), "h", "", "m1", 7, now.Add(time.Hour)))
		must(t, s.DeletePortal(t.Context(), "m1"))
		wantKind(t, s.SaveSession(t.Context(), "h", "", "m1", 7, now.Add(time.Hour)), meet.NotFound)
		if sessionFound(t, s, "h") {
			t.Error("it was")
		}
	})
}

func TestDeleteSessionsOf(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		for i, user := range []int64{7, 7, 8} {
			must(t, s.SaveSession(ctx, fmt.Sprint(i), "", "m1", user, now.Add(time.Hour)))
		}
		must(t, s.SaveSession(ctx, "nobody", "", "", 0, now.Add(time.Hour)))
		must(t, s.DeleteSessionsOf(ctx, "m1", 7))
		if sessionFound(t, s, "0") || sessionFound(t, s, "1") || !sessionFound(t, s, "2") {
			t.Error("logging out everywhere ended the wrong sessions")
		}
		must(t, s.DeleteSessionsOf(ctx, "m1", 0))
		if sessionFound(t, s, "2") || !sessionFound(t, s, "nobody") {
			t.Error("ending a portal's sessions ended the wrong ones")
		}
	})
}

func TestClean(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		must(t, s.SaveSession(ctx, "old", "", "m1", 7, now))
		must(t, s.SaveSession(ctx, "alive", "", "m1", 7, now.Add(time.Millisecond)))
		must(t, s.Clean(ctx, now))
		left := column(t, s, `SELECT id_hash FROM sessions`)
		if len(left) != 1 || left[0] != "alive" {
			t.Errorf("left are %v", left)
		}
	})
}

// TestSessionsUnderLoad: requests of one person in two processes save, read and
// end sessions at the same time; nothing fails and nothing is mixed up.
func TestSessionsUnderLoad(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		parallel(t, 16, func(i int) error {
			s, id := stores[i%2], fmt.Sprint(i/2)
			for n := range 10 {
				if err := s.SaveSession(t.Context(), id, id, "m1", 7, now.Add(time.Hour)); err != nil {
					return err
				}
				data, _, _, found, err := s.LoadSession(t.Context(), id, now)
				if err != nil || found && data != id {
					return fmt.Errorf("loaded %q for %q, %w", data, id, err)
				}
				if n%3 == 0 {
					if err := s.DeleteSession(t.Context(), id); err != nil {
						return err
					}
				}
			}
			return nil
		})
	})
}
