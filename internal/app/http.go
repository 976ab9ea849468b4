package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"

	"slotfinder/internal/rescue"
)

const (
	// stopLimit is how long requests under way may take to finish.
	stopLimit = 10 * time.Second

	// What a request may be: its head, which must come within headTime, and the time it
	// may take to arrive in all.
	mostHead = 64 << 10
	headTime = 5 * time.Second
	readTime = 15 * time.Second

	// mostConnections may be open at each address, some 20 kB each; further ones wait in
	// the system's queue.
	mostConnections = 8192
)

// server is a handler with the listener it answers on.
type server struct {
	listener net.Listener
	handler  http.Handler
}

// shutdown is what servers do when they are asked to end.
type shutdown struct {
	drain    time.Duration // how long requests are still taken after SIGTERM
	announce func()        // tells whoever distributes requests; nil: nobody is told
	stop     func()        // ends what would keep requests under way for ever; nil: nothing
}

// wait lasts as long as requests are still taken.
func (e shutdown) wait(why error) {
	if errors.Is(why, ErrTerminated) && e.drain > 0 {
		if e.announce != nil {
			e.announce()
		}
		time.Sleep(e.drain)
	}
}

// serveAll serves until ctx ends or one server fails. Then no new requests are
// taken, and those under way may finish.
func serveAll(ctx context.Context, servers []server, e shutdown, log *slog.Logger) error {
	failed := make(chan error, len(servers))
	running := make([]*http.Server, len(servers))
	listeners := make([]*drainingListener, len(servers))
	for i, s := range servers {
		listeners[i] = newDrainingListener(s.listener)
		running[i] = &http.Server{
			Handler: s.handler, ReadHeaderTimeout: headTime, ReadTimeout: readTime,
			WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: mostHead,
			ConnState: listeners[i].watch, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		}
		rescue.Go(func(err error) { failed <- err }, func() { failed <- running[i].Serve(netutil.LimitListener(listeners[i], mostConnections)) })
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		e.wait(context.Cause(ctx))
		for _, l := range listeners {
			l.drain()
		}
	}
	if e.stop != nil {
		e.stop()
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	for _, s := range running {
		err = errors.Join(err, shutDown(limit, s))
	}
	return err
}

// shutDown lets requests under way finish until limit ends, and then cuts them off:
// somebody who never finishes one doesn't make the program's end a failure.
func shutDown(limit context.Context, s *http.Server) error {
	err := s.Shutdown(limit)
	if errors.Is(err, context.DeadlineExceeded) {
		return s.Close()
	}
	return err
}
