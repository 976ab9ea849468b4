// Package web is what all pages stand on: the HTTP server and everything that happens to
// every request. It knows no feature and no use case: each feature is a package below it,
// which mounts its routes on a Server and never knows another one. With them it is the
// only place that knows Echo and gorilla/sessions.
//
//	server.go      Config, Server, and the middleware on one screen
//	route.go       how features mount routes, and who may call them: SignedIn, Anyone
//	path.go        addresses that more than one feature knows; where one may be led to
//	middleware.go  the log, limits, the refusal of changes that come from other sites
//	security.go    security headers and the content security policy
//	session.go     sessions: in the database; the browser has a signed id
//	framesession.go  sessions in a portal's frame, with and without cookies; photopass.go:
//	               addresses of photos where there are none
//	request.go     what requests say; body.go: forms, and JSON in their place
//	render.go      languages, layouts, rendering; person.go: people on pages
//	look.go        the language and the appearance that a browser keeps for somebody
//	json.go        shapes of JSON that several features have
//	error.go       the one table from kinds of errors to statuses, and the one place that
//	               shows errors; requestid.go: the number by which the log has them
//	spool.go       answers are made, compressed and kept until they have been read
//	quota.go       how much members may have open; allowance.go: how often a network may
//	               do something; address.go: which network that is
//	refusal.go     which refusals the security log tells
//	metrics.go     numbers for Prometheus; health.go: /healthz, /readyz, the end
//
// The features:
//
//	portal    signing in, the app in a portal's frame, its installer, events
//	find      the search and its live updates       people    the people search, photos, groups
//	links     links, for their owners               share     what guests of a link see
//	hours     working time                          settings  what administrators decide
//	sessions  where somebody is signed in           meetings  booking, and what becomes of it
//
// Handlers return errors and never write them.
package web
