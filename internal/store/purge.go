package store

import (
	"context"
	"errors"
	"time"
)

// Clean removes what is of no use any more at now. It is meant to run every few minutes.
// Nothing depends on it: what has expired is not found anyway.
func (s *Store) Clean(ctx context.Context, now time.Time) error {
	return errors.Join(
		s.DeleteExpiredSessions(ctx, now), s.DeleteExpiredStates(ctx, now), s.DeleteExpiredFrameCodes(ctx),
		s.DeleteLostGrants(ctx), s.DeleteOldRedemptions(ctx), s.DeleteOldJobs(ctx),
		s.DeleteOldChanges(ctx, now), s.DeleteOldCounters(ctx, now), s.DeleteOldLinks(ctx, now),
	)
}
