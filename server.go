package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
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

// errTerminated is why a context ends at SIGTERM.
var errTerminated = errors.New("terminated")

// untilSignal returns a context that ends at SIGINT or SIGTERM. Of these the second one
// means that nobody is in a hurry: see ending. A SIGINT after that ends the program at
// once.
func untilSignal() context.Context {
	ctx, end := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	rescue.Go(end, func() {
		if <-signals == syscall.SIGTERM {
			end(errTerminated)
			signal.Reset(os.Interrupt)
		} else {
			end(nil)
		}
	})
	return ctx
}

// server is a handler with the listener it answers on.
type server struct {
	listener net.Listener
	handler  http.Handler
}

// ending is what servers do when they are asked to end. At SIGTERM requests are taken
// for some time still, in which whoever distributes them learns that they are to go
// elsewhere.
type ending struct {
	drain time.Duration
	leave func() // says so; nil: nobody is told
	stop  func() // ends what would keep requests under way for ever; nil: nothing
}

// wait lasts as long as requests are still taken.
func (e ending) wait(why error) {
	if errors.Is(why, errTerminated) && e.drain > 0 {
		if e.leave != nil {
			e.leave()
		}
		time.Sleep(e.drain)
	}
}

// serveAll serves until ctx ends or one server fails. Then no new requests are
// taken, and those under way may finish.
func serveAll(ctx context.Context, servers []server, e ending, log *slog.Logger) error {
	failed := make(chan error, len(servers))
	running := make([]*http.Server, len(servers))
	doors := make([]*door, len(servers))
	for i, s := range servers {
		doors[i] = newDoor(s.listener)
		running[i] = &http.Server{
			Handler: s.handler, ReadHeaderTimeout: headTime, ReadTimeout: readTime,
			WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: mostHead,
			ConnState: doors[i].watch, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		}
		rescue.Go(func(err error) { failed <- err }, func() { failed <- running[i].Serve(netutil.LimitListener(doors[i], mostConnections)) })
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		e.wait(context.Cause(ctx))
		for _, d := range doors {
			d.lock()
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
