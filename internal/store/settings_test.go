package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

func TestSettings(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		want := func(portal string, want meet.Settings) {
			t.Helper()
			got, err := s.Settings(ctx, portal)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", portal, diff)
			}
		}
		seven := meet.Settings{Designated: 7, Since: now}
		eight := meet.Settings{Designated: 8, Since: now.Add(time.Hour + time.Millisecond)}
		want("m1", meet.Settings{})
		must(t, s.SaveSettings(ctx, "m1", seven))
		want("m1", seven)
		want("m2", meet.Settings{}) // another company
		must(t, s.SaveSettings(ctx, "m2", seven))
		must(t, s.SaveSettings(ctx, "m1", eight)) // the later one holds
		want("m1", eight)
		want("m2", seven)
		must(t, s.SaveSettings(ctx, "m1", meet.Settings{}))
		must(t, s.SaveSettings(ctx, "m1", meet.Settings{}))
		want("m1", meet.Settings{})
		want("m2", seven)
	})
}

func TestSettingsGoWithTheirPortal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		seven := meet.Settings{Designated: 7, Since: now}
		wantKind(t, s.SaveSettings(ctx, "m1", seven), meet.NotFound)
		for _, portal := range []string{"m1", "m2"} {
			savePortal(t, s, portal)
			must(t, s.SaveSettings(ctx, portal, seven))
		}
		must(t, s.DeletePortal(ctx, "m1"))
		savePortal(t, s, "m1") // installed anew: nobody has consented
		for portal, want := range map[string]meet.Settings{"m1": {}, "m2": seven} {
			got, err := s.Settings(ctx, portal)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", portal, diff)
			}
		}
	})
}
