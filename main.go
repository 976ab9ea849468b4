// Command slotfinder finds the times at which colleagues on Bitrix24 are all free.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"sync"
	"time"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/bitrix24"
	"slotfinder/internal/changefeed"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/config"
	"slotfinder/internal/gate"
	"slotfinder/internal/job"
	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/internal/seal"
	"slotfinder/internal/store"
	"slotfinder/web"
)

const help = `Slotfinder finds the times at which colleagues on Bitrix24 are all free.

  slotfinder demo         the whole product with a simulated Bitrix24, on this machine
  slotfinder serve        production; reads the environment (see README)
  slotfinder portal       only the simulated Bitrix24, for development
  slotfinder healthcheck  exit 0 if the server at SLOTFINDER_LISTEN is ready
  slotfinder version      version, commit, Go version, time zone data
`

// Set by the linker.
var version, commit = "dev", "unknown"

func main() {
	os.Exit(run(untilSignal(), os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run is the program as a value: it returns the exit code when ctx ends.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprint(stderr, help)
		return 2
	}
	commands := map[string]func(context.Context, config.Config, io.Writer, *slog.Logger) error{
		"serve": serve, "demo": demo, "portal": portal, "healthcheck": healthcheck,
	}
	command, known := commands[args[0]]
	switch {
	case args[0] == "version":
		printVersion(stdout)
		return 0
	case !known:
		fmt.Fprint(stderr, help)
		return 2
	}
	cfg, err := config.Load(getenv, config.Mode(args[0]))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	log := newLog(stderr, cfg.Log)
	if err := command(ctx, cfg, stdout, log); err != nil {
		log.Error("stopped", "error", err)
		return 1
	}
	return 0
}

// serve is production.
func serve(ctx context.Context, cfg config.Config, _ io.Writer, log *slog.Logger) error {
	listener, err := listenOn(string(cfg.Listen))
	if err != nil {
		return err
	}
	log.Info("starting", "version", version, "tzdata", zone.Describe(), "config", cfg)
	limitMemory(os.DirFS("/"), log)
	if cfg.AllowInsecure {
		log.Warn("BITRIX24_ALLOW_INSECURE permits http and private addresses for portals: for closed networks and tests only")
	}
	return serveOn(ctx, listener, cfg, "", log)
}

// serveOn serves the product on a listener until ctx ends.
func serveOn(ctx context.Context, listener net.Listener, cfg config.Config, demoPortal string, log *slog.Logger) error {
	defer listener.Close()
	db, err := store.Open(ctx, cfg.Database.DSN())
	if err != nil {
		return err
	}
	defer db.Close()
	p, err := wire(cfg, db, demoPortal, log)
	if err != nil {
		return err
	}
	defer p.site.Close()
	var running sync.WaitGroup
	defer running.Wait()
	working, stop := context.WithCancel(context.WithoutCancel(ctx)) // until no requests are taken any more
	defer stop()
	running.Go(rescue.Func(rescue.Log(log, "the change feed"), func() { p.feed.Run(working) })) // its end also ends the event streams
	running.Go(rescue.Func(rescue.Log(log, "jobs"), func() { p.jobs.Run(working) }))
	counting, counted := context.WithCancel(context.WithoutCancel(ctx)) // as long as requests are under way
	defer counted()
	running.Go(rescue.Func(rescue.Log(log, "counting looks"), func() {
		p.sharer.Run(counting, func(err error) { log.Warn("looks at links are not counted", "error", err) })
	}))
	servers := []server{{listener, p.site}}
	if cfg.AdminListen != "" {
		admin, err := listenOn(string(cfg.AdminListen))
		if err != nil {
			return err
		}
		servers = append(servers, server{admin, p.site.Admin()})
	}
	log.Info("listening", "address", listener.Addr().String(), "public_url", cfg.PublicURL)
	served := make(chan struct{})
	running.Go(rescue.Func(rescue.Log(log, "storing tokens"), func() { settle(working, served, p.portals) }))
	defer close(served)
	return serveAll(ctx, servers, ending{drain: time.Duration(cfg.Drain), leave: p.site.Drain, stop: stop}, log)
}

// settle gives new tokens until stopLimit after the end of ctx, when no requests are taken
// any more, to be stored; those under way may bring more until served.
func settle(ctx context.Context, served <-chan struct{}, portals *auth.Portals) {
	<-ctx.Done()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	<-served
	portals.Settle(limit)
}

// parts are what runs for as long as the product does.
type parts struct {
	site    *web.Server
	feed    *changefeed.Feed
	jobs    *job.Runner
	portals *auth.Portals
	sharer  *meet.Sharer
}

// wire makes the product out of its parts: who knows whom is here, on one screen.
func wire(cfg config.Config, db *store.Store, demoPortal string, log *slog.Logger) (parts, error) {
	public, err := url.Parse(string(cfg.PublicURL))
	if err != nil {
		return parts{}, err
	}
	box, err := seal.New(cfg.Secret.All())
	if err != nil {
		return parts{}, err
	}
	outward, now := bitrix24.NewHTTPClient(bool(cfg.AllowInsecure), cfg.PrivateNetworks...), time.Now
	addressKey := box.Derive("address", 32)[0]
	security := audit.New(log, addressKey, now)
	jobs := job.New(job.Config{Queue: db, Log: log})

	portals := auth.New(auth.Config{
		Vault: db, Register: db, Inbox: inbox{jobs}, Seal: box, HTTP: outward,
		AuthServers: origins(cfg.AuthServers), Apps: apps(cfg), Private: cfg.PrivateNetworks, Insecure: bool(cfg.AllowInsecure),
		Profiles: bitrix24.New(bitrix24.Config{HTTP: outward, Now: now, Log: log}), Now: now, Log: log, Audit: security,
	})
	client := bitrix24.New(bitrix24.Config{Tokens: portals, HTTP: outward, Now: now, Log: log})
	leavers := &auth.Leavers{Register: db, People: client, Left: []func(context.Context, meet.Member) error{db.RevokeLinks}, Log: log, Audit: security}

	steward := &meet.Steward{Decisions: db, Profiles: client, Directory: client, Now: now}
	computing := gate.New(2*runtime.GOMAXPROCS(0), searchesAtOnce)
	finder := &meet.Finder{Directory: client, Calendar: client, Hours: db, Steward: steward, Gate: computing, Now: now}
	picker := &meet.Picker{Directory: client, Circles: bitrix24.NewCircles(client), Groups: db}
	keeper := &meet.Timekeeper{Schedules: db, Finder: finder}
	sharer := &meet.Sharer{Links: db, Meter: db, Finder: finder, Seal: box, Random: rand.Reader, Now: now, Limits: meet.UsualLimits}

	forget := func(portal string) { client.Forget(portal); sharer.Forget(portal) }
	feed := changefeed.New(changefeed.Config{Changes: db, Forget: forget, Now: now, Log: log})
	site, err := web.New(web.Config{
		PublicURL: public, Sessions: db, Seal: box, SessionKeys: box.Derive("session", 64), AddressKey: addressKey,
		Portals: portals, Installer: bitrix24.NewInstaller(client), Finder: finder, Gate: computing, Picker: picker, Photos: bitrix24.NewPhotos(client),
		Timekeeper: keeper, Steward: steward, Sharer: sharer, Changes: feed,
		Ready: func(ctx context.Context) error { return db.Ready(ctx, now()) }, TrustedProxies: cfg.TrustedProxies, DemoPortal: demoPortal, Now: now, Log: log, Audit: security,
	})
	if err != nil {
		return parts{}, err
	}
	portals.OnInstalled(site.Rebind)
	for _, kind := range []string{appEvents, appRemovals} {
		jobs.Handle(kind, func(ctx context.Context, j job.Job) error { return portals.Work(ctx, j.ID, j.Payload) })
	}
	jobs.Every("leavers", leaversEvery, leavers.Check)
	jobs.Every("clean", cleanEvery, func(ctx context.Context) error { return db.Clean(ctx, now()) })
	return parts{site, feed, jobs, portals, sharer}, nil
}

// Jobs that events about the app have left behind: of anybody, and of those who know
// the token of a portal's events.
const (
	appEvents   = "app event"
	appRemovals = "app removal"
)

// searchesAtOnce is how many searches of one member compute at once.
const searchesAtOnce = 4

// leaversEvery is how often portals are asked who has left: the longest that somebody
// who was dismissed keeps a session, give or take what the client remembers.
const leaversEvery = 10 * time.Minute

// cleanEvery is how often what has expired is removed from the database. Nothing depends
// on it: what has expired is not found anyway.
const cleanEvery = 10 * time.Minute

// inbox keeps events as jobs.
type inbox struct{ jobs *job.Runner }

// Keep implements auth.Inbox.
func (i inbox) Keep(ctx context.Context, l auth.Letter) error {
	kind := appEvents
	if l.Inside {
		kind = appRemovals
	}
	err := i.jobs.Add(ctx, job.Job{ID: l.ID, Kind: kind, Portal: l.Portal, Source: l.Source, About: l.About, Payload: l.Payload})
	if errors.Is(err, job.ErrFull) {
		return meet.Errorf(meet.Unavailable, "error.too_many", "an event is refused: %w", err)
	}
	return err
}

// healthcheck asks a running server whether it is ready.
func healthcheck(ctx context.Context, cfg config.Config, _ io.Writer, _ *slog.Logger) error {
	host, port, err := net.SplitHostPort(string(cfg.Listen))
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s", response.Status)
	}
	return nil
}

