package job

import (
	"context"
	"time"
)

// Job is a piece of work.
type Job struct {
	ID      string // who adds the same again adds nothing
	Kind    string
	Portal  string // member_id of a portal that is stored, with which the job goes; "" = none
	Payload string // sealed by who adds it, if it holds a secret
	Tries   int64  // this one included
}

// Queue keeps jobs. Errors are faults of the database.
type Queue interface {
	// AddJob keeps a job to be done at a time. Nothing happens when there is one with
	// its ID, done or not, or when too many of its kind wait that belong to the same
	// portal, or to none: outsiders can have jobs added.
	AddJob(ctx context.Context, j Job, at time.Time) error
	// TakeJob leases the job that has been due for longest at now, of those of which
	// none of the same kind and portal is leased: a portal that takes its time must not
	// have all workers. found is false when none is, or when somebody else was faster.
	TakeJob(ctx context.Context, now, until time.Time) (j Job, found bool, err error)
	// EndJob marks a job as done and forgets its payload.
	EndJob(ctx context.Context, id string, now time.Time) error
	// DelayJob ends the lease on a job and lets it wait until at. With again it is as
	// if it had never been tried.
	DelayJob(ctx context.Context, id string, at time.Time, again bool) error
}
