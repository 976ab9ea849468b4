package portalsim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Start serves the authorization server and all portals added so far, each on a
// loopback port of its own. It sets their addresses (http, so every portal becomes
// Insecure) and sends their events to the handlers. stop ends all of that and
// waits; so does the end of ctx. Portals added later are not served.
func (s *Sim) Start(ctx context.Context) (stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	stop = func() {
		cancel()
		running.Wait()
	}
	host, err := listen(ctx, &running, s.AuthServer())
	if err != nil {
		stop()
		return nil, err
	}
	s.SetAuthURL("http://" + host)
	for _, p := range s.allPortals() {
		host, err := listen(ctx, &running, p)
		if err != nil {
			stop()
			return nil, err
		}
		p.portal.Lock()
		p.Host, p.Insecure = host, true
		p.portal.Unlock()
		running.Go(func() { p.DeliverAll(ctx) })
	}
	return stop, nil
}

// listen serves a handler on a free loopback port until ctx ends.
func listen(ctx context.Context, running *sync.WaitGroup, h http.Handler) (host string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("portalsim: listen: %w", err)
	}
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	running.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			_ = listener.Close()
		}
	})
	running.Go(func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close()
		}
	})
	return listener.Addr().String(), nil
}
