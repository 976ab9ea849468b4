package locale

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"slotfinder/internal/civil/zone"
)

func TestCity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ language, zone, want string }{
		{"en", "Europe/Moscow", "Moscow"},
		{"en", "America/New_York", "New York"},
		{"en", "America/Sao_Paulo", "São Paulo"},
		{"de", "Europe/Moscow", "Moskau"},
		{"ru", "Asia/Kolkata", "Калькутта"},
		{"ru", "Asia/Calcutta", "Калькутта"},
		{"uk", "Europe/Kyiv", "Київ"},
		{"pt-BR", "America/New_York", "Nova York"},
		{"ru", "UTC", "UTC"},
		{"en", "Etc/UTC", "UTC"},
		{"en", "Etc/GMT+5", "UTC−5"}, // the sign of the name is the other way round
		{"de", "Etc/GMT-3", "UTC+3"},
		{"it", "America/Argentina/Buenos_Aires", "Buenos Aires"},
	} {
		zone, err := zone.Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := For(c.language).City(zone); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.zone, c.language, got, c.want)
		}
	}
	if got := For("ru").With12Hours().Mirrored().City(time.UTC); got != "UTC" {
		t.Errorf("UTC is %q", got)
	}
}

// A language with letters of its own writes all cities in these.
func TestCities(t *testing.T) {
	t.Parallel()
	for _, c := range All() {
		if len(c.cities) < 100 {
			t.Errorf("%s knows %d cities", c.Tag, len(c.cities))
		}
		for zone, city := range c.cities {
			if !strings.Contains(zone, "/") || city == "" {
				t.Errorf("%s: %s is %q", c.Tag, zone, city)
			}
			for _, r := range city {
				if (c.Tag == "ru" || c.Tag == "uk") && unicode.Is(unicode.Latin, r) {
					t.Errorf("%s: %s is %q", c.Tag, zone, city)
					break
				}
			}
		}
	}
}
