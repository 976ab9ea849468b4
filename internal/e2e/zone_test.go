package e2e

import (
	"archive/zip"
	"bytes"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/app"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/locale"
	"slotfinder/internal/portalsim"
)

// Which time zone data is in use stands in the version, in the log and in the metrics.
func TestZoneDataIsTold(t *testing.T) {
	t.Parallel()
	version, source := zone.InUse()
	var out bytes.Buffer
	if code := app.Run(t.Context(), []string{"version"}, os.Getenv, nil, &out, io.Discard); code != 0 || !strings.Contains(out.String(), "tzdata "+version+" ("+source+")") {
		t.Errorf("version: %d, %s", code, &out)
	}
	admin := freeAddress(t)
	p := harness.Start(t, "SLOTFINDER_ADMIN_LISTEN", admin)
	response, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	if body := harness.ReadBody(t, response); !strings.Contains(body, `slotfinder_tzdata_info{source="`+source+`",version="`+version+`"} 1`) {
		t.Errorf("the metrics say nothing of %s", version)
	}
	p.Stop()
	if log := p.Log.Text(); !strings.Contains(log, `"tzdata":"`+version+` (`+source+`)"`) {
		t.Errorf("the log says nothing of %s: %s", version, log)
	}
}

// TestNewerZonesOfTheMachine runs this program once more, on a machine whose data is
// newer: there the clocks of Casablanca show what those of Tokyo do.
func TestNewerZonesOfTheMachine(t *testing.T) {
	if os.Getenv("ZONEINFO_IS_NEWER") != "" {
		z, err := zone.Load("Africa/Casablanca")
		if err != nil {
			t.Fatal(err)
		}
		app.Run(t.Context(), []string{"version"}, os.Getenv, nil, os.Stdout, io.Discard)
		io.WriteString(os.Stdout, someWinterNoon.In(z).Format("15:04")+" in Casablanca\n")
		return
	}
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "Africa"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"tzdata.zi": []byte("# version 2099a\nZ Africa/Casablanca 9 - JST\n"), "Africa/Casablanca": packedZone(t, "Asia/Tokyo")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program := exec.Command(os.Args[0], "-test.run=^TestNewerZonesOfTheMachine$")
	program.Env = append(os.Environ(), "ZONEINFO="+dir, "ZONEINFO_IS_NEWER=1")
	out, err := program.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "tzdata 2099a ("+dir+")") || !strings.Contains(string(out), "21:00 in Casablanca") {
		t.Errorf("%v: %s", err, out)
	}
}

var someWinterNoon = time.Date(2026, 12, 8, 12, 0, 0, 0, time.UTC)

// freeAddress is one at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// packedZone is a file of the program's own data.
func packedZone(t *testing.T, name string) []byte {
	t.Helper()
	archive, err := zip.OpenReader("../../internal/civil/zone/tzdata.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	file, err := archive.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A search of a portal whose clocks are others than ours says so, in every language and
// for programs.
func TestResultNamesADisputedZone(t *testing.T) {
	t.Parallel()
	company := portalsim.Company(portalsim.On(time.Now().Date()), func(name string) (*time.Location, error) {
		if name == "Africa/Casablanca" {
			return time.FixedZone(name, 5*3600), nil // which Morocco will hardly decide
		}
		return zone.Load(name)
	})
	for _, u := range company.Users {
		if u.ID == 7 {
			u.Zone = "Africa/Casablanca"
		}
	}
	p := harness.StartWith(t, company)
	me, colleague := p.SignIn(7), p.SignIn(1)
	for _, language := range locale.All() {
		response, body := p.Ask(me, http.MethodGet, "/find", "", "Accept", "text/html", "Accept-Language", language.Tag)
		want := html.EscapeString(language.T("view.disputed", "zones", language.City(mustLoad(t, "Africa/Casablanca"))+" (Africa/Casablanca)"))
		if response.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %s without %q", language.Tag, response.Status, want)
		}
	}
	for query, client := range map[string]*http.Client{"with it": me, "without it": colleague} {
		response, body := p.Get(client, "/find", harness.AsJSON)
		version, _ := zone.InUse()
		named := strings.Contains(body, `"zone_data":{"version":"`+version+`","disputed":["Africa/Casablanca"]}`)
		if response.StatusCode != http.StatusOK || named != (client == me) || strings.Contains(body, "zone_data") != named {
			t.Errorf("%s: %s, %v, %.300s", query, response.Status, named, body)
		}
	}
	p.Stop()
	if n := strings.Count(p.Log.Text(), `"zone":"Africa/Casablanca"`); n != 1 {
		t.Errorf("%d warnings, want one", n)
	}
}

func mustLoad(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := zone.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}
