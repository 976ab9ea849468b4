package config_test

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/config"
)

// key makes the base64 form of 32 bytes that count up from n.
func key(n byte) string {
	b := make([]byte, 32)
	for i := range b {
		b[i] = n + byte(i)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// environment is the smallest one that serve accepts, changed by pairs of
// name and value.
func environment(pairs ...string) func(string) string {
	values := map[string]string{
		"SLOTFINDER_PUBLIC_URL":  "https://slots.example.com",
		"SLOTFINDER_SECRET":      key(1),
		"BITRIX24_CLIENT_ID":     "local.1",
		"BITRIX24_CLIENT_SECRET": "hush",
	}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "value")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, pairs ...string) config.Config {
	t.Helper()
	c, err := config.Load(environment(pairs...), config.Serve)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := load(t)
	if diff := cmp.Diff(map[string]any{
		"listen": config.Address("127.0.0.1:8080"), "admin": config.Address(""),
		"database": "sqlite:slotfinder.db", "log": slog.LevelInfo, "insecure": config.Switch(false),
		"servers": config.OriginList{"https://oauth.bitrix.info", "https://oauth.bitrix24.tech"},
		"proxies": config.Proxies(nil), "apps": 0, "drain": config.Pause(3 * time.Second),
	}, map[string]any{
		"listen": c.Listen, "admin": c.AdminListen,
		"database": c.Database.DSN(), "log": c.Log.Level(), "insecure": c.AllowInsecure,
		"servers": c.AuthServers, "proxies": c.TrustedProxies, "apps": len(c.LocalApps.All()), "drain": c.Drain,
	}); diff != "" {
		t.Error(diff)
	}
}

// TestDrain: production takes requests for a while after SIGTERM, the demo doesn't.
func TestDrain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode       config.Mode
		text, want string
	}{
		{config.Demo, "", "0s"},
		{config.Simulator, "", "0s"},
		{config.Healthcheck, "", "3s"},
		{config.Demo, "2s", "2s"},
		{config.Demo, "1m30s", "1m30s"},
		{config.Demo, "10m", "10m0s"},
		{config.Demo, "3", ""},
		{config.Demo, "-1s", ""},
		{config.Demo, "11m", ""},
		{config.Demo, "soon", ""},
	} {
		got, err := config.Load(func(name string) string { return map[string]string{"SLOTFINDER_DRAIN": c.text}[name] }, c.mode)
		if (err != nil) != (c.want == "") || err == nil && got.Drain.String() != c.want {
			t.Errorf("%s, %q: %s, %v", c.mode, c.text, got.Drain, err)
		}
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	apps := file(t, `[{"portal":"Acme.Bitrix24.de","client_id":"local.2","client_secret":"s2"},
		{"portal":"box.example.org:8443","client_id":"local.3","client_secret":"s3"}]`)
	c := load(t,
		"SLOTFINDER_LISTEN", "[::]:0",
		"SLOTFINDER_ADMIN_LISTEN", "localhost:9090",
		"SLOTFINDER_PUBLIC_URL", "HTTPS://Slots.Example.com:443/",
		"SLOTFINDER_DATABASE", "postgres://me:pw@db/slots?sslmode=disable",
		"SLOTFINDER_SECRET", key(1)+" , "+strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(key(240)),
		"SLOTFINDER_TRUSTED_PROXIES", "10.1.2.3/8, fd00::/8",
		"SLOTFINDER_LOG", "WARN",
		"BITRIX24_PRIVATE_NETWORKS_FILE", file(t, "10.20.3.4/16, 192.168.7.0/24,fd12:3456::/32\n"),
		"BITRIX24_LOCAL_APPS", apps,
		"BITRIX24_AUTH_SERVERS", "https://auth.example.com",
		"BITRIX24_ALLOW_INSECURE", "1",
	)
	secret := c.LocalApps.All()[1].ClientSecret
	if diff := cmp.Diff([]any{
		config.Address("[::]:0"), config.Address("localhost:9090"),
		config.Origin("https://slots.example.com"), "slots.example.com", true,
		"postgres://me:pw@db/slots?sslmode=disable",
		2, byte(1), byte(240),
		[]string{"10.0.0.0/8", "fd00::/8"},
		[]string{"10.20.0.0/16", "192.168.7.0/24", "fd12:3456::/32"},
		slog.LevelWarn,
		"acme.bitrix24.de", "local.2", "box.example.org:8443", "s3",
		config.OriginList{"https://auth.example.com"},
		config.Switch(true), "hush",
	}, []any{
		c.Listen, c.AdminListen,
		c.PublicURL, c.PublicURL.Host(), c.PublicURL.Secure(),
		c.Database.DSN(),
		len(c.Secret.All()), c.Secret.All()[0][0], c.Secret.All()[1][0],
		prefixes(c.TrustedProxies), prefixes(c.PrivateNetworks), c.Log.Level(),
		c.LocalApps.All()[0].Portal, c.LocalApps.All()[0].ClientID, c.LocalApps.All()[1].Portal, secret.Reveal(),
		c.AuthServers, c.AllowInsecure, c.ClientSecret.Reveal(),
	}); diff != "" {
		t.Error(diff)
	}
}

