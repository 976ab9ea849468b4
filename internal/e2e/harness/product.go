package harness

import (
	"context"
	"encoding/base64"
	"io"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"slotfinder/internal/app"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/store/pgtest"
)

// Product is the running program with the simulated Bitrix24 it lives on: the
// real thing, on free ports, with a database of its own.
type Product struct {
	T       *testing.T
	Sim     *portalsim.Sim
	Company *portalsim.Portal
	App     string // origin of the app
	Env     map[string]string
	Log     *Log
	Stop    func() int    // ends the program and returns its exit code
	Asked   *requestCount // requests to the authorization server
}

// ClientID and ClientSecret are the keys of the app.
const (
	ClientID     = "local.test"
	ClientSecret = "canary-client-secret"
)

// Start runs `serve`. Variables override those of the test.
func Start(t *testing.T, variables ...string) *Product {
	t.Helper()
	return StartWith(t, portalsim.Company(portalsim.On(time.Now().Date())), variables...)
}

// StartWith is Start with another company.
func StartWith(t *testing.T, company *portalsim.Portal, variables ...string) *Product {
	t.Helper()
	p := &Product{T: t, Company: company, Sim: portalsim.New(portalsim.Config{Insecure: true}), Asked: &requestCount{of: map[string]int{}}}
	portal, authServer := httptest.NewServer(company), httptest.NewServer(p.Asked.before(p.Sim.AuthServer()))
	t.Cleanup(portal.Close)
	t.Cleanup(authServer.Close)
	company.Host = portal.Listener.Addr().String()
	p.Sim.SetAuthURL(authServer.URL)
	p.Sim.AddPortal(company)
	p.Serve(Settings(t, authServer.URL, variables...))
	p.Sim.AddApp(portalsim.App{
		ClientID: ClientID, ClientSecret: ClientSecret, Name: "Slotfinder", RedirectURL: p.App + "/bitrix24",
		Scopes: []string{"calendar", "user_brief", "department"},
	})
	company.Install(ClientID)
	return p
}

// Postgres is the database server of a package's tests; their TestMain must stop it.
var Postgres pgtest.Server

// Settings is the environment of a program that lives on a simulated Bitrix24.
// Variables override those of the test.
func Settings(t *testing.T, authServer string, variables ...string) map[string]string {
	env := map[string]string{
		"SLOTFINDER_LISTEN":       "127.0.0.1:0",
		"SLOTFINDER_PUBLIC_URL":   "http://127.0.0.1",
		"SLOTFINDER_DATABASE":     "sqlite:" + filepath.Join(t.TempDir(), "test.db"),
		"SLOTFINDER_SECRET":       base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789ABCDEF")),
		"SLOTFINDER_LOG":          "debug",
		"BITRIX24_CLIENT_ID":      ClientID,
		"BITRIX24_CLIENT_SECRET":  ClientSecret,
		"BITRIX24_AUTH_SERVERS":   authServer,
		"BITRIX24_ALLOW_INSECURE": "true",
		"SLOTFINDER_ADMIN_LISTEN": "",
	}
	for i := 0; i < len(variables); i += 2 {
		env[variables[i]] = variables[i+1]
	}
	return env
}

// Serve starts the program and waits until it says where it listens.
func (p *Product) Serve(env map[string]string) {
	ctx, cancel := context.WithCancel(context.Background())
	log := NewLog()
	p.Env, p.Log = env, log
	code := make(chan int, 1)
	go func() {
		code <- app.Run(ctx, []string{"serve"}, func(name string) string { return env[name] }, nil, io.Discard, log)
		log.Close()
	}()
	stopped := false
	p.Stop = func() int {
		cancel()
		if stopped {
			return 0
		}
		stopped = true
		return <-code
	}
	p.T.Cleanup(func() { p.Stop() })
	address, ok := <-p.Log.Listening
	if !ok {
		p.T.Fatalf("the program ended: %s", p.Log.Text())
	}
	p.App = "http://" + address
}
