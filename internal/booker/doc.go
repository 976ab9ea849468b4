// Package booker makes meetings out of free times, exactly once: it books, moves, cancels
// and lists them.
//
// A portal has no protection against creating an event twice, and a request whose answer is
// lost may have created one. So each booking is stored before the portal is asked, and the
// event carries a marker by which it is found again:
//
//	intended   stored, and its time claimed for the people; the portal was not asked
//	sent       the portal is asked, once; what happens now is not known until it answers
//	confirmed  the event is there
//	failed     the portal refused, or the event is not there long after it was asked
//	cancelled  the event was there and was removed
//
// Whether a time is free is decided by finder.Check alone, with calendars that are read when
// the time has been claimed. Two bookings of one person's time exclude each other from the
// claim until the outcome is known; from then on the calendars tell.
//
//   - booker.go: Booker, Book, and what happens when the time is taken.
//   - send.go: the one request, which outlives the page that caused it.
//   - recover.go: finding out what became of a request, also after a restart.
//   - meetings.go: the meetings of somebody: listing, reading, cancelling, answering.
//   - move.go: another time for a meeting.
package booker
