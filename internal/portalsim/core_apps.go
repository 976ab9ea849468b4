package portalsim

// placement is a widget that an app has bound.
type placement struct {
	id       int
	clientID string
	code     string // upper case
	handler  string
	title    string
	about    string
	options  any
	langAll  any
}
