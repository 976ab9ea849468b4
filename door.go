package main

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
	// quiet is how long nobody may have come until a door that is locked counts as
	// empty, and mostQuiet how long that is waited for: a browser may connect and say
	// nothing.
	quiet     = 100 * time.Millisecond
	mostQuiet = 2 * time.Second
)

// door is a listener that can be closed without cutting off those who are in front of
// it: connections that the system has accepted and the program has not yet. Their
// clients may have sent a request already, and would see it fail.
type door struct {
	net.Listener
	tcp    *net.TCPListener // nil: of another kind, which is only closed
	locked chan struct{}    // nobody new is let in
	empty  chan struct{}    // closed when nobody waits any more
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex
	silent map[net.Conn]bool // let in, and not heard yet
}

// listenOn listens with plain TCP, in which a door can be locked; Multipath TCP can't do
// that, and brings nothing behind a proxy.
func listenOn(address string) (net.Listener, error) {
	var plain net.ListenConfig
	plain.SetMultipathTCP(false)
	return plain.Listen(context.Background(), "tcp", address)
}

func newDoor(listener net.Listener) *door {
	tcp, _ := listener.(*net.TCPListener)
	return &door{Listener: listener, tcp: tcp, locked: make(chan struct{}), empty: make(chan struct{}), closed: make(chan struct{}), silent: map[net.Conn]bool{}}
}

// Accept is that of net.Listener. Once the door is locked and nobody waits it returns
// when the door is closed.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err == nil {
		select {
		case <-d.locked:
			_ = d.tcp.SetDeadline(time.Now().Add(quiet))
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
func (d *door) watch(conn net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if state == http.StateNew {
		d.silent[conn] = true
	} else {
		delete(d.silent, conn)
	}
}

func (d *door) allHeard() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.silent) == 0
}

// lock lets nobody new in, where the system can do that, and waits until those who wait
// have been let in and heard: http.Server drops what it reads after its end has begun.
func (d *door) lock() {
	if d.tcp == nil {
		return
	}
	refuseNew(d.tcp)
	close(d.locked)
	if d.tcp.SetDeadline(time.Now().Add(quiet)) != nil {
		return
	}
	limit := time.After(mostQuiet)
	select {
	case <-d.empty:
	case <-limit:
	}
	look := time.NewTicker(quiet / 10)
	defer look.Stop()
	for !d.allHeard() {
		select {
		case <-look.C:
		case <-limit:
			return
		}
	}
	time.Sleep(quiet) // what has been heard just now is being read
}

// Close is that of net.Listener.
func (d *door) Close() error {
	err := d.Listener.Close()
	d.once.Do(func() { close(d.closed) })
	return err
}
