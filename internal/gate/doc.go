// Package gate bounds what computes at the same time, so that nobody's questions keep
// everybody else's from being answered.
//
// A Gate has a number of places in all. At most half of them are one portal's, and so
// many are one member's. Who finds none waits, for a moment and behind not too many:
// then the next place goes to the portal with the fewest places taken, of these to the
// one whose turn was longest ago, there to the member of whom the same is true, and only
// then to who came first. So portals that ask a thousand questions wait for themselves,
// not others for them; golang.org/x/sync/semaphore, whose line is one for all, could not
// do that.
//
// A place is held while something computes: not while a portal is waited for, nor while
// a reader takes their time.
package gate
