// Package auth knows portals, signs people in and keeps their tokens. It is the
// only package that talks to Bitrix24's authorization servers.
//
// Who somebody is comes from one source: an authorization server of the
// allow-list, asked with our own client_id. Whatever a browser brings (the portal
// in the address, member_id, DOMAIN, PROTOCOL, SERVER_ENDPOINT) is at most a hint
// and never decides, because everybody can send it. What a portal says about
// itself is believed only for its own people.
//
//	portals.go   Portals: New, which app and which authorization server
//	address.go   addresses that people type and servers report
//	probe.go     Probe: is there a portal at the address that somebody typed?
//	signin.go    sign-in in a browser tab: Begin sends the browser off, Finish takes the code
//	launch.go    sign-in in the portal's frame: Launch takes the posted form
//	redeem.go    the refresh token of somebody's first launch, redeemed once
//	verify.go    whose an access token is (app.info at the authorization server)
//	event.go     CheckEvent: the application_token that a portal's events carry
//	appevent.go  events about the app itself: installed, updated, uninstalled
//	dismissal.go Dismissals: who has left a company
//	token.go     Token and Renew for the REST client
//	unsaved.go   new pairs that the database can't take, until it can
//	exchange.go  asking for tokens, and what the answers and refusals mean
//	session.go   Session, as it is stored
//	vault.go     Vault: what this package stores, and where
//
// # Tokens
//
// A member has one pair. It is sealed to that member before it is stored. The
// access token is used until the portal calls it expired; only then Renew asks for
// a new pair, never by the clock, because applications that refresh on a timer get
// blocked. The refresh token works once. So a process renews it once for all who ask,
// processes lease it from each other by the database's clock, and the exchange is finished
// even when the request that wanted it has gone. A new pair is stored before
// anybody uses it. If the database can't take it, it is kept in memory, used here, and stored as
// soon as that works; the end of the process waits for it a while. Only a process that is
// killed in between loses the pair: that person signs in again.
//
// # Errors
//
// All are meet.Errors with a key for people, unless a fault of ours. Neither their
// text nor the log holds a token, a code, a secret or anything the other side
// wrote: the causes are rebuilt from what is known to be harmless.
package auth
