// Package portalsim is a simulated Bitrix24: an authorization server and any
// number of portals with people, calendars and the REST methods that a calendar
// application needs. It exists for tests, for development and for the
// demonstration; it speaks HTTP on loopback only and knows nothing of the
// application that talks to it.
//
// Where Bitrix24's source and its documentation disagree, the simulator follows
// the source, odd shapes included: that is what a client has to survive.
//
// The map of the package:
//
//   - model.go: what a portal is made of (people, rooms, events, absences)
//   - sim.go: Sim, the authorization server with its portals and apps; start.go
//     serves all of it on loopback ports
//   - state.go: what changes while a portal is served, and who may touch it
//   - auth.go, tokens.go: the authorization server; authorize.go: the portal's
//     half of OAuth
//   - portal.go: the portal's addresses, sessions and photographs; pages.go what all
//     of its pages share, page_*.go one kind of page each, page_frame.go the apps on
//     them, and pages/ the templates with their style and the script that answers apps
//   - installation.go: how an app gets onto a portal, is updated and leaves it
//   - rest.go: how a REST call is answered; params.go and params_read.go read its
//     parameters as PHP does, json.go writes the answer as PHP does, errors.go
//     holds the failures, batch.go many calls in one
//   - limits.go, faults.go: rate and operating limits, and the failures a test
//     can order; log.go: what was called
//   - core_*.go: the methods of people, departments, groups, chats, tasks, deals and
//     applications; calendar_*.go: those of the calendar, with recur.go, stamp.go
//     and culture.go for its series, stored numbers and written dates
//   - events.go: the event handlers and what is sent to them
//   - seed*.go: ready-made companies
package portalsim
