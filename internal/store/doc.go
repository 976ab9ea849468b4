// Package store keeps what must outlive the process, in SQLite or PostgreSQL.
//
// There is one implementation and one SQL text. Columns are TEXT, BIGINT or
// BOOLEAN and times are unix milliseconds, because timestamps come back as text
// from one of the two databases; placeholders are $1, $2, which both understand.
// What differs (opening, migration lock, recognising a broken constraint) is the
// dialect and nothing else.
//
// Every row belongs to a portal, and every statement names it: rows of one
// company are out of reach for another, even when user ids are the same. A portal
// that is deleted takes everything of its own with it, by foreign keys.
//
// SQLite has one writer at a time. The writing pool therefore holds a single
// connection and transactions begin with the write lock, so that a busy database
// means waiting and never a failed upgrade from reading to writing. Readers have
// their own pool. Each commit is on the disk before it is confirmed.
//
//	store.go        Store: Open, Ping, Clean, Close
//	dialect.go      SQLite and PostgreSQL: what they do differently
//	pool.go         how long the database may take, and what its errors mean
//	away.go         by which errors a database is not available
//	ready.go        whether it can be read and written
//	migrate.go      the schema, brought up to date at every start
//	portal.go       portals            (auth.Vault)
//	grant.go        pairs of tokens    (auth.Vault)
//	lease.go        leases, by the database's clock (auth.Vault)
//	hours.go        working time that people have set (meet.Schedules)
//	settings.go     what administrators have decided (meet.Decisions)
//	link.go         links to free times            (meet.Links)
//	counter.go      how often something happened   (meet.Meter)
//	groups.go       people whom somebody keeps (meet.Groups)
//	session.go      web sessions, and the states of sign-ins that are used up
//	frame.go        one-time codes that lead out of the portal's frame
//	job.go          work that is done later (job.Queue)
//	leave.go        who uses the app, and its end (auth.Register)
//	change.go       which portals' calendars changed lately
//	migration/      the schema's history, forward only
//	pgtest/         a PostgreSQL server for tests
package store
