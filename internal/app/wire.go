package app

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/url"
	"runtime"
	"time"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/bitrix24"
	"slotfinder/internal/booker"
	"slotfinder/internal/changefeed"
	"slotfinder/internal/config"
	"slotfinder/internal/finder"
	"slotfinder/internal/gate"
	"slotfinder/internal/job"
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	"slotfinder/internal/seal"
	"slotfinder/internal/settings"
	"slotfinder/internal/sharer"
	"slotfinder/internal/store"
	"slotfinder/web"
)

// parts are what runs for as long as the product does.
type parts struct {
	site    *web.Server
	pages   *pages
	feed    *changefeed.Feed
	jobs    *job.Runner
	portals *auth.Portals
	sharer  *sharer.Sharer
	booker  *booker.Booker
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
		Vault: db, Accounts: db, Queue: eventQueue{jobs}, Seal: box, HTTP: outward,
		AuthServers: origins(cfg.AuthServers), Apps: apps(cfg), Private: cfg.PrivateNetworks, Insecure: bool(cfg.AllowInsecure),
		Profiles: bitrix24.New(bitrix24.Config{HTTP: outward, Now: now, Log: log}), Now: now, Log: log, Audit: security,
	})
	client := bitrix24.New(bitrix24.Config{Tokens: portals, HTTP: outward, Now: now, Log: log})
	dismissals := &auth.Dismissals{Accounts: db, People: client, OnDismissed: []func(context.Context, meet.Member) error{db.RevokeLinks}, Log: log, Audit: security}

	admins := &settings.Settings{Decisions: db, Profiles: client, Directory: client, Now: now}
	computing := gate.New(2*runtime.GOMAXPROCS(0), searchesAtOnce)
	events := bitrix24.NewEvents(client)
	search := &finder.Finder{Directory: client, Calendar: client, Events: events, Hours: db, Readers: admins, Gate: computing, Now: now}
	picker := &picker.Picker{Directory: client, Audiences: bitrix24.NewAudiences(client), Groups: db}
	hours := &finder.WorkingHours{Schedules: db, Finder: search}
	sharer := &sharer.Sharer{Links: db, Meter: db, Finder: search, Seal: box, Random: rand.Reader, Now: now, Limits: sharer.UsualLimits}
	booker := &booker.Booker{Meetings: db, Events: events, Finder: search, Seal: box, Random: rand.Reader, Now: now, Log: log}

	forget := func(portal string) { client.Forget(portal); sharer.Forget(portal) }
	feed := changefeed.New(changefeed.Config{ChangeLog: db, Forget: forget, Now: now, Log: log})
	site, err := web.New(web.Config{
		PublicURL: public, Sessions: db, Seal: box, SessionKeys: box.Derive("session", 64), AddressKey: addressKey, Portals: portals,
		Ready: func(ctx context.Context) error { return db.Ready(ctx, now()) }, TrustedProxies: cfg.TrustedProxies, DemoPortal: demoPortal, Now: now, Log: log, Audit: security,
	})
	if err != nil {
		return parts{}, err
	}
	shown := mount(site, useCases{
		finder: search, gate: computing, picker: picker, hours: hours, settings: admins, sharer: sharer, booker: booker, changes: feed,
		photos: bitrix24.NewPhotos(client), installer: bitrix24.NewInstaller(client),
	})
	portals.OnInstalled(shown.portal.Rebind)
	for _, kind := range []string{AppEvents, AppRemovals} {
		jobs.Handle(kind, func(ctx context.Context, j job.Job) error { return portals.ProcessEvent(ctx, j.ID, j.Payload) })
	}
	jobs.Every("dismissals", dismissalsEvery, dismissals.Check)
	jobs.Every("purge", purgeEvery, func(ctx context.Context) error { return db.Purge(ctx, now()) })
	return parts{site, shown, feed, jobs, portals, sharer, booker}, nil
}

// The kinds of jobs that events about the app become: sent by anybody, and sent by those
// who know the token of a portal's events.
const (
	AppEvents   = "app event"
	AppRemovals = "app removal"
)

// searchesAtOnce is how many searches of one member compute at once.
const searchesAtOnce = 4

// dismissalsEvery is how often portals are asked who has left. Somebody who was dismissed
// keeps a session for at most that long, and for as long as the client caches people.
const dismissalsEvery = 10 * time.Minute

// purgeEvery is how often what has expired is removed from the database. Nothing depends
// on it: what has expired is not found anyway.
const purgeEvery = 10 * time.Minute

// eventQueue stores events as jobs.
type eventQueue struct{ jobs *job.Runner }

// Add implements auth.Queue.
func (q eventQueue) Add(ctx context.Context, e auth.AppEvent) error {
	kind := AppEvents
	if e.WithToken {
		kind = AppRemovals
	}
	err := q.jobs.Add(ctx, job.Job{ID: e.ID, Kind: kind, Portal: e.Portal, Source: e.Source, About: e.About, Payload: e.Payload})
	if errors.Is(err, job.ErrFull) {
		return meet.Errorf(meet.Unavailable, "error.too_many", "an event is refused: %w", err)
	}
	return err
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
