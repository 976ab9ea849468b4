package portalsim

import "time"

// handler is an event handler that an app has bound.
type handler struct {
	id       int
	clientID string
	event    string // upper case
	url      string
	userID   int // whose token goes along; 0 = of the acting user
}

// Event24 is an event on its way to a handler.
type Event24 struct {
	Event   string // upper case
	Handler string // address
	At      time.Time
	form    string
}

// emit tells every handler bound to an event that it happened; userID acted (0 =
// nobody). data are the fields below data[…]. mu is held.
func (p *Portal) emit(event string, data obj, userID int) {
	_, _, _ = event, data, userID
}
