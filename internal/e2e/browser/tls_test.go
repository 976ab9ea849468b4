package browser

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/browsertest"
	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// The app and the portal live at two addresses of loopback: for browsers two
// sites, as the real ones are, with no name to look up.
const (
	appAddress    = "127.0.0.1:0"
	portalAddress = "127.0.0.2:0"
)

// certificate is what both serve with. TestMain makes it before anything reads the
// machine's certificates, so that the program trusts the portal as it would trust
// a real one.
var certificate tls.Certificate

func TestMain(m *testing.M) {
	remove, err := makeCertificate()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	browsertest.Stop()
	harness.Postgres.Stop()
	remove()
	os.Exit(code)
}

// makeCertificate signs a certificate of its own and tells the program under test
// to trust nothing else. The returned function removes what was written.
func makeCertificate() (remove func(), err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Slotfinder's tests"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(127, 0, 0, 2)},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	if certificate.Leaf, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "slotfinder-certificate-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "authority.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		return nil, err
	}
	return func() { _ = os.RemoveAll(folder) }, os.Setenv("SSL_CERT_FILE", file)
}

// fingerprint is how Chromium is told to trust the certificate, and only this one.
func fingerprint() string {
	sum := sha256.Sum256(certificate.Leaf.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// serveTLS serves a handler at an address of its own until the test ends.
func serveTLS(t *testing.T, address string, h http.Handler) *httptest.Server {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{
		Listener: listener,
		Config:   &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second},
		TLS:      &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// startOverTLS runs the program behind a proxy that ends TLS, as in production,
// beside a portal on https. The app is registered but not installed.
func startOverTLS(t *testing.T, company *portalsim.Portal, variables ...string) *harness.Product {
	t.Helper()
	p := &harness.Product{T: t, Company: company, Sim: portalsim.New(portalsim.Config{})}
	authServer := httptest.NewServer(p.Sim.AuthServer())
	t.Cleanup(authServer.Close)
	var behind atomic.Pointer[url.URL]
	proxy := serveTLS(t, appAddress, &httputil.ReverseProxy{
		FlushInterval: -1,                                                      // event streams
		ErrorLog:      slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // of pages that were left
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(behind.Load())
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
	})
	portal := serveTLS(t, portalAddress, company)
	company.Host = portal.Listener.Addr().String()
	p.Sim.SetAuthURL(authServer.URL)
	p.Sim.AddPortal(company)
	public := "https://" + proxy.Listener.Addr().String()
	env := harness.Settings(t, authServer.URL, variables...)
	env["SLOTFINDER_PUBLIC_URL"], env["SLOTFINDER_TRUSTED_PROXIES"] = public, "127.0.0.0/8"
	p.Serve(env)
	address, err := url.Parse(p.App)
	if err != nil {
		t.Fatal(err)
	}
	behind.Store(address)
	p.App = public
	return p
}
