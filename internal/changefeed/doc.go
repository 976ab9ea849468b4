// Package changefeed tells everybody who listens that something in a portal's calendars
// has changed, in all processes that share a database.
//
//	feed.go       Feed: Publish, Run, and how the processes hear of each other
//	listener.go   Listener: waits for changes of one portal
//
// A change has no content, because Bitrix24's events have none: an event names a row
// without its owner or its time. It means "whatever you know of this portal's calendars
// may be wrong", and no more. So a change is only a number that grows, and whoever missed
// ten of them has missed nothing once they have the last.
//
// A change is recorded in a Log, which is the database, and each process polls it once a
// second while somebody listens there. The process that publishes notifies its own
// listeners at once. Before a listener is notified, this process has forgotten what it
// remembered of the portal's calendars.
package changefeed
