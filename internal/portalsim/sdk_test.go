package portalsim_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim"
	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/seed"
	"slotfinder/internal/portalsim/truth"
)

// People of the seeded company.
const (
	annaBecker     = 2
	hiddenFromAnna = 20
	alwaysOnLeave  = 23
)

// sdkFound is what check.mjs prints.
type sdkFound struct {
	Admin    bool
	Everyone struct {
		Total  int
		Pages  []int
		People []sdkPerson
	}
	Availability struct {
		Keys  []int
		Spans map[int][][2]int64 // Unix seconds, merged
	}
	Batch struct {
		Me     int
		Some   []int
		Busy   []int
		Failed []string
	}
	Refusals struct{ Unknown, Incomplete string }
	Expiry   struct {
		IDs           []int
		Refreshes     int
		Rotated       bool
		LateID        int
		LateRefreshes int
		Reuse         string
	}
}

type sdkPerson struct {
	ID             int
	Name, LastName string
	Zone           string
	Departments    []int
}

// TestBitrix24sOwnSDKReadsTheCompany reads the seeded company with the SDK that Bitrix24 itself
// publishes: whoever wrote the simulator did not write that client.
func TestBitrix24sOwnSDKReadsTheCompany(t *testing.T) {
	t.Parallel()
	dir := installSDK(t)
	today := clock.WallOf(time.Now()).Date // the SDK's clock cannot be set
	sim, p := sdkPortal(t, today)
	token := p.IssueToken(sdkApp.ClientID, annaBecker)
	expire := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { p.ExpireTokens() }))
	t.Cleanup(expire.Close)

	from, to := today.Plus(-14), today.Plus(42)
	people := []int{2, 3, 4, 5, 6, 7, 14, 16, 26, 39, 44, 45, alwaysOnLeave, hiddenFromAnna}
	var got sdkFound
	runSDK(t, dir, &got, map[string]string{
		"PORTAL": "http://" + p.Host, "AUTH": sim.AuthURL(), "MEMBER_ID": p.MemberID,
		"CLIENT_ID": sdkApp.ClientID, "CLIENT_SECRET": sdkApp.ClientSecret,
		"ACCESS": token.Access, "REFRESH": token.Refresh, "CONTROL": expire.URL,
		"USERS": joinInts(people), "FROM": sdkDate(from), "TO": sdkDate(to),
	})
	t.Run("people", func(t *testing.T) { checkSDKPeople(t, p, got) })
	t.Run("availability", func(t *testing.T) { checkSDKBusy(t, p, got, people, from, to) })
	t.Run("batch", func(t *testing.T) { checkSDKBatch(t, got, people) })
	t.Run("refusals and tokens", func(t *testing.T) { checkSDKTokens(t, got) })
}

var sdkApp = oauth.App{
	ClientID: "local.6537665f598492.98090704", ClientSecret: "a-secret-of-the-test",
	RedirectURL: "http://127.0.0.1/", Scopes: []string{"user_brief", "calendar", "department"},
	Portal: seed.CompanyMember, Name: "SDK check",
}

// sdkPortal serves the company with the app installed.
func sdkPortal(t *testing.T, today clock.Date) (*portalsim.Sim, *portalsim.Portal) {
	t.Helper()
	sim := portalsim.New(portalsim.Config{})
	p := portalsim.Company(today)
	sim.AddPortal(p)
	sim.AddApp(sdkApp)
	p.Install(sdkApp.ClientID)
	stop, err := sim.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return sim, p
}

func sdkDate(d clock.Date) string { return d.At(0, 0).UTC().Format(time.DateOnly) }

func joinInts(ids []int) string {
	var out []string
	for _, id := range ids {
		out = append(out, strconv.Itoa(id))
	}
	return strings.Join(out, ",")
}

