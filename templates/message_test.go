package templates_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/locale"
	"slotfinder/templates/links"
)

func TestMessageInEveryLanguage(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"en":    "Product demo (60 min)\n\nPossible times:\nThu 26 Nov, 10:00–11:00 Berlin / 12:00 Moscow\n\nAll free times, always up to date:\nhttps://slots.example/s/T",
		"de":    "Product demo (60 Min.)\n\nMögliche Termine:\nDo., 26. Nov., 10:00–11:00 Berlin / 12:00 Moskau\n\nAlle freien Termine, immer aktuell:\nhttps://slots.example/s/T",
		"es":    "Product demo (60 min)\n\nHorarios posibles:\njue, 26 nov, 10:00–11:00 Berlín / 12:00 Moscú\n\nTodos los horarios libres, siempre al día:\nhttps://slots.example/s/T",
		"fr":    "Product demo (60 min)\n\nCréneaux possibles\u00a0:\njeu. 26 nov., 10:00–11:00 Berlin / 12:00 Moscou\n\nTous les créneaux libres, toujours à jour\u00a0:\nhttps://slots.example/s/T",
		"it":    "Product demo (60 min)\n\nOrari possibili:\ngio 26 nov, 10:00–11:00 Berlino / 12:00 Mosca\n\nTutti gli orari liberi, sempre aggiornati:\nhttps://slots.example/s/T",
		"pl":    "Product demo (60 min)\n\nMożliwe terminy:\nczw., 26 lis, 10:00–11:00 Berlin / 12:00 Moskwa\n\nWszystkie wolne terminy, zawsze aktualne:\nhttps://slots.example/s/T",
		"pt-BR": "Product demo (60 min)\n\nHorários possíveis:\nqui., 26 de nov., 10:00–11:00 Berlim / 12:00 Moscou\n\nTodos os horários livres, sempre atualizados:\nhttps://slots.example/s/T",
		"ru":    "Product demo (60 мин)\n\nВозможное время:\nчт, 26 нояб., 10:00–11:00 Берлин / 12:00 Москва\n\nВсё свободное время, всегда актуально:\nhttps://slots.example/s/T",
		"tr":    "Product demo (60 dk)\n\nOlası zamanlar:\n26 Kas Per, 10:00–11:00 Berlin / 12:00 Moskova\n\nUygun zamanların tümü, her zaman güncel:\nhttps://slots.example/s/T",
		"uk":    "Product demo (60 хв)\n\nМожливий час:\nчт, 26 лист., 10:00–11:00 Берлін / 12:00 Москва\n\nУвесь вільний час, завжди актуально:\nhttps://slots.example/s/T",
	}
	m := message(t, "Europe/Berlin", "Europe/Moscow")
	for _, c := range locale.All() {
		if diff := cmp.Diff(want[c.Tag], m.Text(c)); diff != "" {
			t.Errorf("%s:\n%s", c.Tag, diff)
		}
	}
}

func message(t testing.TB, zones ...string) links.Message {
	m := links.Message{
		Title: "Product demo", Duration: 60, URL: "https://slots.example/s/T",
		Starts: []time.Time{time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)},
	}
	for _, name := range zones {
		m.Zones = append(m.Zones, zone(t, name))
	}
	return m
}

// The day is that of the first zone; a zone where it is another day says so.
func TestMessageAcrossMidnightAndClockChanges(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, start string
		zones       []string
		want        string
	}{
		{"one zone", "2026-11-26T09:00:00Z", []string{"Europe/Berlin"}, "Thu 26 Nov, 10:00–11:00 Berlin"},
		{"no zone", "2026-11-26T09:00:00Z", nil, "Thu 26 Nov, 09:00–10:00 UTC"},
		{"tomorrow there", "2026-11-26T13:30:00Z", []string{"Europe/Berlin", "Pacific/Auckland"}, "Thu 26 Nov, 14:30–15:30 Berlin / Fri 27 Nov, 02:30 Auckland"},
		{"yesterday there", "2026-11-26T02:00:00Z", []string{"Asia/Tokyo", "America/New_York"}, "Thu 26 Nov, 11:00–12:00 Tokyo / Wed 25 Nov, 21:00 New York"},
		{"three zones", "2026-12-31T23:30:00Z", []string{"Europe/London", "Europe/Berlin", "Asia/Kathmandu"}, "Thu 31 Dec, 23:30–00:30 London / Fri 1 Jan, 00:30 Berlin / Fri 1 Jan, 05:15 Kathmandu"},
		{"over midnight", "2026-11-26T22:30:00Z", []string{"Europe/Berlin", "Europe/Moscow"}, "Thu 26 Nov, 23:30–00:30 Berlin / Fri 27 Nov, 01:30 Moscow"},
		{"the first 02:30", "2026-10-25T00:30:00Z", []string{"Europe/Berlin", "Europe/Moscow"}, "Sun 25 Oct, 02:30 (UTC+2)–02:30 (UTC+1) Berlin / 03:30 Moscow"},
		{"the second 02:30", "2026-10-25T01:30:00Z", []string{"Europe/Berlin", "Europe/Moscow"}, "Sun 25 Oct, 02:30 (UTC+1)–03:30 Berlin / 04:30 Moscow"},
		{"into the hour that is left out", "2027-03-28T00:30:00Z", []string{"Europe/Berlin"}, "Sun 28 Mar, 01:30–03:30 Berlin"},
		{"only one of them changes", "2026-10-30T13:00:00Z", []string{"Europe/Berlin", "America/New_York"}, "Fri 30 Oct, 14:00–15:00 Berlin / 09:00 New York"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := message(t, c.zones...)
			start, err := time.Parse(time.RFC3339, c.start)
			if err != nil {
				t.Fatal(err)
			}
			m.Starts = []time.Time{start}
			if got := strings.Split(m.Text(locale.For("en")), "\n")[3]; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestMessageNamesTheFirstTimesOnly(t *testing.T) {
	t.Parallel()
	m := message(t, "Europe/Berlin")
	for i := range 22 {
		m.Starts = append(m.Starts, m.Starts[0].AddDate(0, 0, i+1))
	}
	lines := strings.Split(m.Text(locale.For("en")), "\n")
	if got := lines[3:24]; !strings.HasPrefix(got[19], "Tue 15 Dec") || got[20] != "and 3 more" {
		t.Errorf("%q", got)
	}
	m.Starts = nil
	if got := m.Text(locale.For("en")); got != "Product demo (60 min)\n\nAll free times, always up to date:\nhttps://slots.example/s/T" {
		t.Errorf("without times: %q", got)
	}
}

// A title is one line in the message, whatever is in it.
func TestMessageTitleIsOneLine(t *testing.T) {
	t.Parallel()
	m := message(t, "Europe/Berlin")
	m.Title = " Product\r\ndemo\u2028now\t! "
	if got, _, _ := strings.Cut(m.Text(locale.For("en")), "\n"); got != "Product demo now ! (60 min)" {
		t.Errorf("%q", got)
	}
	m.Title = ""
	if got, _, _ := strings.Cut(m.Text(locale.For("de")), "\n"); got != "Besprechung (60 Min.)" {
		t.Errorf("%q", got)
	}
}
