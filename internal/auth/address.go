package auth

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"slotfinder/internal/meet"
)

// maxAddress is far above any address that a browser would show, in bytes.
const maxAddress = 2048

// ParseAddress returns the host[:port] of a portal from what people type or paste: the
// address of any of its pages, or the bare host, in any case and script. The scheme does not
// matter: portals are asked over https, or, if Insecure is set, over http except on port
// 443.
//
// The error is meet.Invalid with the field "portal".
func (p *Portals) ParseAddress(text string) (host string, err error) {
	u, ok := parseURL(text)
	if !ok {
		return "", invalidAddress()
	}
	host, ok = p.canonicalHost(u)
	if !ok {
		return "", invalidAddress()
	}
	return host, nil
}

func invalidAddress() error {
	return &meet.Error{
		Kind: meet.Invalid, Key: "error.portal_address",
		Fields: map[string]string{"portal": "error.portal_address"},
	}
}

// parseURL reads an address with or without a scheme; without one the scheme of
// the result is "".
func parseURL(text string) (*url.URL, bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxAddress {
		return nil, false
	}
	if !strings.Contains(text, "://") {
		text = "//" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.User != nil || u.Opaque != "" {
		return nil, false
	}
	switch u.Scheme {
	case "", "http", "https":
		return u, true
	}
	return nil, false
}

// canonicalHost returns the canonical host[:port] of a URL: lower case, punycode, without
// the port that the scheme implies.
func (p *Portals) canonicalHost(u *url.URL) (string, bool) {
	name, ok := p.canonicalName(u.Hostname())
	if !ok {
		return "", false
	}
	port := u.Port()
	if strings.HasSuffix(u.Host, ":") {
		return "", false
	}
	if port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return "", false
		}
		port = strconv.Itoa(n)
	}
	// A port is left out if the scheme by which the portal is asked implies it.
	implied := map[bool]string{false: "443", true: "80"}[p.insecure]
	switch {
	case port == "" && p.insecure && u.Scheme == "https":
		port = "443"
	case port == "80" && u.Scheme == "http", port == implied:
		port = ""
	}
	if port == "" {
		if strings.Contains(name, ":") {
			name = "[" + name + "]"
		}
		return name, true
	}
	return net.JoinHostPort(name, port), true
}

// canonicalName returns a canonical host name or IP address.
func (p *Portals) canonicalName(name string) (string, bool) {
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.String(), addr.Zone() == "" && (p.insecure || isPublic(addr) || p.isPrivate(addr))
	}
	if !utf8.ValidString(name) {
		return "", false
	}
	strict := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))
	name, err := strict.ToASCII(strings.TrimSuffix(name, "."))
	if err != nil {
		return "", false
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return "", false // some resolvers take 127.1 and 0x7f000001 for addresses
	}
	return name, p.insecure || last != name
}

// isPublic tells whether an IP address can be a portal's on the internet. It is for typed
// addresses; what a name resolves to is checked by the dialer.
func isPublic(addr netip.Addr) bool {
	addr = addr.Unmap()
	shared := netip.MustParsePrefix("100.64.0.0/10") // carrier-grade NAT
	return addr.IsGlobalUnicast() && !addr.IsPrivate() && !shared.Contains(addr)
}

// isPrivate tells whether an address is in one of the configured private networks.
func (p *Portals) isPrivate(addr netip.Addr) bool {
	return slices.ContainsFunc(p.networks, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}

// schemeFor returns the scheme by which a host is asked.
func (p *Portals) schemeFor(host string) string {
	if p.insecure && !strings.HasSuffix(host, ":443") {
		return "http"
	}
	return "https"
}

// parseEndpoint checks the REST root that an authorization server reports and returns
// it with a trailing slash, and the portal's host.
func (p *Portals) parseEndpoint(text string) (endpoint, host string, ok bool) {
	u, ok := parseURL(text)
	if !ok || u.Scheme == "" || u.Scheme == "http" && !p.insecure || u.RawQuery != "" || u.Fragment != "" {
		return "", "", false
	}
	if host, ok = p.canonicalHost(u); !ok {
		return "", "", false
	}
	u.Host = strings.ToLower(u.Host)
	return strings.TrimRight(u.String(), "/") + "/", host, true
}
