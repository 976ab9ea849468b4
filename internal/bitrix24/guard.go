package bitrix24

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// errAddressRefused means that the guard refused an address or scheme.
var errAddressRefused error = refusedError{}

// refusedError lets other packages, without importing this one, tell the guard's refusals from
// failures of the network.
type refusedError struct{}

func (refusedError) Error() string { return "address refused" }

// AddressRefused marks the error.
func (refusedError) AddressRefused() {}

// NewHTTPClient returns the client for portals and authorization servers. Strangers choose their
// addresses, so it speaks https only, follows no redirect, uses no proxy, and checks each
// address after the name was resolved: it must be public, or in one of the private networks
// given. allowInsecure permits http and all addresses.
func NewHTTPClient(allowInsecure bool, private ...netip.Prefix) *http.Client {
	return newGuardedClient(net.Dialer{Timeout: 5 * time.Second}, allowInsecure, private...)
}

func newGuardedClient(dialer net.Dialer, allowInsecure bool, private ...netip.Prefix) *http.Client {
	if !allowInsecure {
		dialer.Control = guard(private).control
	}
	transport := &http.Transport{
		Proxy:                  nil, // a proxy would resolve names where the guard doesn't see them
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    8,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 64 << 10,
	}
	return &http.Client{
		Transport:     httpsTransport{transport, allowInsecure},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       15 * time.Second, // the last resort: callers have deadlines
	}
}

// httpsTransport refuses everything but https, and http where that is allowed.
type httpsTransport struct {
	*http.Transport
	insecure bool
}

// RoundTrip implements http.RoundTripper.
func (s httpsTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !s.insecure {
		return nil, fmt.Errorf("%w: not https", errAddressRefused)
	}
	return s.Transport.RoundTrip(r)
}

// guard holds the private networks in which addresses may be dialled.
type guard []netip.Prefix

// control is a net.Dialer's Control. It sees the very address that is about to be dialled.
func (g guard) control(network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	switch {
	case err != nil, network != "tcp4" && network != "tcp6":
		return fmt.Errorf("%w: not a TCP address", errAddressRefused)
	case !publicPort(to.Port()):
		return fmt.Errorf("%w: port", errAddressRefused)
	case !public(to.Addr()) && !g.permits(to.Addr()):
		return fmt.Errorf("%w: not public", errAddressRefused)
	}
	return nil
}

// permits reports whether a is a private address in one of the networks. Whatever these are, it
// is not an address of this host, of its link, or of its cloud's metadata. Of the ways to write
// an IPv4 address as IPv6 only the one that the system itself makes counts.
func (g guard) permits(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	return within(a, private) && !within(a, metadata) && within(a, g)
}

// publicPort reports whether a portal may have the port: that of https, or one that needs no
// privileges. The others belong to mail, shells and the like.
func publicPort(port uint16) bool { return port == 443 || port >= 1024 }

// public reports whether a is an address of the public internet. A form that holds an IPv4
// address counts as that address.
func public(a netip.Addr) bool {
	if a.Zone() != "" {
		return false
	}
	a = a.Unmap()
	if a.Is4() {
		return !within(a, reserved4)
	}
	if translated.Contains(a) { // how a host without IPv4 sees every portal
		b := a.As16()
		return public(netip.AddrFrom4([4]byte(b[12:])))
	}
	return unicast6.Contains(a) && !within(a, reserved6)
}

func within(a netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// The address blocks that are not public, from IANA's special-purpose registries. In IPv6 only
// 2000::/3 is public at all, which rules out loopback, unique local (with clouds' metadata),
// link-local, multicast, discard and the old IPv4-compatible forms without naming them.
var (
	translated = netip.MustParsePrefix("64:ff9b::/96") // NAT64
	unicast6   = netip.MustParsePrefix("2000::/3")
	reserved6  = prefixes(
		"2001::/23",     // protocol assignments, Teredo among them
		"2001:db8::/32", // documentation
		"2002::/16",     // 6to4: holds an IPv4 address
		"3fff::/20",     // documentation
	)
	reserved4 = prefixes(
		"0.0.0.0/8",                                     // this host; the unspecified address
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
		"100.64.0.0/10",                                     // carrier-grade NAT; a cloud's metadata
		"127.0.0.0/8",                                       // loopback
		"168.63.129.16/32",                                  // a cloud's host agent, though the block is public
		"169.254.0.0/16",                                    // link-local; clouds' metadata
		"192.0.0.0/24",                                      // protocol assignments; a cloud's metadata
		"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // documentation
		"192.88.99.0/24", // 6to4 relays
		"198.18.0.0/15",  // benchmarks
		"224.0.0.0/4",    // multicast
		"240.0.0.0/4",    // reserved, broadcast
	)
)

// The blocks that companies use inside, and the addresses in them at which clouds tell a machine
// its secrets.
var (
	private  = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
	metadata = prefixes("100.100.100.200/32", "fd00:ec2::/32", "fd20:ce::/32")
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}
