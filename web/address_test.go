package web

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestClientAddress(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"), netip.MustParsePrefix("::ffff:192.0.2.0/120")}
	const proxy = "10.0.0.1:4711"
	chains := []struct {
		name, peer string
		headers    []string
		want       string
	}{
		{"no proxy", "203.0.113.7:80", []string{"198.51.100.1"}, "203.0.113.7"},
		{"no proxy, IPv6", "[2001:db8::7]:80", nil, "2001:db8::7"},
		{"no proxy, in a zone", "[fe80::7%eth0]:80", nil, "fe80::7"},
		{"a socket", "@", []string{"198.51.100.1"}, "@"},
		{"nothing said", proxy, nil, "10.0.0.1"},
		{"plain", proxy, []string{"198.51.100.1"}, "198.51.100.1"},
		{"with a port", proxy, []string{"198.51.100.1:50123"}, "198.51.100.1"},
		{"IPv6", proxy, []string{"2001:db8::1"}, "2001:db8::1"},
		{"IPv6 in brackets", proxy, []string{"[2001:db8::1]"}, "2001:db8::1"},
		{"IPv6 with a port", proxy, []string{"[2001:db8::1]:443"}, "2001:db8::1"},
		{"IPv4 as IPv6", proxy, []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		{"IPv4 as IPv6 with a port", proxy, []string{"[::ffff:198.51.100.1]:443"}, "198.51.100.1"},
		{"the peer as IPv6", "[::ffff:10.0.0.1]:4711", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a network given as IPv6", "192.0.2.9:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"a peer of IPv6", "[fd00::1]:4711", []string{"198.51.100.1"}, "198.51.100.1"},
		{"what the client says comes first", proxy, []string{"192.0.2.66, 203.0.113.66, 198.51.100.1"}, "198.51.100.1"},
		{"two proxies", proxy, []string{"203.0.113.66, 198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		{"two proxies with ports", proxy, []string{"203.0.113.66:1, 198.51.100.1:2 ,10.0.0.2:3"}, "198.51.100.1"},
		{"several headers", proxy, []string{"203.0.113.66", "198.51.100.1", "10.0.0.2"}, "198.51.100.1"},
		{"all trusted", proxy, []string{"10.1.1.1, 10.2.2.2"}, "10.2.2.2"},
		{"all trusted, in several headers", proxy, []string{"10.1.1.1", "10.2.2.2:80"}, "10.2.2.2"},
		{"one that is trusted", proxy, []string{"10.1.1.1"}, "10.1.1.1"},
		{"garbage", proxy, []string{"unknown"}, "10.0.0.1"},
		{"nothing", proxy, []string{""}, "10.0.0.1"},
		{"nothing at the end", proxy, []string{"198.51.100.1,"}, "10.0.0.1"},
		{"garbage before", proxy, []string{"<script>, 198.51.100.1"}, "198.51.100.1"},
		{"garbage behind", proxy, []string{"198.51.100.1, 1.2.3"}, "10.0.0.1"},
		{"garbage behind a proxy", proxy, []string{"198.51.100.1, _hidden, 10.0.0.2"}, "10.0.0.2"},
		{"a port that is none", proxy, []string{"198.51.100.1:99999"}, "10.0.0.1"},
		{"half a bracket", proxy, []string{"[2001:db8::1"}, "2001:db8::1"},
		{"endless", proxy, []string{"198.51.100.1" + strings.Repeat(", 10.3.3.3", 5000)}, "10.3.3.3"},
	}
	t.Logf("figure: %d ways to write X-Forwarded-For, up to 5,001 entries: each leads to the address next to our proxies", len(chains))
	for _, c := range chains {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: c.peer, Header: http.Header{"X-Forwarded-For": c.headers}}
			if got := clientAddress(trusted)(r); got != c.want {
				t.Errorf("got %s instead of %s", got, c.want)
			}
		})
	}
}

// TestNetworkOfAClient: what counts as one address must be the same however a proxy
// writes it.
func TestNetworkOfAClient(t *testing.T) {
	t.Parallel()
	everybody := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for want, written := range map[string][]string{
		"198.51.100.1":  {"198.51.100.1", "198.51.100.1:1", "198.51.100.1:2", "::ffff:198.51.100.1", "[::ffff:198.51.100.1]:3"},
		"2001:db8::/64": {"2001:db8::1", "[2001:db8::2]", "[2001:db8::3]:443"},
	} {
		for _, text := range written {
			r := &http.Request{RemoteAddr: "127.0.0.1:1", Header: http.Header{"X-Forwarded-For": {text}}}
			if got := Network(clientAddress(everybody)(r)); got != want {
				t.Errorf("%s counts as %s instead of %s", text, got, want)
			}
		}
	}
	t.Logf("figure: 5 ways to write an IPv4 address, 3 addresses of an IPv6 network: 2 clients")
}
