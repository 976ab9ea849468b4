package auth_test

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// addresses are what people type, and the host that comes out in production and
// where insecure addresses are allowed. "" means that the address is refused.
var addresses = []struct{ text, production, insecure string }{
	{"firma.bitrix24.de", "firma.bitrix24.de", "firma.bitrix24.de"},
	{"https://Firma.bitrix24.de/company/personal/user/1/?a=b#c", "firma.bitrix24.de", "firma.bitrix24.de:443"},
	{"http://firma.bitrix24.de", "firma.bitrix24.de", "firma.bitrix24.de"},
	{"HTTPS://FIRMA.BITRIX24.DE", "firma.bitrix24.de", "firma.bitrix24.de:443"},
	{"  firma.bitrix24.de/ \n", "firma.bitrix24.de", "firma.bitrix24.de"},
	{"firma.bitrix24.de.", "firma.bitrix24.de", "firma.bitrix24.de"},
	{"firma.bitrix24.de:443", "firma.bitrix24.de", "firma.bitrix24.de:443"},
	{"firma.example:8443/x", "firma.example:8443", "firma.example:8443"},
	{"http://firma.example:80", "firma.example", "firma.example"},
	{"firma.example:08443", "firma.example:8443", "firma.example:8443"},
	{"Büro-Straße.example", "xn--bro-strae-n1a52a.example", "xn--bro-strae-n1a52a.example"},
	{"компания.рф", "xn--80aqeigdi5k.xn--p1ai", "xn--80aqeigdi5k.xn--p1ai"},
	{"93.184.216.34", "93.184.216.34", "93.184.216.34"},
	{"[2606:2800:220:1::1]:8443", "[2606:2800:220:1::1]:8443", "[2606:2800:220:1::1]:8443"},
	{"https://[2606:2800:220:1::1]/", "[2606:2800:220:1::1]", "[2606:2800:220:1::1]:443"},

	// Only inside.
	{"localhost:4080", "", "localhost:4080"},
	{"intranet", "", "intranet"},
	{"127.0.0.1:4080", "", "127.0.0.1:4080"},
	{"10.1.2.3", "", "10.1.2.3"},
	{"172.16.0.1", "", "172.16.0.1"},
	{"192.168.0.1", "", "192.168.0.1"},
	{"169.254.169.254", "", "169.254.169.254"},
	{"100.64.0.1", "", "100.64.0.1"},
	{"0.0.0.0", "", "0.0.0.0"},
	{"224.0.0.1", "", "224.0.0.1"},
	{"[::1]", "", "[::1]"},
	{"[::]", "", "[::]"},
	{"[fe80::1]", "", "[fe80::1]"},
	{"[fd00::1]", "", "[fd00::1]"},
	{"[::ffff:127.0.0.1]", "", "[::ffff:127.0.0.1]"},

	// Never.
	{"", "", ""},
	{"%A0.example", "", ""},
	{"   ", "", ""},
	{"https://", "", ""},
	{"my company", "", ""},
	{"anna@firma.bitrix24.de", "", ""},
	{"https://firma.bitrix24.de@evil.example/", "", ""},
	{"https://user:password@firma.bitrix24.de", "", ""},
	{`https://firma.bitrix24.de\@evil.example`, "", ""},
	{"ftp://firma.bitrix24.de", "", ""},
	{"javascript://firma.bitrix24.de/%0aalert(1)", "", ""},
	{"firma.bitrix24.de:0", "", ""},
	{"firma.bitrix24.de:65536", "", ""},
	{"firma.bitrix24.de:", "", ""},
	{"firma.bitrix24.de:http", "", ""},
	{"firma..bitrix24.de", "", ""},
	{".bitrix24.de", "", ""},
	{"fir_ma.bitrix24.de", "", ""},
	{"-firma.bitrix24.de", "", ""},
	{"*.bitrix24.de", "", ""},
	{"127.1", "", ""},
	{"0x7f.1", "", ""},
	{"firma.0x7f000001", "", ""},
	{"2130706433", "", ""},
	{"１２７.０.０.１", "", ""},
	{"[fe80::1%25eth0]", "", ""},
	{"firma.bitrix24.de\r\nSet-Cookie: x", "", ""},
	{"firma.bitrix24.de\x00", "", ""},
	{strings.Repeat("a", 64) + ".example", "", ""},
	{strings.Repeat("a.", 127) + "example", "", ""},
	{"firma.bitrix24.de/" + strings.Repeat("x", 3000), "", ""},
}

func TestParseAddress(t *testing.T) {
	w := onSQLite(t)
	production := w.process(func(c *auth.Config) { c.Insecure = false })
	insecure := w.process()
	for _, c := range addresses {
		for _, mode := range []struct {
			name, want string
			p          process
		}{{"production", c.production, production}, {"insecure", c.insecure, insecure}} {
			got, err := mode.p.ParseAddress(c.text)
			if diff := cmp.Diff(mode.want, got); diff != "" {
				t.Errorf("%s: %.60q: %s", mode.name, c.text, diff)
			}
			if mode.want != "" {
				must(t, err)
				if again, err := mode.p.ParseAddress(got); err != nil || again != got {
					t.Errorf("%s: %q is not stable: %q, %v", mode.name, got, again, err)
				}
				continue
			}
			var e *meet.Error
			if !asError(err, &e) || e.Kind != meet.Invalid || e.Fields["portal"] == "" {
				t.Errorf("%s: %.60q: error %v", mode.name, c.text, err)
			}
		}
	}
}

// TestPrivateNetworksAreTyped: in the networks that the operator named a portal may be
// typed by its address.
func TestPrivateNetworksAreTyped(t *testing.T) {
	p := onSQLite(t).process(func(c *auth.Config) {
		c.Insecure, c.Private = false, []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd12::/16")}
	})
	for text, want := range map[string]string{
		"10.20.1.2": "10.20.1.2", "https://10.20.1.2:8443/company/": "10.20.1.2:8443", "[fd12::1]": "[fd12::1]",
		"10.21.1.2": "", "127.0.0.1": "", "169.254.169.254": "", "[::1]": "", "localhost": "",
	} {
		if got, err := p.ParseAddress(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

// TestParseAddressIsSafe: whatever comes out is a host and nothing else, and comes
// out again as it is.
func TestParseAddressIsSafe(t *testing.T) {
	p := onSQLite(t).process(func(c *auth.Config) { c.Insecure = false })
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`(https?://)?[a-zA-Z0-9.@:/\\\[\]%_-]{1,30}(\.de)?(:[0-9]{0,6})?(/.*)?`),
		).Draw(t, "text")
		host, err := p.ParseAddress(text)
		if err != nil {
			return
		}
		u, err := url.Parse("https://" + host + "/oauth/authorize/")
		if err != nil || u.Host != host || u.User != nil || u.Path != "/oauth/authorize/" {
			t.Fatalf("%q is no host: %v", host, err)
		}
		if again, err := p.ParseAddress(host); err != nil || again != host {
			t.Fatalf("%q comes out as %q, %v", host, again, err)
		}
	})
}
