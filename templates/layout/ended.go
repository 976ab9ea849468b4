package layout

// SessionEndedView is the page in the frame without a session.
type SessionEndedView struct {
	Key     string // what happened
	Next    string // path to go to once there is a session again
	Tab     string // URL that signs in outside of the frame and leads to Next
	Renew   bool   // a new sign-in may help
	Request string // id of the request for the operator's log, "" = none
}
