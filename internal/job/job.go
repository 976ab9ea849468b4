package job

import (
	"context"
	"errors"
	"time"
)

// Job is a piece of work.
type Job struct {
	ID      string // a second job with the same ID is not added
	Kind    string
	Portal  string // member_id of a stored portal; the job is deleted with it; "" = none
	Source  string // who caused it, such as a hash of their network; "" = the program itself
	About   string // the portal that it claims to be from, stored or not; "" = none
	Payload string // sealed by the caller, if it holds a secret
	Tries   int64  // this one included
}

// ErrFull says that too many jobs wait: of a kind, of its source, or about its portal.
var ErrFull = errors.New("job: too many wait")

// ErrNoneDue says that there is no job to do now.
var ErrNoneDue = errors.New("job: none is due")

// LongestPause is the longest that a job waits. One that is due even later was stored while
// a clock was wrong, and is due now.
const LongestPause = 24 * time.Hour

// Queue keeps jobs. It has a clock of its own, common to all processes. Errors are
// faults of the database.
type Queue interface {
	// AddJob stores a job to be done after wait. Nothing happens if there is one with its
	// ID, done or not. It waits longer for each job of its source that waits already.
	// ErrFull: too many wait, and it was not stored.
	AddJob(ctx context.Context, j Job, wait time.Duration) error
	// TakeJob leases the job that has been due for longest. It passes over jobs while
	// another one of the same kind and portal (or source, without a portal) is leased: a
	// slow portal must not occupy all workers. ErrNoneDue: there is none, or another
	// process was faster.
	TakeJob(ctx context.Context, life time.Duration) (Job, error)
	// EndJob marks a job as done and forgets its payload and its source.
	EndJob(ctx context.Context, id string) error
	// DelayJob ends the lease on a job, which is due again after wait. With again it counts
	// as never tried.
	DelayJob(ctx context.Context, id string, wait time.Duration, again bool) error
}
