package app

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/booker"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/config"
	"slotfinder/internal/rescue"
	"slotfinder/internal/store"
)

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
	defer func() { _ = listener.Close() }() // the server has closed it, unless it never began
	db, err := store.Open(ctx, cfg.Database.DSN())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // what was written is committed
	p, err := wire(cfg, db, demoPortal, log)
	if err != nil {
		return err
	}
	defer p.pages.find.Close()
	var running sync.WaitGroup
	defer running.Wait()
	working, stop := context.WithCancel(context.WithoutCancel(ctx)) // until no requests are taken any more
	defer stop()
	running.Go(rescue.Func(rescue.Log(log, "the change feed"), func() { p.feed.Run(working) })) // its end also ends the event streams
	running.Go(rescue.Func(rescue.Log(log, "jobs"), func() { p.jobs.Run(working) }))
	running.Go(rescue.Func(rescue.Log(log, "bookings"), func() { p.booker.Run(working) }))
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
	running.Go(rescue.Func(rescue.Log(log, "storing tokens"), func() { storeTokens(working, served, p.portals) }))
	running.Go(rescue.Func(rescue.Log(log, "ending bookings"), func() { endBookings(working, served, p.booker) }))
	defer close(served)
	return serveAll(ctx, servers, shutdown{drain: time.Duration(cfg.Drain), announce: p.site.Drain, stop: stop}, log)
}

// endBookings gives requests for events until stopLimit after the end of ctx to be answered.
// What becomes of later ones the next process finds out.
func endBookings(ctx context.Context, served <-chan struct{}, b *booker.Booker) {
	<-ctx.Done()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	<-served
	b.Wait(limit)
}

// storeTokens gives new tokens until stopLimit after the end of ctx to be stored. No
// requests are taken then, but those under way may bring more until served is closed.
func storeTokens(ctx context.Context, served <-chan struct{}, portals *auth.Portals) {
	<-ctx.Done()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	<-served
	portals.Flush(limit)
}