func printVersion(w io.Writer) {
	fmt.Fprintf(w, "slotfinder %s, commit %s, %s, tzdata %s\n", version, commit, runtime.Version(), zone.Describe())
}

// newLog writes JSON, or lines for people when they are looking.
func newLog(w io.Writer, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: shortened}
	if file, ok := w.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(w, options))
		}
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// mostField bounds what one field of the log holds: a panic with its stack, and less than
// what somebody may have sent.
const mostField = 10 << 10

// shortened cuts a field that is too long.
func shortened(_ []string, field slog.Attr) slog.Attr {
	if kind := field.Value.Kind(); kind != slog.KindString && kind != slog.KindAny {
		return field
	}
	if err, ok := field.Value.Any().(error); ok {
		field.Value = slog.StringValue(err.Error())
	}
	if text := field.Value.String(); field.Value.Kind() == slog.KindString && len(text) > mostField {
		field.Value = slog.StringValue(text[:mostField] + "…")
	}
	return field
}

func origins(list config.OriginList) []string {
	out := make([]string, len(list))
	for i, origin := range list {
		out[i] = string(origin)
	}
	return out
}

// apps are all registrations of the app, the one for every portal first.
func apps(cfg config.Config) []auth.App {
	all := []auth.App{{ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret.Reveal()}}
	for _, local := range cfg.LocalApps.All() {
		all = append(all, auth.App{Portal: local.Portal, ClientID: local.ClientID, ClientSecret: local.ClientSecret.Reveal()})
	}
	return all
}
