package changefeed

// Listener waits for changes of one portal.
type Listener struct {
	// Since is the number of the change up to which the listener knows everything.
	Since int64
	// Changes brings the number of the portal's last change. A slow reader gets only the
	// last one.
	Changes <-chan int64
	// Ended is closed when the feed ends: no more changes will come.
	Ended <-chan struct{}

	feed    *Feed
	portal  string
	known   int64
	changes chan int64
}

// Listen waits for changes of a portal above the number since. 0 stands for a page that
// has just been made: it gets the changes that it may not show yet. If since is so old
// that later changes may have been forgotten, the listener is notified at once. Stop must
// be called.
func (f *Feed) Listen(portal string, since int64) *Listener {
	f.mu.Lock()
	defer f.mu.Unlock()
	recent := f.numberBefore(Recent)
	if since <= 0 {
		since = recent
	}
	changes := make(chan int64, 1)
	l := &Listener{Since: since, Changes: changes, Ended: f.ended, feed: f, portal: portal, known: since, changes: changes}
	if f.closed() {
		return l
	}
	if f.listeners[portal] == nil {
		f.listeners[portal] = map[*Listener]bool{}
	}
	f.listeners[portal][l] = true
	l.notify(f.latest[portal])
	if since < f.numberBefore(lookback) {
		l.notify(recent)
	}
	select {
	case f.listened <- struct{}{}:
	default: // Run has not taken the last signal yet
	}
	return l
}

// notify replaces the number that has not been read yet. The feed's mu is held, so nobody
// else fills the channel in between.
func (l *Listener) notify(seq int64) {
	if seq <= l.known {
		return
	}
	l.known = seq
	select {
	case <-l.changes:
	default:
	}
	l.changes <- seq
}

// Stop ends the listening. It may be called more than once.
func (l *Listener) Stop() {
	f := l.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.listeners[l.portal]
	delete(all, l)
	if len(all) == 0 {
		delete(f.listeners, l.portal)
	}
}
