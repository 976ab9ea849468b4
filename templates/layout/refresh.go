package layout

// How the server knows the requests that a page makes on its own.
const (
	// RefreshID is the id of the element that asks for the page anew when calendars have
	// changed; htmx names it in the header HX-Source.
	RefreshID = "refresh"
	// ReadingHeader is the header in which a page that asks again names what it already
	// shows.
	ReadingHeader = "X-Reading"
)
