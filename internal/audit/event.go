package audit

// Event is what happened. These words are the whole vocabulary.
type Event string

// Signing in and out.
const (
	SignedIn      Event = "signed_in"      // a session began in a tab
	SignInRefused Event = "signin_refused" // a portal sent somebody back, but the sign-in failed
	PersonChanged Event = "person_changed" // somebody chose to go on as another person
	Launched      Event = "launched"       // a session began in a portal's frame
	LaunchRefused Event = "launch_refused" // a posted form proved nothing
	SignedOut     Event = "signed_out"     // by the person; the reason tells whether everywhere
	SessionEnded  Event = "session_ended"  // one of a person's sessions, ended by themselves on the list
	Revoked       Event = "revoked"        // sessions and tokens of somebody who was dismissed, or of a whole portal
)

// What happens to a portal.
const (
	Installed        Event = "installed"
	InstallRefused   Event = "install_refused"
	Uninstalled      Event = "uninstalled"
	UninstallRefused Event = "uninstall_refused" // the authorization server still confirms the installation
	EventRefused     Event = "event_refused"     // an event of a portal without the token it must bring
	AccountLent      Event = "account_lent"      // everybody in the portal reads with an administrator's rights
	AccountTakenBack Event = "account_taken_back"
	LinkRevoked      Event = "link_revoked"
)

// Refused requests.
const (
	CrossSite     Event = "cross_site"     // a change that another site asked for
	RateLimited   Event = "rate_limited"   // too much from one address or person
	ObjectRefused Event = "object_refused" // something that is not there, or is somebody else's
)
