package auth

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"

	"slotfinder/internal/meet"
)

// Bounds of probing an address that somebody has typed. Strangers choose whom we ask.
const (
	probeTimeout    = 3 * time.Second
	maxProbeAnswer  = 64 << 10 // bytes
	maxProbes       = 16       // at once; beyond it a host is taken for a portal unprobed
	maxCachedProbes = 1024     // hosts
	portalCacheTime = 10 * time.Minute
	otherCacheTime  = time.Minute
)

// probeResult is a cached answer.
type probeResult struct {
	portal bool
	until  time.Time
}

// Probe checks that a host which ParseAddress returned is a portal's, before a browser is
// sent there. It is one if an installed portal lives there or an app is registered for it.
// Any other host is asked for something that needs a token: Bitrix24 refuses in JSON,
// everything else answers otherwise. If that can't be found out at the moment, the host is
// taken for a portal and the browser may try.
//
// The error is meet.Invalid with the field "portal": it is no portal.
func (p *Portals) Probe(ctx context.Context, host string) error {
	if _, err := p.vault.PortalByHost(ctx, host); err == nil || meet.KindOf(err) != meet.NotFound {
		return nil
	}
	for _, app := range p.apps {
		if app.Portal == host {
			return nil
		}
	}
	portal, found := p.cachedProbe(host)
	if !found {
		portal = p.probeHost(ctx, host)
	}
	if !portal {
		return &meet.Error{
			Kind: meet.Invalid, Key: "error.no_portal",
			Fields: map[string]string{"portal": "error.no_portal"},
		}
	}
	return nil
}

// probeHost asks a host and caches the result.
func (p *Portals) probeHost(ctx context.Context, host string) (portal bool) {
	select {
	case p.probeSlots <- struct{}{}:
		defer func() { <-p.probeSlots }()
	default:
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	portal, known := p.probeURL(ctx, p.schemeFor(host)+"://"+host+"/rest/profile", 1)
	if known {
		p.cacheProbe(host, portal)
	}
	return portal
}

// probeURL asks an address. A portal that has moved answers with a redirect; at most the
// given number of them is followed. known is false when the next probe may end otherwise.
func (p *Portals) probeURL(ctx context.Context, address string, redirects int) (portal, known bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false, true
	}
	request.Header.Set("Accept", "application/json")
	answer, err := p.http.Do(request)
	if err != nil {
		return p.isPortalDespite(request.URL.Hostname(), err)
	}
	defer func() { _ = answer.Body.Close() }()
	if next := p.redirectTarget(answer); next != "" && redirects > 0 {
		return p.probeURL(ctx, next, redirects-1)
	}
	var refusal struct {
		Error any `json:"error"`
	}
	err = json.NewDecoder(io.LimitReader(answer.Body, maxProbeAnswer)).Decode(&refusal)
	if err == nil && refusal.Error != nil {
		return true, true
	}
	if answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests || ctx.Err() != nil {
		return true, false
	}
	return false, true
}

// redirectTarget is where an answer redirects to, "" unless that is the same path of another
// host that could be a portal's.
func (p *Portals) redirectTarget(answer *http.Response) string {
	to, err := answer.Location()
	if err != nil || answer.StatusCode < 300 || answer.StatusCode > 399 || to.Path != answer.Request.URL.Path {
		return ""
	}
	host, ok := p.canonicalHost(&url.URL{Scheme: to.Scheme, Host: to.Host})
	if !ok || to.User != nil {
		return ""
	}
	return p.schemeFor(host) + "://" + host + to.Path
}

// cloudName matches host names of Bitrix24's cloud. All of them resolve, so one that doesn't
// is a fault of our own resolver.
var cloudName = regexp.MustCompile(`\.bitrix24\.[a-z.]+$`)

// isPortalDespite says what it means that no answer came. A name that does not resolve, a
// host where nobody listens and one without a good certificate are no portal. Anything else
// may be temporary or a fault of ours, except for a name without a dot: it could only be in
// our own network.
func (p *Portals) isPortalDespite(name string, err error) (portal, known bool) {
	var (
		lookup      *net.DNSError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		guarded     interface{ AddressRefused() } // by our HTTP client itself: a private address, or a port of another service
	)
	switch {
	case errors.As(err, &lookup):
		nobody := lookup.IsNotFound && !cloudName.MatchString(name) || !strings.Contains(name, ".")
		return !nobody, nobody
	case errors.As(err, &certificate), errors.As(err, &record), errors.As(err, &alert), errors.As(err, &guarded),
		errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, http.ErrSchemeMismatch):
		return false, true
	}
	return true, false
}

func (p *Portals) cachedProbe(host string) (portal, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.probes[host]
	return s.portal, ok && p.now().Before(s.until)
}

func (p *Portals) cacheProbe(host string, portal bool) {
	memory := otherCacheTime
	if portal {
		memory = portalCacheTime
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.probes) >= maxCachedProbes {
		clear(p.probes) // they are cheap to get again
	}
	p.probes[host] = probeResult{portal, p.now().Add(memory)}
}
