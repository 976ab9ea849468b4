// Package bitrix24 is the REST client: it reads people, working hours and availability from a
// portal, turns them into the values of package meet, and writes events. The oddities of Bitrix24
// stop here: no other package sees a PHP date, a "[]" that means an empty object, or a
// DT_SKIP_TIME. What can't be understood becomes unknown, never free.
//
// FACTS.md says how Bitrix24 really behaves, fact by fact, with the tests that hold each.
//
// The files, from the wire upwards:
//
//	guard.go     the HTTP client, which reaches nothing private
//	call.go      one request with a token: renewal, moved portals
//	retry.go     when a request is made again
//	memory.go    how long answers may be, and how much memory all of them take
//	error.go     what an error means: by its code, not by its HTTP status
//	portal.go    the state per portal: request rate, circuit breaker, date order
//	batch.go     many methods in one request
//	value.go     values whose JSON type PHP decides
//	cache.go     bounded caches and shared reads
//	people.go    meet.Directory: users and departments
//	audience.go  meet.Audiences: work groups and chats with their members
//	deal.go      the people of tasks and deals
//	outsider.go  people in groups and chats who are no employees
//	self.go      meet.Profiles: who a member is, and whether they are an administrator
//	photofetch.go   meet.Photos: photos, fetched with care
//	photodecode.go  photos scaled down to the small squares that pages show
//	sharedwork.go  work that several callers wait for
//	event.go     meet.Events: creating, moving and deleting events
//	eventread.go meet.Events: reading them, and what a record means
//	installer.go meet.Installer: event handlers and widgets
//	office.go    meet.Calendar: working hours, holidays and the caller's zone
//	busy.go      meet.Calendar: whose availability to ask for, in which requests
//	window.go    which days to ask for, and which entries can be in the answer
//	answer.go    an availability answer to blocks in absolute time
//	scan.go      the single pass over the bytes of an answer
//	entry.go     one record of an answer
//	date.go      dates in the format of any culture
//	order.go     whether the day or the month comes first
//	wallclock.go clock readings to instants
//	dispute.go   zones in which the portal's clock differs from ours
//
// # What a search costs
//
// A portal admits a burst of 50 requests and 2 a second after that, for all apps on the same
// address (FACTS.md fact 9). Availability is asked for in plain calls of up to 25 people, a few
// at a time. A portal works through the commands of a batch one after the other, in one process
// of at most 60 seconds: a batch would save requests, and could take longer than the ten seconds
// in which a page must answer. Five people cost 3 requests (settings, people, availability), 60
// people 3 for availability, 500 people 20. A repeated search costs none.
package bitrix24
