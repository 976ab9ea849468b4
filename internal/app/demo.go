package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/config"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/rescue"
)

// demo serves the whole product beside a simulated Bitrix24, on loopback only.
func demo(ctx context.Context, cfg config.Config, stdout io.Writer, log *slog.Logger) error {
	listener, err := listenNear(string(cfg.Listen))
	if err != nil {
		return err
	}
	keys := portalsim.App{ClientID: "local.demo", ClientSecret: rand.Text()}
	app := cmp.Or(string(cfg.PublicURL), "http://"+listener.Addr().String())
	world, err := simulate(keys, app, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "slotfinder-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // the system clears its temporary folders, too
	if err := furnish(&cfg, world, keys, listener.Addr().String(), folder); err != nil {
		return err
	}
	log.Info("starting", "version", version, "tzdata", zone.Describe())
	fmt.Fprintf(stdout, demoText, cfg.PublicURL, world.company.Host)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	simulator := make(chan error, 1)
	rescue.Go(func(err error) { simulator <- err }, func() {
		defer stop()
		simulator <- serveAll(ctx, []server{world.auth, world.portal}, shutdown{}, log)
	})
	rescue.Go(rescue.Log(log, "the portal's events"), func() { world.company.DeliverAll(ctx) })
	rescue.Go(rescue.Log(log, "the app's installer"), func() { furnishPortal(ctx, world.company, keys.ClientID, log) })
	err = serveOn(ctx, listener, cfg, world.company.Host, log)
	stop()
	return errors.Join(err, <-simulator)
}

const demoText = `
Slotfinder demo. Nothing here is real, and nothing leaves this machine.

  inside Bitrix24      http://%[2]s   (simulated; choose any colleague to be)
  stand-alone          %[1]s

Open either address. The first shows Slotfinder where colleagues meet it: in the
menu, the calendar, on people's pages, in groups and chats. Ctrl-C ends it.

`

// furnishPortal installs the app as an administrator does, which brings its widgets
// and events; it waits for the app to listen. Should that fail, the app is there
// without them.
func furnishPortal(ctx context.Context, company *portalsim.Portal, clientID string, log *slog.Logger) {
	err := company.RunInstaller(ctx, clientID, administrator)
	if err == nil || ctx.Err() != nil {
		return
	}
	log.Warn("the app has no widgets in the simulated portal", "error", err)
	company.Install(clientID)
}

// furnish fills in what the demo needs and the environment does not say.
func furnish(cfg *config.Config, w world, keys portalsim.App, address, folder string) error {
	key := make([]byte, 32)
	rand.Read(key)
	settings := []struct {
		field encoding.TextUnmarshaler
		value string
		given bool
	}{
		{&cfg.PublicURL, "http://" + address, cfg.PublicURL != ""},
		{&cfg.Database, "sqlite:" + filepath.Join(folder, "demo.db"), cfg.Database != (config.Database{})},
		{&cfg.Secret, base64.StdEncoding.EncodeToString(key), len(cfg.Secret.All()) > 0},
		{&cfg.AuthServers, "http://" + w.auth.listener.Addr().String(), false},
		{&cfg.ClientSecret, keys.ClientSecret, false},
	}
	cfg.ClientID = keys.ClientID
	for _, s := range settings {
		if s.given {
			continue
		}
		if err := s.field.UnmarshalText([]byte(s.value)); err != nil {
			return err
		}
	}
	return nil
}

// simulatedPortal serves the simulated Bitrix24 alone, for an app that runs elsewhere on
// this machine.
func simulatedPortal(ctx context.Context, cfg config.Config, stdout io.Writer, log *slog.Logger) error {
	keys := portalsim.App{ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret.Reveal()}
	if keys.ClientID == "" || keys.ClientSecret == "" {
		keys = portalsim.App{ClientID: "local.development", ClientSecret: "development"}
	}
	app := string(cfg.PublicURL)
	if app == "" {
		app = "http://" + string(cfg.Listen)
	}
	w, err := simulate(keys, app, "127.0.0.1:8090", "127.0.0.1:8091")
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, portalText, w.company.Host, w.auth.listener.Addr(), app, keys.ClientID, keys.ClientSecret)
	rescue.Go(rescue.Log(log, "the portal's events"), func() { w.company.DeliverAll(ctx) })
	return serveAll(ctx, []server{w.auth, w.portal}, shutdown{drain: time.Duration(cfg.Drain)}, log)
}

const portalText = `
Simulated Bitrix24   http://%s
authorization server http://%[2]s

Start the app against it with

  SLOTFINDER_PUBLIC_URL=%[3]s \
  SLOTFINDER_SECRET=$(head -c 32 /dev/urandom | base64) \
  BITRIX24_CLIENT_ID=%[4]s BITRIX24_CLIENT_SECRET=%[5]s \
  BITRIX24_AUTH_SERVERS=http://%[2]s BITRIX24_ALLOW_INSECURE=true \
  slotfinder serve

Ctrl-C ends it.

`

// administrator of the seeded company.
const administrator = 1

// world is a running simulated Bitrix24.
type world struct {
	auth, portal server
	company      *portalsim.Portal
}

// simulate makes the simulated company with the app installed, and listens.
func simulate(keys portalsim.App, app, portalAddress, authAddress string) (world, error) {
	sim := portalsim.New(portalsim.Config{Now: time.Now, Insecure: true})
	company := portalsim.Company(portalsim.On(time.Now().Date()), zone.Load)
	portal, err := listenNear(portalAddress)
	if err != nil {
		return world{}, err
	}
	auth, err := listenNear(authAddress)
	if err != nil {
		return world{}, err
	}
	company.Host = otherHost(portal.Addr())
	sim.SetAuthURL("http://" + auth.Addr().String())
	sim.AddPortal(company)
	keys.Name, keys.Code = "Slotfinder", "slotfinder.demo"
	keys.RedirectURL, keys.InstallURL = app+"/bitrix24", app+"/bitrix24/install"
	keys.SignInURL = app + "/login?portal=" + company.Host
	keys.Scopes = []string{"calendar", "user_brief", "department", "im", "sonet_group", "placement", "task", "crm"}
	sim.AddApp(keys)
	company.Install(keys.ClientID)
	return world{auth: server{auth, sim.AuthServer()}, portal: server{portal, company}, company: company}, nil
}

// otherHost names a loopback address so that browsers take it for another site
// than the app's: only then do its frames and cookies behave as in Bitrix24.
func otherHost(address net.Addr) string {
	_, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return address.String()
	}
	return net.JoinHostPort("localhost", port)
}

// listenNear listens at the address or, when that is taken, at a free port of
// the same host.
func listenNear(address string) (net.Listener, error) {
	listener, err := listenOn(address)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return listener, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return listenOn(net.JoinHostPort(host, "0"))
}
