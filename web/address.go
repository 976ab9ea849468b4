package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
)

// mostHops bounds how many addresses of a chain are looked at: more proxies stand before
// nobody.
const mostHops = 32

// clientAddress tells who is calling: the peer itself, unless the peer is a proxy that
// the operator trusts. Then it is the last address of X-Forwarded-For, the header to
// which each proxy appends who called it, that is no trusted proxy. Where all of them
// are trusted, or one can't be read, what comes before may have been made up by the
// client; then it is the address next to our peer, which our peer has written.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	return func(r *http.Request) string {
		peer, ok := readAddress(r.RemoteAddr)
		if !ok {
			return r.RemoteAddr
		}
		if !isTrusted(trusted, peer) {
			return peer.String()
		}
		return forwardedFor(r.Header.Values(echo.HeaderXForwardedFor), trusted, peer).String()
	}
}

// forwardedFor reads the chain of a trusted peer. Several headers are one chain.
func forwardedFor(headers []string, trusted []netip.Prefix, peer netip.Addr) netip.Addr {
	nearest := peer
	chain := strings.Join(headers, ",")
	for hop := range mostHops {
		rest := strings.LastIndexByte(chain, ',')
		address, ok := readAddress(chain[rest+1:])
		if !ok {
			break
		}
		if !isTrusted(trusted, address) {
			return address
		}
		if hop == 0 {
			nearest = address
		}
		if rest < 0 {
			break
		}
		chain = chain[:rest]
	}
	return nearest
}

// readAddress reads an address as proxies write it: alone, in brackets, or with a port,
// as those of Azure and IIS do. An IPv4 address that is written as one of IPv6 is the
// same address.
func readAddress(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	address, err := netip.ParseAddr(text)
	if err != nil {
		var withPort netip.AddrPort
		withPort, err = netip.ParseAddrPort(text)
		address = withPort.Addr()
	}
	if inside, ok := strings.CutPrefix(text, "["); err != nil && ok {
		address, err = netip.ParseAddr(strings.TrimSuffix(inside, "]"))
	}
	return address.Unmap().WithZone(""), err == nil
}

func isTrusted(trusted []netip.Prefix, address netip.Addr) bool {
	for _, prefix := range trusted {
		if prefix.Addr().Is4In6() && prefix.Bits() >= 96 {
			prefix = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-96)
		}
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// Network is what counts as one address in limits: somebody with IPv6 has a whole
// Network of them.
func Network(text string) string {
	address, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	if address = address.Unmap().WithZone(""); address.Is4() {
		return address.String()
	}
	prefix, _ := address.Prefix(64)
	return prefix.String()
}

// AddressHash stands for the address of whoever asks. It can't be turned back without our
// key.
func (s *Server) AddressHash(c echo.Context) string {
	mac := hmac.New(sha256.New, s.Config.AddressKey)
	mac.Write([]byte(Network(c.RealIP())))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
