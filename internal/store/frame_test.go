package store

import (
	"fmt"
	"testing"
	"time"
)

// TestFrameCodesAreBounded: of a session only the latest wait, however many are asked
// for. Those of other sessions are left alone.
func TestFrameCodesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		must(t, s.SaveFrameCode(t.Context(), "other", "m1", "boris", time.Minute))
		const asked = 3 * mostFrameCodes
		for i := range asked {
			must(t, s.SaveFrameCode(t.Context(), fmt.Sprint("code ", i), "m1", "anna", time.Minute+time.Duration(i)*time.Second))
		}
		if codes := column(t, s, `SELECT code_hash FROM frame_codes`); len(codes) != mostFrameCodes+1 {
			t.Errorf("%d codes are kept", len(codes))
		}
		for code, want := range map[string]bool{"code 0": false, fmt.Sprint("code ", asked-1): true, "other": true} {
			if _, found, err := s.TakeFrameCode(t.Context(), code); err != nil || found != want {
				t.Errorf("%s: %v, %v", code, found, err)
			}
		}
	})
}
