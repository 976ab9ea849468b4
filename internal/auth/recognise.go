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

// Bounds of the look at an address that somebody has typed. Strangers choose what we ask.
const (
	recogniseTime  = 3 * time.Second
	recogniseLimit = 64 << 10 // bytes of an answer
	lookLimit      = 16       // looks at once; who comes then is let through without one
	lookMemory     = 1024     // addresses that are remembered
	portalMemory   = 10 * time.Minute
	otherMemory    = time.Minute
)

// sight is what was seen at an address.
type sight struct {
	portal bool
	until  time.Time
}

// Recognise reports whether a host that ParseAddress returned is that of a portal, before
// a browser is sent there. It is one if an installed portal lives there, or an app is
// registered for it; else it is asked for something that needs a token: Bitrix24 refuses
// in JSON, everything else answers otherwise. Where that can't be found out at the
// moment, the browser may try.
//
// The error is meet.Invalid with the field "portal".
func (p *Portals) Recognise(ctx context.Context, host string) error {
	if _, err := p.vault.PortalByHost(ctx, host); err == nil || meet.KindOf(err) != meet.NotFound {
		return nil
	}
	for _, app := range p.apps {
		if app.Portal == host {
			return nil
		}
	}
	portal, found := p.seen(host)
	if !found {
		portal = p.look(ctx, host)
	}
	if !portal {
		return &meet.Error{
			Kind: meet.Invalid, Key: "error.no_portal",
			Fields: map[string]string{"portal": "error.no_portal"},
		}
	}
	return nil
}

// look asks a host, and remembers what it is.
func (p *Portals) look(ctx context.Context, host string) (portal bool) {
	select {
	case p.looks <- struct{}{}:
		defer func() { <-p.looks }()
	default:
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, recogniseTime)
	defer cancel()
	portal, known := p.lookAt(ctx, p.scheme(host)+"://"+host+"/rest/profile", 1)
	if known {
		p.see(host, portal)
	}
	return portal
}

// lookAt asks an address. A portal that has moved answers with a redirect, of which the
// given number is followed. known is false when another look may find something else.
func (p *Portals) lookAt(ctx context.Context, address string, redirects int) (portal, known bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return false, true
	}
	request.Header.Set("Accept", "application/json")
	answer, err := p.http.Do(request)
	if err != nil {
		return p.unreached(request.URL.Hostname(), err)
	}
	defer func() { _ = answer.Body.Close() }()
	if next := p.moved(answer); next != "" && redirects > 0 {
		return p.lookAt(ctx, next, redirects-1)
	}
	var refusal struct {
		Error any `json:"error"`
	}
	err = json.NewDecoder(io.LimitReader(answer.Body, recogniseLimit)).Decode(&refusal)
	if err == nil && refusal.Error != nil {
		return true, true
	}
	if answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests || ctx.Err() != nil {
		return true, false
	}
	return false, true
}

// moved is where an answer sends to, "" if it isn't the same path of another host that
// could be a portal's.
func (p *Portals) moved(answer *http.Response) string {
	to, err := answer.Location()
	if err != nil || answer.StatusCode < 300 || answer.StatusCode > 399 || to.Path != answer.Request.URL.Path {
		return ""
	}
	host, ok := p.host(&url.URL{Scheme: to.Scheme, Host: to.Host})
	if !ok || to.User != nil {
		return ""
	}
	return p.scheme(host) + "://" + host + to.Path
}

// cloud is the form of the names of Bitrix24's cloud. It has an answer for every one of
// them, so it is our own fault when none is found.
var cloud = regexp.MustCompile(`\.bitrix24\.[a-z.]+$`)

// unreached tells what it means that no answer came. A name that nobody has, a host where
// nobody listens and one without a certificate are no portal. Anything else may be a
// fault of ours or of the moment, except with a name that could only be one of our own
// network.
func (p *Portals) unreached(name string, err error) (portal, known bool) {
	var (
		lookup      *net.DNSError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
		guarded     interface{ AddressRefused() } // by the client itself: private, or a port of something else
	)
	switch {
	case errors.As(err, &lookup):
		nobody := lookup.IsNotFound && !cloud.MatchString(name) || !strings.Contains(name, ".")
		return !nobody, nobody
	case errors.As(err, &certificate), errors.As(err, &record), errors.As(err, &alert), errors.As(err, &guarded),
		errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, http.ErrSchemeMismatch):
		return false, true
	}
	return true, false
}

func (p *Portals) seen(host string) (portal, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.sights[host]
	return s.portal, ok && p.now().Before(s.until)
}

func (p *Portals) see(host string, portal bool) {
	memory := otherMemory
	if portal {
		memory = portalMemory
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.sights) >= lookMemory {
		clear(p.sights) // they are cheap to get again
	}
	p.sights[host] = sight{portal, p.now().Add(memory)}
}
