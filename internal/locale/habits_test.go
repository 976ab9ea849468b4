package locale_test

import (
	"testing"
	"time"

	"slotfinder/internal/locale"
)

// TestRegions: the browser's language names the region, and CLDR says what is usual there.
func TestRegions(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		language, accept, clock string
		first                   time.Weekday
	}{
		{"en", "", "24", time.Monday},
		{"en", "en", "24", time.Monday},
		{"en", "en-GB,en;q=0.9", "24", time.Monday},
		{"en", "en-US,en;q=0.9", "12", time.Sunday},
		{"en", "de-DE,en-US;q=0.5", "12", time.Sunday},
		{"de", "de-DE,en-US;q=0.5", "24", time.Monday},
		{"es", "es-MX", "12", time.Sunday},
		{"es", "es-ES,es-MX;q=0.5", "24", time.Monday},
		{"pt-BR", "pt-BR", "24", time.Sunday},
		{"pt-BR", "pt-PT", "24", time.Sunday},
		{"fr", "fr-CA", "24", time.Sunday},
		{"en", "\x00;;en-US=,", "24", time.Monday},
	} {
		c := locale.For(x.language).In(x.accept)
		if c.ClockHours() != x.clock || c.FirstDay != x.first || c.Tag != x.language {
			t.Errorf("%s with %q: %s hours, weeks from %s", x.language, x.accept, c.ClockHours(), c.FirstDay)
		}
	}
}

// TestHabits: what somebody has chosen beats their region, and that the portal's week.
func TestHabits(t *testing.T) {
	t.Parallel()
	american := locale.For("en").In("en-US")
	chosen := american.As(locale.Habits{Clock: "24", Week: "sa"})
	if chosen.ClockHours() != "24" || chosen.FirstDay != time.Saturday {
		t.Errorf("chosen: %s hours, weeks from %s", chosen.ClockHours(), chosen.FirstDay)
	}
	if at := chosen.AtPortal(time.Monday); at.FirstDay != time.Saturday {
		t.Errorf("the portal's day instead of the chosen one: %s", at.FirstDay)
	}
	if at := american.AtPortal(time.Monday); at.FirstDay != time.Monday || at.ClockHours() != "12" {
		t.Errorf("at the portal: %s, %s hours", at.FirstDay, at.ClockHours())
	}
	if same := american.As(locale.Habits{Clock: "13", Week: "mon"}); same != american {
		t.Errorf("nonsense changes %+v", same.Habits())
	}
	if other := chosen.Into("de"); other.Tag != "de" || other.ClockHours() != "24" || other.FirstDay != time.Saturday {
		t.Errorf("in German: %s hours, weeks from %s", other.ClockHours(), other.FirstDay)
	}
	if other := american.Into("de"); other.ClockHours() != "24" {
		t.Error("the clock of the region goes into another language")
	}
	if locale.For("en").ClockHours() != "24" || locale.For("en").FirstDay != time.Monday {
		t.Error("the shared catalogue has changed")
	}
}