func prefixes(list []netip.Prefix) []string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = p.String()
	}
	return texts
}

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, variable, value, want string
	}{
		{"listen without port", "SLOTFINDER_LISTEN", "localhost", `"localhost" is not host:port`},
		{"listen on a name", "SLOTFINDER_LISTEN", "localhost:http", `"localhost:http": the port must be a number from 0 to 65535`},
		{"listen on a huge port", "SLOTFINDER_LISTEN", ":65536", `":65536": the port must be a number from 0 to 65535`},
		{"listen on nonsense", "SLOTFINDER_LISTEN", "a b:80", `"a b:80": the host is neither a name nor an IP address`},
		{"admin at the same place", "SLOTFINDER_ADMIN_LISTEN", "127.0.0.1:8080", "is the same address as SLOTFINDER_LISTEN"},
		{"URL with a path", "SLOTFINDER_PUBLIC_URL", "https://example.com/app", `"https://example.com/app" must not have a path, query or fragment`},
		{"URL with a query", "SLOTFINDER_PUBLIC_URL", "https://example.com?", `"https://example.com?" must not have a path, query or fragment`},
		{"URL with a fragment", "SLOTFINDER_PUBLIC_URL", "https://example.com#", `"https://example.com#" must not have a path, query or fragment`},
		{"URL with a password", "SLOTFINDER_PUBLIC_URL", "https://me:hidden@example.com", "must be an origin without user and password"},
		{"URL without scheme", "SLOTFINDER_PUBLIC_URL", "example.com", "must be an origin such as https://slots.example.com"},
		{"URL with another scheme", "SLOTFINDER_PUBLIC_URL", "ftp://example.com", "must be an origin such as https://slots.example.com"},
		{"URL without host", "SLOTFINDER_PUBLIC_URL", "https://", `"https://" has no valid host`},
		{"URL with an empty port", "SLOTFINDER_PUBLIC_URL", "https://example.com:", `"https://example.com:" has no valid host`},
		{"URL with port 0", "SLOTFINDER_PUBLIC_URL", "https://example.com:0", `"https://example.com:0" has no valid host`},
		{"URL in clear", "SLOTFINDER_PUBLIC_URL", "http://example.com", "http://example.com must be https (http needs BITRIX24_ALLOW_INSECURE=true, for closed networks and tests)"},
		{"database of another kind", "SLOTFINDER_DATABASE", "mysql://x", "must begin with sqlite: or postgres://"},
		{"database without path", "SLOTFINDER_DATABASE", "sqlite:", "sqlite: needs the path of a file (data in memory would be lost)"},
		{"database in memory", "SLOTFINDER_DATABASE", "sqlite::memory:", "sqlite: needs the path of a file (data in memory would be lost)"},
		{"database with a bad password", "SLOTFINDER_DATABASE", "postgres://me:p%w@db/x", "is not a valid postgres:// URL (percent-encode special characters in the password)"},
		{"database without slashes", "SLOTFINDER_DATABASE", "postgres:db", "is not a valid postgres:// URL (percent-encode special characters in the password)"},
		{"key that is short", "SLOTFINDER_SECRET", key(1) + ",aGlkZGVu", "key 2 has 6 bytes instead of 32; make one with: openssl rand -base64 32"},
		{"key that is no base64", "SLOTFINDER_SECRET", "hidden!", "key 1 is not base64; make one with: openssl rand -base64 32"},
		{"key after a comma", "SLOTFINDER_SECRET", key(1) + ",", "key 2 has 0 bytes instead of 32; make one with: openssl rand -base64 32"},
		{"key twice", "SLOTFINDER_SECRET", key(1) + "," + key(1), "key 2 is there twice"},
		{"proxy as an address", "SLOTFINDER_TRUSTED_PROXIES", "10.0.0.1", `"10.0.0.1" is an address; as a CIDR it is 10.0.0.1/32`},
		{"proxy as a name", "SLOTFINDER_TRUSTED_PROXIES", "10.0.0.0/8,proxy", `"proxy" is not a CIDR such as 10.0.0.0/8`},
		{"portals' network as an address", "BITRIX24_PRIVATE_NETWORKS", "10.0.0.1", `"10.0.0.1" is an address; as a CIDR it is 10.0.0.1/32`},
		{"portals on loopback", "BITRIX24_PRIVATE_NETWORKS", "10.0.0.0/8,127.0.0.0/16", `"127.0.0.0/16" covers loopback addresses (127.0.0.0/8), which stay refused`},
		{"portals on loopback, IPv6", "BITRIX24_PRIVATE_NETWORKS", "::1/128", `"::1/128" covers loopback addresses (::1/128), which stay refused`},
		{"portals on the link", "BITRIX24_PRIVATE_NETWORKS", "169.254.169.254/32", `"169.254.169.254/32" covers link-local addresses (169.254.0.0/16), which stay refused`},
		{"portals on the link, IPv6", "BITRIX24_PRIVATE_NETWORKS", "fe80::/64", `"fe80::/64" covers link-local addresses (fe80::/10), which stay refused`},
		{"portals everywhere", "BITRIX24_PRIVATE_NETWORKS", "0.0.0.0/0", `"0.0.0.0/0" covers unspecified addresses (0.0.0.0/8), which stay refused`},
		{"portals everywhere, IPv6", "BITRIX24_PRIVATE_NETWORKS", "::/0", `"::/0" covers unspecified addresses (::/128), which stay refused`},
		{"portals that are many", "BITRIX24_PRIVATE_NETWORKS", "224.0.0.0/24", `"224.0.0.0/24" covers multicast addresses (224.0.0.0/4), which stay refused`},
		{"portals in public", "BITRIX24_PRIVATE_NETWORKS", "93.184.216.0/24", `"93.184.216.0/24" is not private: it must lie in one of [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7]`},
		{"portals in more than is private", "BITRIX24_PRIVATE_NETWORKS", "10.0.0.0/7", `"10.0.0.0/7" is not private: it must lie in one of [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7]`},
		{"portals in disguise", "BITRIX24_PRIVATE_NETWORKS", "::ffff:10.0.0.0/104", `"::ffff:10.0.0.0/104": write an IPv4 network as one, such as 10.0.0.0/8`},
		{"unknown level", "SLOTFINDER_LOG", "info+2", `"info+2" is none of debug, info, warn, error`},
		{"auth server in clear", "BITRIX24_AUTH_SERVERS", "https://a.example,http://b.example", "http://b.example must be https (http needs BITRIX24_ALLOW_INSECURE=true, for closed networks and tests)"},
		{"auth server with a path", "BITRIX24_AUTH_SERVERS", "https://a.example/oauth", `"https://a.example/oauth" must not have a path, query or fragment`},
		{"auth server twice", "BITRIX24_AUTH_SERVERS", "https://a.example,https://A.example/", `"https://A.example/" is there twice`},
		{"switch", "BITRIX24_ALLOW_INSECURE", "yes", `"yes" is neither true nor false`},
		{"apps that are not there", "BITRIX24_LOCAL_APPS", "/nowhere/apps.json", "cannot read /nowhere/apps.json: no such file or directory"},
		{"apps that are no JSON", "BITRIX24_LOCAL_APPS", `[hidden]`, "is not JSON: syntax error at byte 2"},
		{"apps cut short", "BITRIX24_LOCAL_APPS", `[{"portal":"hidden"`, "is not JSON: it ends too early"},
		{"apps of the wrong form", "BITRIX24_LOCAL_APPS", `["hidden"]`, `has the wrong form at byte 9: want a list of {"portal","client_id","client_secret"}, all texts`},
		{"apps with an unknown field", "BITRIX24_LOCAL_APPS", `[{"portal":"a","secret":"hidden"}]`, `unknown field "secret"`},
		{"apps without portal", "BITRIX24_LOCAL_APPS", `[{"client_id":"a","client_secret":"hidden"}]`, "entry 1: portal is missing"},
		{"apps with a URL", "BITRIX24_LOCAL_APPS", `[{"portal":"https://a","client_id":"a","client_secret":"hidden"}]`, "entry 1: portal must be host or host:port, without https://"},
		{"apps without id", "BITRIX24_LOCAL_APPS", `[{"portal":"a","client_secret":"hidden"}]`, "entry 1: client_id is missing"},
		{"apps without secret", "BITRIX24_LOCAL_APPS", `[{"portal":"a","client_id":"a"}]`, "entry 1: client_secret is missing"},
		{"apps twice", "BITRIX24_LOCAL_APPS", `[{"portal":"a","client_id":"a","client_secret":"b"},{"portal":"A","client_id":"c","client_secret":"d"}]`, "entry 2: portal a is there twice"},
		{"apps and more", "BITRIX24_LOCAL_APPS", `[] []`, "has something after the JSON list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(environment(test.variable, test.value), config.Serve)
			want := config.Faults{{Name: test.variable, Text: test.want}}
			got, _ := errors.AsType[config.Faults](err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(err.Error(), "hidden") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestFaultsAllAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Load(environment(
		"BITRIX24_CLIENT_ID", " ",
		"BITRIX24_ALLOW_INSECURE", "perhaps",
		"SLOTFINDER_SECRET", "",
		"SLOTFINDER_PUBLIC_URL", "http://slots.example.com",
		"SLOTFINDER_LISTEN", "8080",
	), config.Serve)
	// The public URL is left alone: whether http is allowed can't be known.
	want := `SLOTFINDER_LISTEN: "8080" is not host:port
SLOTFINDER_SECRET: is required by serve
BITRIX24_CLIENT_ID: is required by serve
BITRIX24_ALLOW_INSECURE: "perhaps" is neither true nor false`
	if err == nil || err.Error() != want {
		t.Error(cmp.Diff(want, err.Error()))
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	nothing := func(string) string { return "" }
	tests := []struct {
		mode     config.Mode
		faults   int
		insecure config.Switch
		database string
	}{
		{config.Serve, 4, false, ""},
		{config.Demo, 0, true, ""},
		{config.Simulator, 0, true, ""},
		{config.Healthcheck, 0, false, "sqlite:slotfinder.db"},
	}
	for _, test := range tests {
		t.Run(string(test.mode), func(t *testing.T) {
			t.Parallel()
			c, err := config.Load(nothing, test.mode)
			faults, _ := errors.AsType[config.Faults](err)
			if len(faults) != test.faults || c.AllowInsecure != test.insecure || c.Database.DSN() != test.database {
				t.Errorf("%d faults, insecure %v, database %q; want %+v", len(faults), c.AllowInsecure, c.Database.DSN(), test)
			}
		})
	}
}

func TestDemoKeepsTheDatabaseItIsGiven(t *testing.T) {
	t.Parallel()
	c, err := config.Load(environment("SLOTFINDER_DATABASE", "sqlite:mine.db", "SLOTFINDER_PUBLIC_URL", "http://localhost:8080"), config.Demo)
	if err != nil || c.Database.DSN() != "sqlite:mine.db" || c.PublicURL != "http://localhost:8080" {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestInsecureAllowsHTTP(t *testing.T) {
	t.Parallel()
	c := load(t, "BITRIX24_ALLOW_INSECURE", "true", "SLOTFINDER_PUBLIC_URL", "http://localhost:80", "BITRIX24_AUTH_SERVERS", "http://127.0.0.1:9000")
	if c.PublicURL != "http://localhost" || c.AuthServers[0] != "http://127.0.0.1:9000" {
		t.Errorf("got %v", c)
	}
}

func TestAdminMayShareAnyPort(t *testing.T) {
	t.Parallel()
	load(t, "SLOTFINDER_LISTEN", "127.0.0.1:0", "SLOTFINDER_ADMIN_LISTEN", "127.0.0.1:0")
}

func TestFiles(t *testing.T) {
	t.Parallel()
	empty, big := file(t, " \n"), file(t, strings.Repeat("x", 1<<20+1))
	apps := file(t, `[{"portal":"a.example","client_id":"i","client_secret":"s"}]`)
	tests := []struct {
		name  string
		pairs []string
		want  string // the error, "" for none
	}{
		{"value from a file", []string{"BITRIX24_CLIENT_SECRET", "", "BITRIX24_CLIENT_SECRET_FILE", file(t, "from file\r\n")}, ""},
		{"apps from their file", []string{"BITRIX24_LOCAL_APPS_FILE", apps}, ""},
		{"apps from a file that holds their path", []string{"BITRIX24_LOCAL_APPS_FILE", file(t, apps+"\n")}, ""},
		{"both", []string{"BITRIX24_CLIENT_SECRET_FILE", empty}, "BITRIX24_CLIENT_SECRET: is set twice: as itself and as BITRIX24_CLIENT_SECRET_FILE"},
		{"no such file", []string{"SLOTFINDER_LOG_FILE", "/nowhere"}, "SLOTFINDER_LOG: SLOTFINDER_LOG_FILE: cannot read /nowhere: no such file or directory"},
		{"a folder", []string{"SLOTFINDER_LOG_FILE", "/"}, "SLOTFINDER_LOG: SLOTFINDER_LOG_FILE: cannot read /: is a directory"},
		{"an empty file", []string{"SLOTFINDER_SECRET", "", "SLOTFINDER_SECRET_FILE", empty}, "SLOTFINDER_SECRET: SLOTFINDER_SECRET_FILE: " + empty + " is empty"},
		{"a huge file", []string{"SLOTFINDER_LOG_FILE", big}, "SLOTFINDER_LOG: SLOTFINDER_LOG_FILE: " + big + " is larger than 1 MiB"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(environment(test.pairs...), config.Serve)
			if got := text(err); got != test.want {
				t.Error(cmp.Diff(test.want, got))
			}
		})
	}
	c := load(t, tests[0].pairs...)
	if got := c.ClientSecret.Reveal(); got != "from file" {
		t.Errorf("the secret is %q", got)
	}
	for _, test := range tests[1:3] {
		c := load(t, test.pairs...)
		if got := c.LocalApps.All(); len(got) != 1 || got[0].ClientSecret.Reveal() != "s" {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

// TestValuesAreReplaced sets a value twice, as the demo does with what the
// environment doesn't say.
func TestValuesAreReplaced(t *testing.T) {
	t.Parallel()
	c := load(t, "SLOTFINDER_TRUSTED_PROXIES", "10.0.0.0/8")
	for _, err := range []error{
		c.Secret.UnmarshalText([]byte(key(9))), c.TrustedProxies.UnmarshalText([]byte("fd00::/8")),
		c.AuthServers.UnmarshalText([]byte("https://a.example")), c.LocalApps.UnmarshalText([]byte("[]")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(c.Secret.All()) != 1 || c.Secret.All()[0][0] != 9 || len(c.TrustedProxies) != 1 || len(c.AuthServers) != 1 {
		t.Errorf("got %v", c)
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
