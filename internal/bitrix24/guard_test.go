package bitrix24

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// refusedAddresses holds examples of each class of addresses that aren't public, in several
// notations.
var refusedAddresses = map[string][]string{
	"this host":             {"0.0.0.0", "0.1.2.3", "::"},
	"loopback":              {"127.0.0.1", "127.0.0.53", "127.255.255.254", "::1"},
	"private":               {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fdff::1"},
	"link-local":            {"169.254.0.1", "fe80::1", "febf::1", "fe80::5efe:a00:1"},
	"site-local":            {"fec0::1"},
	"carrier-grade NAT":     {"100.64.0.1", "100.127.255.255"},
	"metadata":              {"169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"},
	"documentation":         {"192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "3fff::1"},
	"benchmarks":            {"198.18.0.1", "198.19.255.255", "2001:2::1"},
	"multicast":             {"224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"},
	"reserved":              {"240.0.0.1", "255.255.255.255", "4000::1", "5f00::1", "8000::1", "e000::1", "100::1"},
	"IPv4-mapped":           {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::ffff:c0a8:101"},
	"IPv4-compatible":       {"::127.0.0.1", "::10.0.0.1"},
	"IPv4-translated":       {"::ffff:0:10.0.0.1"},
	"NAT64":                 {"64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b::224.0.0.1"},
	"NAT64 of a network":    {"64:ff9b:1::1", "64:ff9b:1::93.184.216.34"},
	"6to4":                  {"2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1", "192.88.99.1"},
	"Teredo, other tunnels": {"2001::1", "2001:0:7f00:1::", "2001:20::1"},
	"of one interface":      {"fe80::1%eth0", "2606:4700::1%eth0", "::1%lo"},
}

// Private addresses are refused when they are dialled, in every form.
func TestAddressesThatAreNotPublic(t *testing.T) {
	t.Parallel()
	refused := slices.Concat(slices.Collect(maps.Values(refusedAddresses))...)
	for _, address := range refused {
		if public(netip.MustParseAddr(address)) {
			t.Errorf("%s passes", address)
		}
	}
	for _, address := range []string{"93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34", "2606:4700::1111", "2a00:1450::1"} {
		if !public(netip.MustParseAddr(address)) {
			t.Errorf("%s is refused", address)
		}
	}
}

func TestOnlyPublicAddressesAreDialled(t *testing.T) {
	t.Parallel()
	tests := []struct {
		network, address string
		passes           bool
	}{
		{"tcp4", "93.184.216.34:443", true},
		{"tcp6", "[2606:4700::1111]:8443", true},
		{"tcp4", "93.184.216.34:22", false},
		{"tcp4", "93.184.216.34:80", false},
		{"tcp4", "127.0.0.1:443", false},
		{"udp4", "93.184.216.34:443", false},
		{"unix", "/run/docker.sock", false},
	}
	for _, test := range tests {
		err := guard(nil).control(test.network, test.address, nil)
		if (err == nil) != test.passes || err != nil && !errors.Is(err, errAddressRefused) {
			t.Errorf("%s %s: %v", test.network, test.address, err)
		}
	}
}

// TestPrivateNetworks: a portal may have a private address in the networks that the
// operator named, and nowhere else; whatever they are, this host, its link and its
// cloud's metadata stay out of reach, in every notation.
func TestPrivateNetworks(t *testing.T) {
	t.Parallel()
	inside := guard(prefixes("10.20.0.0/16", "192.168.7.0/24", "fd12:3456::/32"))
	for address, passes := range map[string]bool{
		"10.20.1.2:443": true, "10.20.1.2:8443": true, "192.168.7.9:443": true, "[fd12:3456::1]:443": true, "[::ffff:10.20.1.2]:443": true,
		"93.184.216.34:443": true, "10.21.0.1:443": false, "192.168.8.9:443": false, "[fd12:3457::1]:443": false,
		"10.20.1.2:22": false, "10.20.1.2:80": false, "[64:ff9b::10.20.1.2]:443": false, "[::10.20.1.2]:443": false, "[2002:a14:102::1]:443": false,
		"[fd12:3456::1%eth0]:443": false,
	} {
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		if err := inside.control(network, address, nil); (err == nil) != passes {
			t.Errorf("%s: %v", address, err)
		}
	}
	everywhere := guard(prefixes("0.0.0.0/0", "::/0")) // no configuration allows this
	for class, addresses := range refusedAddresses {
		for _, text := range addresses {
			address := netip.MustParseAddr(text)
			if everywhere.permits(address) != (within(address.Unmap(), private) && address.Zone() == "" && class != "metadata") {
				t.Errorf("%s, %s: the widest networks decide %v", class, text, everywhere.permits(address))
			}
		}
	}
	t.Logf("figure: %d classes of addresses, all networks allowed: only the private ones pass, and of these none that gives metadata", len(refusedAddresses))
}

// TestPrivateNetworksStayOnHTTPS: the switch opens networks, not http and not loopback.
func TestPrivateNetworksStayOnHTTPS(t *testing.T) {
	t.Parallel()
	client := NewHTTPClient(false, prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")...)
	addresses := []string{"http://10.20.1.2:8080/", "https://127.0.0.1:8443/", "https://[::1]:8443/", "https://169.254.169.254/", "https://100.100.100.200/", "https://[fd00:ec2::254]/"}
	for _, address := range addresses {
		if answer, err := client.Get(address); !errors.Is(err, errAddressRefused) {
			t.Errorf("%s: %v, %v", address, answer, err)
		}
	}
	t.Logf("figure: with all private networks allowed %d addresses over HTTP, of this machine and of metadata are refused", len(addresses))
}

func TestHTTPClient(t *testing.T) {
	t.Parallel()
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer server.Close()

	answer, err := NewHTTPClient(true).Get(server.URL + "/first")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusFound || len(paths) != 1 {
		t.Errorf("status %d, paths %v: the redirect was followed", answer.StatusCode, paths)
	}
	// By address and by name; https only. None of these reaches the server.
	for _, address := range []string{server.URL, strings.Replace(server.URL, "http:", "https:", 1), strings.Replace(server.URL, "http://127.0.0.1", "https://localhost", 1)} {
		if answer, err := NewHTTPClient(false).Get(address); !errors.Is(err, errAddressRefused) {
			t.Errorf("%s: %v, %v", address, answer, err)
		}
	}
	if len(paths) != 1 {
		t.Errorf("paths %v", paths)
	}
}

// nameServer answers on loopback: a name is the address itself in hexadecimal, below
// .example. It returns a dialer that asks it.
func nameServer(t testing.TB) net.Dialer {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		packet := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return // closed
			}
			if answer := resolve(packet[:n]); answer != nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp4", conn.LocalAddr().String())
	}}}
}

