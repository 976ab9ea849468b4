package store

import (
	"context"
	"errors"
	"time"
)

// Purge removes what is of no use any more at now. It is meant to run every few minutes.
// Nothing depends on it: what has expired is not found anyway.
func (s *Store) Purge(ctx context.Context, now time.Time) error {
	return errors.Join(
		s.PurgeSessions(ctx, now), s.PurgeStates(ctx, now), s.PurgeFrameCodes(ctx),
		s.PurgeGrants(ctx), s.PurgeRedemptions(ctx), s.PurgeJobs(ctx),
		s.PurgeChanges(ctx, now), s.PurgeCounters(ctx, now), s.PurgeLinks(ctx, now), s.PurgeMeetings(ctx, now),
	)
}
