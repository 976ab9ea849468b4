// Package portalsim is a simulated Bitrix24: an authorization server and any
// number of portals with people, calendars and the REST methods that a calendar
// application needs. It exists for tests, for development and for the
// demonstration; it speaks HTTP on loopback only and knows nothing of the
// application that talks to it. It must not share the types of our own client, or
// both would be wrong together.
//
// Where Bitrix24's source and its documentation disagree, the simulator follows
// the source, odd shapes included: that is what a client has to survive.
//
// This package is what tests and the demonstration use:
//
//   - sim.go: Sim, the authorization server with its portals and apps; start.go
//     serves all of it on loopback ports
//   - portal.go: Portal, one portal: its data, its apps, its faults and what it was
//     asked; calendar.go: what a test does with its calendars
//   - names.go: the names of the packages below that tests need
//
// The rooms behind it, from the ground up:
//
//   - clock: dates, clock readings and time zones as PHP reckons with them
//   - php: how PHP reads forms and numbers, and how it writes JSON
//   - portal: the rows of a portal (people, rooms, events, …) and the lock on them
//   - fault: what a REST error looks like, and faults that a test orders
//   - oauth: the authorization server: apps, codes and tokens
//   - rest: how a REST call is answered: parameters, rights, limits, batch, log
//   - company: the methods of people, groups, chats, tasks and deals
//   - calendar: what Bitrix24 does with calendar rows, and the methods of it
//   - apps: installations, widgets, event handlers, events and launches
//   - truth: when people are really busy, reckoned apart from the calendar
//   - site: the pages of a portal, the sign-in and the frames of apps
//   - seed: ready-made companies
//   - simtest: a small portal for the tests of all of these
//
// TestArrows holds who may import whom.
package portalsim
