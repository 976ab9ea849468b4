// Package gate bounds what computes at the same time, so that nobody's questions keep
// everybody else's from being answered.
//
// A Gate has a number of places in all. At most half of them are one portal's, and so
// many are one member's. Who finds none waits, for a moment and behind not too many:
// then the next place goes to the portal with the fewest places taken, there to the
// member with the fewest, and only then to who came first. So a portal that asks a
// thousand questions waits for itself, not others for it; golang.org/x/sync/semaphore,
// whose line is one for all, could not do that.
//
// A place is held while something computes: not while a portal is waited for, nor while
// a reader takes their time.
package gate
