package portal

// LandingView is the first page of somebody who is not signed in.
type LandingView struct {
	Portal string            // what was typed
	Next   string            // path to go to after signing in, "" = /find
	Errors map[string]string // portal to text key
	Demo   string            // URL that signs in to the demo, "" = no demo
	Inside string            // URL of the demo's portal, where the app is in a frame; "" = none
}
