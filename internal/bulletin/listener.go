package bulletin

// Listener waits for changes of one portal.
type Listener struct {
	// Since is the number of the change up to which nothing is news.
	Since int64
	// News brings the number of the portal's last change; who reads slowly gets
	// only the last one.
	News <-chan int64
	// Ended is closed when the board ends: there will be no news.
	Ended <-chan struct{}

	board  *Board
	portal string
	known  int64
	news   chan int64
}

// Listen waits for changes of a portal above the number since. With 0 those count
// that a page which has just been made may not show. A number so old that changes
// after it may be forgotten brings news at once. Stop must be called.
func (b *Board) Listen(portal string, since int64) *Listener {
	b.mu.Lock()
	defer b.mu.Unlock()
	recent := b.past(Recent)
	if since <= 0 {
		since = recent
	}
	news := make(chan int64, 1)
	l := &Listener{Since: since, News: news, Ended: b.ended, board: b, portal: portal, known: since, news: news}
	if b.closed() {
		return l
	}
	if b.listeners[portal] == nil {
		b.listeners[portal] = map[*Listener]bool{}
	}
	b.listeners[portal][l] = true
	l.tell(b.latest[portal])
	if since < b.past(memory) {
		l.tell(recent)
	}
	select {
	case b.wanted <- struct{}{}:
	default: // it is known already
	}
	return l
}

// tell replaces what has not been read yet. The board's mu is held, so nobody else
// fills the place in between.
func (l *Listener) tell(seq int64) {
	if seq <= l.known {
		return
	}
	l.known = seq
	select {
	case <-l.news:
	default:
	}
	l.news <- seq
}

// Stop ends the listening. It may be called more than once.
func (l *Listener) Stop() {
	b := l.board
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.listeners[l.portal]
	delete(all, l)
	if len(all) == 0 {
		delete(b.listeners, l.portal)
	}
}
