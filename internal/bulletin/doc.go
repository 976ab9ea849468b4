// Package bulletin spreads the word that something in a portal's calendars has
// changed: to everybody who listens, in all processes that share a database.
//
//	board.go      Board: Publish, Run, and how the processes hear of each other
//	listener.go   Listener: one who waits for changes of one portal
//
// Nothing is said about what has changed, because Bitrix24 does not say it either:
// an event names a row without owner or time (calendar fact sheet, section 8). It
// means "whatever you know of this portal's calendars may be wrong", and no more.
// News are therefore a number that grows, and who missed ten of them has missed
// nothing as soon as he has the last.
//
// A change is written into a ledger, the database, and each process looks there
// once a second while somebody listens to it. A process that publishes tells its
// own listeners at once. Whoever is told can rely on it that what this process
// remembered of the calendars has been forgotten before.
package bulletin
