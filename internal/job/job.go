package job

import (
	"context"
	"errors"
	"time"
)

// Job is a piece of work.
type Job struct {
	ID      string // who adds the same again adds nothing
	Kind    string
	Portal  string // member_id of a portal that is stored, with which the job goes; "" = none
	Source  string // who had it added, such as a hash of the network; "" = we ourselves
	About   string // the portal that it claims to be from, stored or not; "" = none
	Payload string // sealed by who adds it, if it holds a secret
	Tries   int64  // this one included
}

// ErrFull says that too many jobs wait: of a kind, of its source, or about its portal.
var ErrFull = errors.New("job: too many wait")

// ErrNoneDue says that there is no job to do now.
var ErrNoneDue = errors.New("job: none is due")

// LongestPause is how long a job waits at most. A job that is due even later became so
// while a clock was wrong.
const LongestPause = 24 * time.Hour

// Queue keeps jobs. It has a clock of its own, common to all processes. Errors are
// faults of the database.
type Queue interface {
	// AddJob keeps a job to be done after a while. Nothing happens when there is one
	// with its ID, done or not. With each job of the same source that waits it has to
	// wait longer. ErrFull: it was not kept, because outsiders can have jobs added.
	AddJob(ctx context.Context, j Job, wait time.Duration) error
	// TakeJob leases the job that has been due for longest, of those of which none of
	// the same kind and portal, or source without a portal, is leased: a portal that takes
	// its time must not have all workers. ErrNoneDue: there is none, or somebody else was
	// faster.
	TakeJob(ctx context.Context, life time.Duration) (Job, error)
	// EndJob marks a job as done and forgets its payload, and who had it added.
	EndJob(ctx context.Context, id string) error
	// DelayJob ends the lease on a job and lets it wait. With again it is as if it had
	// never been tried.
	DelayJob(ctx context.Context, id string, wait time.Duration, again bool) error
}
