package config

import (
	"fmt"
	"net/netip"
	"slices"
)

// Proxies are the networks whose forwarding headers are believed.
type Proxies []netip.Prefix

// UnmarshalText accepts a comma-separated list of CIDRs.
func (p *Proxies) UnmarshalText(text []byte) error {
	networks, err := networks(text)
	*p = networks
	return err
}

// PrivateNetworks are the networks in which portals may have private addresses.
type PrivateNetworks []netip.Prefix

// private are the blocks that companies use inside: those of RFC 1918, the one that
// carriers and overlay networks share (RFC 6598), and IPv6's unique local addresses.
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("fc00::/7"),
}

// never are the blocks in which no portal lives, and from which a server must never
// be asked for anything, with their names.
var never = []struct{ name, prefix string }{
	{"unspecified", "0.0.0.0/8"},
	{"unspecified", "::/128"},
	{"loopback", "127.0.0.0/8"},
	{"loopback", "::1/128"},
	{"link-local", "169.254.0.0/16"},
	{"link-local", "fe80::/10"},
	{"multicast", "224.0.0.0/4"},
	{"multicast", "ff00::/8"},
}

// UnmarshalText accepts a comma-separated list of CIDRs, each inside of one block of
// private addresses.
func (p *PrivateNetworks) UnmarshalText(text []byte) error {
	*p = nil
	networks, err := networks(text)
	if err != nil {
		return err
	}
	for _, network := range networks {
		if err := isPrivate(network); err != nil {
			return err
		}
	}
	*p = networks
	return nil
}

// isPrivate says what is wrong with a network of portals.
func isPrivate(network netip.Prefix) error {
	if network.Addr().Is4In6() {
		return fmt.Errorf("%q: write an IPv4 network as one, such as 10.0.0.0/8", network)
	}
	for _, block := range never {
		if network.Overlaps(netip.MustParsePrefix(block.prefix)) {
			return fmt.Errorf("%q covers %s addresses (%s), which stay refused", network, block.name, block.prefix)
		}
	}
	inside := func(block netip.Prefix) bool {
		return block.Contains(network.Addr()) && block.Bits() <= network.Bits()
	}
	if !slices.ContainsFunc(private, inside) {
		return fmt.Errorf("%q is not private: it must lie in one of %v", network, private)
	}
	return nil
}

// networks parses a comma-separated list of CIDRs.
func networks(text []byte) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, part := range split(text) {
		prefix, err := netip.ParsePrefix(part)
		if addr, e := netip.ParseAddr(part); e == nil {
			return nil, fmt.Errorf("%q is an address; as a CIDR it is %s/%d", part, addr, addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("%q is not a CIDR such as 10.0.0.0/8", part)
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}
