// Package store keeps what must outlive the process, in SQLite or PostgreSQL.
//
// There is one implementation and one SQL text. Columns are TEXT, BIGINT or
// BOOLEAN and times are unix milliseconds, because timestamps come back as text
// from one of the two databases; placeholders are $1, $2, which both understand.
// What differs (opening, migration lock, recognizing a broken constraint) is the
// dialect and nothing else.
//
// Every row belongs to a portal, and every statement names it: one company can't reach
// another's rows, even where user ids are equal. Deleting a portal deletes everything of
// its own, by foreign keys. What is not there is a meet.Error of kind NotFound.
//
// SQLite has one writer at a time. The writing pool therefore holds a single
// connection, and transactions begin with the write lock: a busy database means waiting,
// and never a failed upgrade from reading to writing. Readers have their own pool. Each
// commit is on the disk before it is confirmed.
//
//	store.go        Store: Open, Ping, Close
//	purge.go        what has expired is removed
//	dialect.go      SQLite and PostgreSQL: what they do differently
//	pool.go         how long the database may take, and what its errors mean
//	unavailable.go  which errors mean that the database is not available
//	ready.go        whether it can be read and written
//	migrate.go      brings the schema up to date at every start
//	query.go        how statements are run and rows are read
//	portal.go       portals                          (auth.Vault)
//	grant.go        pairs of tokens                  (auth.Vault)
//	lease.go        leases, by the database's clock  (auth.Vault)
//	account.go      who uses the app                 (auth.Accounts)
//	session.go      web sessions, and used states of sign-ins
//	framecode.go    one-time codes that lead out of the portal's frame
//	hours.go        working time that people set     (meet.Schedules)
//	settings.go     what administrators decide       (meet.Decisions)
//	link.go         links to free times              (meet.Links)
//	meeting.go      meetings, and whom they claim    (meet.Meetings)
//	groups.go       saved groups of people           (meet.Groups)
//	counter.go      how often something happened     (meet.Meter)
//	job.go          background work                  (job.Queue)
//	change.go       which calendars changed          (changefeed.Log)
//	migration/      the schema, forward only
//	pgtest/         a PostgreSQL server for tests
package store
