package clock

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCultureWrites(t *testing.T) {
	t.Parallel()
	evening, night := On(2024, 12, 11).At(17, 59), On(2026, 3, 1).At(0, 5)
	tests := map[Culture][3]string{
		CultureDMY:   {"11.12.2024 17:59:00", "01.03.2026 00:05:00", "01.03.2026"},
		CultureMDY:   {"12/11/2024 05:59:00 pm", "03/01/2026 12:05:00 am", "03/01/2026"},
		CultureISO:   {"2024-12-11 17:59:00", "2026-03-01 00:05:00", "2026-03-01"},
		CultureSlash: {"11/12/2024 17:59:00", "01/03/2026 00:05:00", "01/03/2026"},
		"":           {"11.12.2024 17:59:00", "01.03.2026 00:05:00", "01.03.2026"},
	}
	for culture, want := range tests {
		got := [3]string{culture.Write(evening), culture.Write(night), culture.WriteDay(night.Date)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("culture %q: %s", culture, diff)
		}
	}
}

func TestFormattedFieldsAreEnglish(t *testing.T) {
	t.Parallel()
	if got, want := WriteEnglish(On(2025, 11, 1).At(11, 59), false), "Sat Nov 01 2025 11:59:00"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := WriteEnglish(On(2024, 12, 20).At(0, 0), true), "Fri Dec 20 2024"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
