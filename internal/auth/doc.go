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
//	recognise.go whether there is a portal at an address that somebody has typed
//	signin.go    the stand-alone way: Begin sends the browser off, Finish takes the code
//	launch.go    the way through the portal's frame: Launch takes the posted form
//	verify.go    what an access token is worth (app.info at the authorization server)
//	event.go     which events of a portal are believed
//	appevent.go  events of the app itself: installed, updated, uninstalled
//	leaver.go    who has left a company
//	trade.go     the refresh token of somebody's first launch, traded in once
//	token.go     Token and Renew for the REST client
//	keeper.go    new pairs that the database can't take, kept until it can
//	exchange.go  asking for tokens, and what the answers and refusals mean
//	session.go   Session: a visit, as it is stored
//	vault.go     Vault: what this package keeps, and where
//
// # Tokens
//
// A member has one pair. It is sealed to that member before it is stored. The
// access token is used until the portal calls it expired; only then Renew asks for
// a new pair, never by the clock, because applications that refresh on a timer get
// blocked. The refresh token works once. Renewing is therefore coalesced in the
// process and leased between processes, by the database's clock, and the exchange is
// finished even when the request that wanted it has gone. A new pair is stored before
// anybody uses it. When the database can't take it, it is kept in memory, used here, and
// stored as soon as that works; the end of the process waits for it a while. Only a
// process that dies in between loses the pair: that person signs in again.
//
// # Errors
//
// All are meet.Errors with a key for people, unless a fault of ours. Neither their
// text nor the log holds a token, a code, a secret or anything the other side
// wrote: the causes are rebuilt from what is known to be harmless.
package auth
