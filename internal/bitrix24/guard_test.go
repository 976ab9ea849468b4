package bitrix24

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// Advisory 23: private addresses are refused when they are dialled, in every form.
func TestAdvisory23Addresses(t *testing.T) {
	t.Parallel()
	refused := []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1",
		"198.51.100.7", "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b:1::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
		"2001::1", "2001:db8::1", "2002:7f00:1::", "100::1", "3fff::1", "2606:4700::1%eth0", "5f00::1",
	}
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

func TestAdvisory23Dialling(t *testing.T) {
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
		err := refusePrivate(test.network, test.address, nil)
		if (err == nil) != test.passes || err != nil && !errors.Is(err, errRefused) {
			t.Errorf("%s %s: %v", test.network, test.address, err)
		}
	}
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
		if answer, err := NewHTTPClient(false).Get(address); !errors.Is(err, errRefused) {
			t.Errorf("%s: %v, %v", address, answer, err)
		}
	}
	if len(paths) != 1 {
		t.Errorf("paths %v", paths)
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
	if NewHTTPClient(false).Transport.(scheme).Proxy != nil {
		t.Error("there is a proxy function")
	}
}
