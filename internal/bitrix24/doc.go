// Package bitrix24 is the REST client: it reads people, working hours and
// availability from a portal and turns them into the values of package meet.
// Every oddity of Bitrix24 stops here: no other package sees a PHP date, a "[]"
// that means an empty object, or a DT_SKIP_TIME. What can't be understood
// becomes unknown, never free.
//
// A map, from the wire upwards:
//
//	guard.go    the HTTP client that can't be talked into the private network
//	call.go     one request with a token: renewal, moved portals, reading again
//	room.go     how long answers may be, and how much memory all of them take
//	error.go    what an error means: by its code, not by its HTTP status
//	portal.go   the state kept per portal: pace, breaker, date order
//	batch.go    many methods in one request
//	value.go    PHP's wobbling JSON types
//	cache.go    bounded caches and shared reads
//	people.go   meet.Directory: users and departments
//	circle.go   meet.Circles: work groups and chats with their members
//	self.go     meet.Profiles: who a member is, and whether an administrator
//	photo.go    meet.Photos: photos, fetched with care
//	face.go     photos made into the small squares that pages show
//	installer.go meet.Installer: event handlers and widgets
//	office.go   meet.Calendar: working hours, holidays and the caller's zone
//	busy.go     meet.Calendar: whose availability to ask for, in which requests
//	window.go   which days to ask for, and which entries that explains
//	reading.go  an availability answer to blocks in absolute time
//	scan.go     the single pass over the bytes of an answer
//	entry.go    one record of an answer
//	date.go     dates in the format of whatever culture the portal has
//	order.go    which of day and month comes first
//	zone.go     clock readings to instants
//
// # How a search is paid for
//
// A portal admits a burst of 50 requests and 2 a second after that, for all apps
// that live on the same address. Availability is asked for in plain calls of up to
// 25 people, a few at a time: a portal works through the commands of a batch one
// after the other in one process of at most 60 seconds, so a batch would save
// requests and cost the ten seconds in which a page must answer. Five people cost
// 3 requests (settings, people, availability), 60 people 3 for availability, 500
// people 20. A repeated search costs none.
package bitrix24
