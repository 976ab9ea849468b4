package clock

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMktimeInGapsAndOverlaps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, zone string
		wall       Wall
		want       string // UTC
	}{
		{"ordinary winter", "Europe/Berlin", On(2026, 1, 15).At(10, 0), "2026-01-15T09:00:00Z"},
		{"ordinary summer", "Europe/Berlin", On(2026, 7, 15).At(10, 0), "2026-07-15T08:00:00Z"},
		{"skipped hour moves on, east", "Europe/Berlin", On(2026, 3, 29).At(2, 30), "2026-03-29T01:30:00Z"},
		{"skipped hour moves on, west", "America/New_York", On(2026, 3, 8).At(2, 30), "2026-03-08T07:30:00Z"},
		{"repeated hour is the first, east", "Europe/Berlin", On(2026, 10, 25).At(2, 30), "2026-10-25T00:30:00Z"},
		{"repeated hour is the first, west", "America/New_York", On(2026, 11, 1).At(1, 30), "2026-11-01T05:30:00Z"},
		{"half-hour change", "Australia/Lord_Howe", On(2026, 10, 4).At(2, 15), "2026-10-03T15:45:00Z"},
		{"a day that does not exist", "Pacific/Apia", On(2011, 12, 30).At(12, 0), "2011-12-30T22:00:00Z"},
		{"first hour of summer", "Europe/Berlin", On(2026, 3, 29).At(3, 0), "2026-03-29T01:00:00Z"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := Mktime(tc.wall, zoneNamed(t, tc.zone)).UTC().Format(time.RFC3339); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// Every instant's reading leads back to the instant, or to the earlier one with
// the same reading.
func TestMktimeInvertsClocks(t *testing.T) {
	t.Parallel()
	names := []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"}
	rapid.Check(t, func(r *rapid.T) {
		zone := zoneNamed(t, rapid.SampledFrom(names).Draw(r, "zone"))
		at := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(r, "at"), 0).In(zone)
		got := Mktime(WallOf(at), zone)
		if WallOf(got) != WallOf(at) || got.After(at) || at.Sub(got) > 2*time.Hour {
			r.Fatalf("%s became %s", at, got)
		}
	})
}

func TestPHPZoneNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Europe/Berlin": true, "UTC": true, "America/Argentina/Buenos_Aires": true, "Europe/Kyiv": true,
		"Asia/Calcutta": false, "US/Pacific": false, "Etc/UTC": false, "Europe/Kiev": false, "Mars/Base": false,
		"": false, "CET": false, "Europe/Nowhere": false,
	} {
		if got := NewZoneCache(nil).Listed(name); got != want {
			t.Errorf("listed(%q) = %t, want %t", name, got, want)
		}
	}
}

func TestStrtotime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 10, 21, 30, 0, 0, time.UTC) // 00:30 of the 11th in Moscow
	moscow := zoneNamed(t, "Europe/Moscow")
	tests := map[string]string{ // in the server's zone; "" = no date
		"2026-03-10":                        "2026-03-10 00:00:00",
		"2026-3-1":                          "2026-03-01 00:00:00",
		"2026-02-31":                        "2026-03-03 00:00:00",
		"2025-10-30T20:25:56":               "2025-10-30 20:25:56",
		"2026-03-10 20:25":                  "2026-03-10 20:25:00",
		"2026-03-10T23:30:00+00:00":         "2026-03-11 02:30:00",
		"2026-03-10T23:30:00Z":              "2026-03-11 02:30:00",
		"2026-03-10T23:30:00.000Z":          "2026-03-11 02:30:00",
		"2026-03-10T01:00:00+0500":          "2026-03-09 23:00:00",
		"2026-03-10 10:00:00 Europe/Berlin": "2026-03-10 12:00:00",
		"20260310":                          "2026-03-10 00:00:00",
		"10.03.2026":                        "2026-03-10 00:00:00",
		"10.03.2026 14:00":                  "2026-03-10 14:00:00",
		"14-06-2026":                        "2026-06-14 00:00:00",
		"03/10/2026":                        "2026-03-10 00:00:00",
		"10 March 2026":                     "2026-03-10 00:00:00",
		"March 10, 2026":                    "2026-03-10 00:00:00",
		"10 Mar 2026 2:05 pm":               "2026-03-10 14:05:00",
		"tomorrow":                          "2026-03-12 00:00:00",
		"today":                             "2026-03-11 00:00:00",
		"now":                               "2026-03-11 00:30:00",
		"+1 week":                           "2026-03-18 00:30:00",
		"2026-03-10 +2 days":                "2026-03-12 00:00:00",
		"-1 month":                          "2026-02-11 00:30:00",
		"3 days ago":                        "2026-03-08 00:30:00",
		"1773133200":                        "",
		"garbage":                           "",
		"":                                  "",
		"2026-13-01":                        "",
		"2026-03-10 25:61":                  "",
	}
	for text, want := range tests {
		got := ""
		if at, ok := Strtotime(text, now, moscow, NewZoneCache(nil)); ok {
			got = at.In(moscow).Format(time.DateTime)
		}
		if got != want {
			t.Errorf("strtotime(%q) = %q, want %q", text, got, want)
		}
	}
}

func zoneNamed(t interface {
	Helper()
	Fatal(...any)
}, name string,
) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
