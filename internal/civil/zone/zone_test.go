package zone_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/civil/zone"
)

func offset(t *testing.T, name string, at time.Time) int {
	t.Helper()
	z, err := zone.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	_, seconds := at.In(z).Zone()
	return seconds / 3600
}

// Morocco stays at UTC and British Columbia at UTC−7 from autumn 2026 on: laws that
// the data of 2025 doesn't know.
func TestTheRulesAreThoseOf2026(t *testing.T) {
	t.Parallel()
	december := time.Date(2026, 12, 8, 10, 0, 0, 0, time.UTC)
	for name, want := range map[string]int{"Africa/Casablanca": 0, "Africa/El_Aaiun": 0, "America/Vancouver": -7, "Europe/Berlin": 1} {
		if got := offset(t, name, december); got != want {
			t.Errorf("%s is at UTC%+d in December 2026, want %+d", name, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"UTC", "Europe/Berlin", "Europe/Kiev", "Europe/Kyiv", "Asia/Calcutta", "US/Pacific", "Etc/GMT+5", "GMT0", "America/Port-au-Prince",
		"America/Argentina/ComodRivadavia", "America/North_Dakota/New_Salem", "CET", "W-SU",
	} {
		z, err := zone.Load(name)
		if err != nil || z.String() != name {
			t.Errorf("%s: %v, %v", name, z, err)
		}
	}
	for _, name := range []string{
		"", "Local", "localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin", "Europe//Berlin", "Europe/./Berlin",
		"./Europe/Berlin", "/Europe/Berlin", "Europe/Berlin/", "europe/berlin", "EUROPE/BERLIN", " UTC", "UTC ", "utc", "Europe", "Europe/../UTC",
		"../zoneinfo/UTC", `Europe\Berlin`, "tzdata.zi", "+VERSION", "+LINKS", "zone.tab", "leapseconds", "Mars/Base", "Europe/Berlin\x00", "UTC+2",
		strings.Repeat("Europe/", 1000) + "Berlin",
	} {
		if z, err := zone.Load(name); err == nil {
			t.Errorf("%q is taken for %v", name, z)
		}
	}
}

// TestEveryNameOfTheList: each can be loaded, is written as names are, and is the same
// zone every time.
func TestEveryNameOfTheList(t *testing.T) {
	t.Parallel()
	names := zone.Names()
	if len(names) < 590 || len(names) > 700 || !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Fatalf("%d names", len(names))
	}
	for _, name := range names {
		z, err := zone.Load(name)
		again, _ := zone.Load(name)
		if err != nil || z.String() != name || z != again {
			t.Errorf("%s: %v, %v", name, z, err)
		}
		if len(name) > 40 || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") != "" {
			t.Errorf("%s is not written as names are", name)
		}
		if _, err := zone.Load(zone.Canonical(name)); err != nil {
			t.Errorf("%s is another name of nothing: %v", name, err)
		}
	}
}

// TestSpellingsAreNotKept: what is no name costs nothing that stays.
func TestSpellingsAreNotKept(t *testing.T) {
	// Not parallel: it counts allocations.
	spelling := strings.Repeat("/", 5) + "Europe/Berlin"
	n := testing.AllocsPerRun(100, func() { _, _ = zone.Load(spelling) })
	if n > 5 {
		t.Errorf("%v allocations for what is no name", n)
	}
	if zone.Kept() > len(zone.Names()) {
		t.Errorf("%d zones are kept of %d", zone.Kept(), len(zone.Names()))
	}
	t.Logf("figure: a made-up spelling takes %v allocations and is not kept; %d zones are, of at most %d", n, zone.Kept(), len(zone.Names()))
}

func TestOtherNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Europe/Kiev": "Europe/Kyiv", "Asia/Calcutta": "Asia/Kolkata", "Europe/Berlin": "Europe/Berlin", "Zulu": "Etc/UTC", "UTC": "Etc/UTC", "Mars": "Mars"} {
		if got := zone.Canonical(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

func TestFixed(t *testing.T) {
	t.Parallel()
	for offset, name := range map[int]string{0: "UTC", 3600: "Etc/GMT-1", -5 * 3600: "Etc/GMT+5", 14 * 3600: "Etc/GMT-14", 19800: "UTC+05:30", -12600: "UTC-03:30"} {
		z := zone.Fixed(offset)
		_, got := time.Unix(0, 0).In(z).Zone()
		if z.String() != name || got != offset {
			t.Errorf("%d: %v with offset %d", offset, z, got)
		}
	}
}

// TestChecksum: the committed file is the one that its checksum is of.
func TestChecksum(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("tzdata.zip")
	sum, err2 := os.ReadFile("tzdata.zip.sha256")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	got := sha256.Sum256(data)
	if string(sum) != hex.EncodeToString(got[:])+"  tzdata.zip\n" {
		t.Errorf("the checksum is %x", got)
	}
}
