package store

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/meet"
)

// TestFrameCodesAreBounded: only the latest codes of a session are stored. Those of other
// sessions are left alone.
func TestFrameCodesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		must(t, s.SaveFrameCode(t.Context(), "other", "m1", "boris", time.Minute))
		const asked = 3 * maxFrameCodes
		for i := range asked {
			must(t, s.SaveFrameCode(t.Context(), fmt.Sprint("code ", i), "m1", "anna", time.Minute+time.Duration(i)*time.Second))
		}
		if codes := column(t, s, `SELECT code_hash FROM frame_codes`); len(codes) != maxFrameCodes+1 {
			t.Errorf("%d codes are kept", len(codes))
		}
		for code, want := range map[string]bool{"code 0": false, fmt.Sprint("code ", asked-1): true, "other": true} {
			if _, err := s.TakeFrameCode(t.Context(), code); (err == nil) != want || err != nil && meet.KindOf(err) != meet.NotFound {
				t.Errorf("%s: %v", code, err)
			}
		}
	})
}

// TestFrameCodeWorksOnce: only one of many concurrent uses gets through.
func TestFrameCodeWorksOnce(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		must(t, stores[0].SaveFrameCode(t.Context(), "c", "m1", "h", time.Minute))
		wantKind(t, stores[0].SaveFrameCode(t.Context(), "d", "m2", "h", time.Minute), meet.NotFound)
		var got atomic.Int64
		parallel(t, 12, func(i int) error {
			idHash, err := stores[i%2].TakeFrameCode(t.Context(), "c")
			if err == nil && idHash == "h" {
				got.Add(1)
			}
			if meet.KindOf(err) == meet.NotFound {
				return nil
			}
			return err
		})
		if n := got.Load(); n != 1 {
			t.Errorf("%d got through", n)
		}
		must(t, stores[0].SaveFrameCode(t.Context(), "late", "m1", "h", 0))
		_, err := stores[0].TakeFrameCode(t.Context(), "late") // at the moment it expires
		wantKind(t, err, meet.NotFound)
		must(t, stores[0].Purge(t.Context(), now))
		if left := column(t, stores[0], `SELECT code_hash FROM frame_codes`); len(left) != 0 {
			t.Errorf("left are %v", left)
		}
	})
}
