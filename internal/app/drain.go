package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

const (
	// A listener that drains is empty when nobody has come for idleFor. This is waited
	// for no longer than mostIdle: a browser may connect and say nothing.
	idleFor  = 100 * time.Millisecond
	mostIdle = 2 * time.Second
)

// drainingListener can be closed without cutting off the connections that the system
// has accepted and the program has not yet: their clients may have sent a request
// already, and would see it fail.
type drainingListener struct {
	net.Listener
	tcp      *net.TCPListener // nil: of another kind, which is only closed
	draining chan struct{}    // closed when no new connection is accepted any more
	empty    chan struct{}    // closed when no connection waits any more
	closed   chan struct{}
	once     sync.Once

	mu     sync.Mutex
	silent map[net.Conn]bool // accepted, and nothing read yet
}

// listenOn listens with plain TCP, which can be drained; Multipath TCP can't, and brings
// nothing behind a proxy.
func listenOn(address string) (net.Listener, error) {
	var plain net.ListenConfig
	plain.SetMultipathTCP(false)
	return plain.Listen(context.Background(), "tcp", address)
}

func newDrainingListener(listener net.Listener) *drainingListener {
	tcp, _ := listener.(*net.TCPListener)
	return &drainingListener{Listener: listener, tcp: tcp, draining: make(chan struct{}), empty: make(chan struct{}), closed: make(chan struct{}), silent: map[net.Conn]bool{}}
}

// Accept is that of net.Listener. While the listener drains and no connection waits, it
// returns only when the listener is closed.
func (d *drainingListener) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err == nil {
		select {
		case <-d.draining:
			_ = d.tcp.SetDeadline(time.Now().Add(idleFor))
		default:
		}
		return conn, nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		close(d.empty)
		<-d.closed
		err = net.ErrClosed
	}
	return conn, err
}

// watch is told of each connection's state by the server. It must be its ConnState.
func (d *drainingListener) watch(conn net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if state == http.StateNew {
		d.silent[conn] = true
	} else {
		delete(d.silent, conn)
	}
}

func (d *drainingListener) allHeard() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.silent) == 0
}

// drain accepts no new connection, where the system can do that, and waits until those
// that wait have been accepted and read from: http.Server drops what it reads after its
// shutdown has begun.
func (d *drainingListener) drain() {
	if d.tcp == nil {
		return
	}
	refuseNew(d.tcp)
	close(d.draining)
	if d.tcp.SetDeadline(time.Now().Add(idleFor)) != nil {
		return
	}
	limit := time.After(mostIdle)
	select {
	case <-d.empty:
	case <-limit:
	}
	look := time.NewTicker(idleFor / 10)
	defer look.Stop()
	for !d.allHeard() {
		select {
		case <-look.C:
		case <-limit:
			return
		}
	}
	time.Sleep(idleFor) // what has been heard just now is being read
}

// Close is that of net.Listener.
func (d *drainingListener) Close() error {
	err := d.Listener.Close()
	d.once.Do(func() { close(d.closed) })
	return err
}