// installSDK installs the packages of the lock file into a folder of the test.
// Without Node the test is left out, even in CI: Node is no part of what this
// project needs. Without a network it is left out too, but in CI it fails.
func installSDK(t *testing.T) string {
	t.Helper()
	version, err := exec.Command("node", "--version").Output()
	major, _, _ := strings.Cut(strings.TrimPrefix(string(version), "v"), ".")
	_, noNPM := exec.LookPath("npm") // Debian packages it apart from Node
	if n, _ := strconv.Atoi(major); err != nil || noNPM != nil || n < 20 {
		t.Skip("LEFT OUT: Bitrix24's own JavaScript SDK against the simulator, which needs Node 20 or later with npm")
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "check.mjs"} {
		content, err := os.ReadFile(filepath.Join("testdata", "b24jssdk", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		if os.Getenv("CI") != "true" && unreachable(string(out)) {
			t.Skip("LEFT OUT: Bitrix24's own JavaScript SDK against the simulator: the npm registry cannot be reached")
		}
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	return dir
}

// unreachable reports whether npm failed for want of a network.
func unreachable(out string) bool {
	for _, code := range []string{"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"} {
		if strings.Contains(out, code) {
			return true
		}
	}
	return false
}

// runSDK runs check.mjs and reads what it prints.
func runSDK(t *testing.T, dir string, found *sdkFound, env map[string]string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	node := exec.CommandContext(ctx, "node", "check.mjs")
	node.Dir = dir
	node.Env = append(os.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	for name, value := range env {
		node.Env = append(node.Env, name+"="+value)
	}
	var stdout, stderr bytes.Buffer
	node.Stdout, node.Stderr = &stdout, &stderr
	if err := node.Run(); err != nil {
		t.Fatalf("node: %v\n%s", err, stderr.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), found); err != nil {
		t.Fatalf("output of check.mjs: %v", err)
	}
}

func checkSDKPeople(t *testing.T, p *portalsim.Portal, got sdkFound) {
	var want []sdkPerson
	for _, u := range p.Users {
		if u.Active && !u.Extranet {
			want = append(want, sdkPerson{u.ID, u.Name, u.LastName, u.Zone, u.Departments})
		}
	}
	if diff := cmp.Diff(want, got.Everyone.People); diff != "" {
		t.Error(diff)
	}
	if got.Everyone.Total != len(want) || !slices.Equal(got.Everyone.Pages, []int{50, len(want) - 50}) {
		t.Errorf("total %d in pages of %v, want %d people", got.Everyone.Total, got.Everyone.Pages, len(want))
	}
	if got.Admin {
		t.Error("the SDK takes an ordinary user for an admin")
	}
}

func checkSDKBusy(t *testing.T, p *portalsim.Portal, got sdkFound, people []int, from, to clock.Date) {
	if diff := cmp.Diff(slices.Sorted(slices.Values(people)), got.Availability.Keys); diff != "" {
		t.Error(diff)
	}
	for _, id := range people {
		spans := p.TrueBusy(id, from.At(0, 0).UTC(), to.At(0, 0).UTC())
		if len(spans) == 0 {
			t.Errorf("user %d is never busy: nothing is compared", id)
		}
		if id == hiddenFromAnna { // Anna sees none of the events, but the absence chart is open to all
			spans = slices.DeleteFunc(spans, func(s truth.Span) bool { return !isAbsence(p, s.ID) })
		}
		want := merged(spans)
		if diff := cmp.Diff(want, got.Availability.Spans[id]); diff != "" {
			t.Errorf("user %d: %s", id, diff)
		}
	}
}

// isAbsence reports whether an ID is of the absence chart.
func isAbsence(p *portalsim.Portal, id int) bool {
	return slices.ContainsFunc(p.Absences, func(a *portal.Absence) bool { return a.ID == id })
}

// merged joins what overlaps or touches.
func merged(spans []truth.Span) [][2]int64 {
	out := [][2]int64{}
	for _, s := range spans {
		from, to := s.From.Unix(), s.To.Unix()
		if n := len(out) - 1; n >= 0 && from <= out[n][1] {
			out[n][1] = max(out[n][1], to)
		} else {
			out = append(out, [2]int64{from, to})
		}
	}
	return out
}

func checkSDKBatch(t *testing.T, got sdkFound, people []int) {
	sorted := slices.Sorted(slices.Values(people))
	if got.Batch.Me != annaBecker {
		t.Errorf("profile in a batch is of %d, want %d", got.Batch.Me, annaBecker)
	}
	if diff := cmp.Diff(sorted, got.Batch.Some); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(sorted, got.Batch.Busy); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"wrong", "none"}, got.Batch.Failed); diff != "" {
		t.Error(diff)
	}
}

func checkSDKTokens(t *testing.T, got sdkFound) {
	want := got.Expiry
	want.IDs = slices.Repeat([]int{annaBecker}, 7)
	want.Refreshes, want.Rotated = 1, true
	want.LateID, want.LateRefreshes = annaBecker, 1
	want.Reuse = "400 invalid_grant"
	if diff := cmp.Diff(want, got.Expiry); diff != "" {
		t.Error(diff)
	}
	if got.Refusals.Unknown != "404 ERROR_METHOD_NOT_FOUND" {
		t.Errorf("unknown method: %s", got.Refusals.Unknown)
	}
	if !strings.HasPrefix(got.Refusals.Incomplete, "400") {
		t.Errorf("missing parameter: %s", got.Refusals.Incomplete)
	}
}