func nameOf(a netip.Addr) string { return hex.EncodeToString(a.AsSlice()) + ".example" }

// resolve answers one question, with no address when it asks for the other kind.
func resolve(question []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	label, _, _ := strings.Cut(q.Name.String(), ".")
	address, err := hex.DecodeString(label)
	m.Response, m.Additionals = true, nil
	header := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}
	switch {
	case err != nil:
		m.RCode = dnsmessage.RCodeNameError
	case len(address) == 4 && q.Type == dnsmessage.TypeA:
		m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: [4]byte(address)}}}
	case len(address) == 16 && q.Type == dnsmessage.TypeAAAA:
		m.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: [16]byte(address)}}}
	}
	answer, err := m.Pack()
	if err != nil {
		return nil
	}
	return answer
}

// With net/http's own transport: no such address is dialled, neither when it stands in a URL nor
// when a harmless name resolves to it.
func TestNothingPrivateIsReached(t *testing.T) {
	t.Parallel()
	dialer := nameServer(t)
	client := newGuardedClient(dialer, false)
	for class, addresses := range refusedAddresses {
		for _, text := range addresses {
			address := netip.MustParseAddr(text)
			urls := []string{"https://" + net.JoinHostPort(strings.Replace(text, "%", "%25", 1), "443") + "/"}
			if address.Zone() == "" {
				urls = append(urls, "https://"+nameOf(address)+"/", "https://"+nameOf(address)+":8443/")
			}
			for _, url := range urls {
				answer, err := client.Get(url)
				if !errors.Is(err, errAddressRefused) {
					t.Errorf("%s, %s: %v, %v", class, url, answer, err)
				}
			}
		}
	}
}

// The names of the test above do lead to a server when that is allowed.
func TestNamesLeadToTheServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	dialer := nameServer(t)
	port := strings.TrimPrefix(server.URL, "https://127.0.0.1")
	for _, text := range []string{"127.0.0.1", "::ffff:127.0.0.1"} {
		url := "https://" + nameOf(netip.MustParseAddr(text)) + port
		if _, err := newGuardedClient(dialer, false).Get(url); !errors.Is(err, errAddressRefused) {
			t.Errorf("%s with the guard: %v", text, err)
		}
		open := newGuardedClient(dialer, true)
		open.Transport.(httpsTransport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
		open.Transport.(httpsTransport).TLSClientConfig.ServerName = "example.com"
		answer, err := open.Get(url)
		if err != nil {
			t.Errorf("%s without the guard: %v", text, err)
			continue
		}
		answer.Body.Close()
	}
}

func TestHTTPClientUsesNoProxy(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	answer, err := NewHTTPClient(true).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if NewHTTPClient(false).Transport.(httpsTransport).Proxy != nil {
		t.Error("there is a proxy function")
	}
}
