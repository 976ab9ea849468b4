// Package gate bounds how much is computed at the same time, so that one member's or one
// portal's searches can't keep everybody else's from being answered.
//
// A Gate has a number of places. A portal gets at most half of them, and a member a few.
// Without a free place a caller waits, for a moment and in a queue of limited length. The
// next free place goes to the portal with the fewest places taken; of these to the portal
// that was admitted longest ago; within it to the member by the same two rules; then to who
// came first. So a portal that sends a thousand searches waits for itself, and others don't
// wait for it. golang.org/x/sync/semaphore, with one queue for all, can't do that.
//
// A Limit is simpler: so much of some work at a time in all, and so much for each portal.
//
// A place is held only while something is computed, not while a portal is asked or a slow
// browser reads.
package gate
