package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"slotfinder/internal/job"
)

const (
	// jobsKept is how long it is remembered that a job was done. Done twice it does no
	// harm, and strangers can make them by the thousand.
	jobsKept = time.Hour

	// How many jobs of a kind may wait that belong to one portal, or to none: anybody
	// can have one added in the name of a portal, ours or not.
	portalJobs = 50
	strayJobs  = 500
)

var _ job.Queue = (*Store)(nil)

// AddJob implements job.Queue.
func (s *Store) AddJob(ctx context.Context, j job.Job, at time.Time) error {
	most, query, of := portalJobs, `SELECT count(*) FROM jobs WHERE portal = $2 AND kind = $1 AND ended = 0`, []any{j.Kind, j.Portal}
	if j.Portal == "" {
		most, query, of = strayJobs, `SELECT count(*) FROM jobs WHERE portal IS NULL AND kind = $1 AND ended = 0`, []any{j.Kind}
	}
	var waiting int
	if err := s.read.QueryRowContext(ctx, query, of...).Scan(&waiting); err != nil {
		return fmt.Errorf("store: add job: %w", err)
	}
	if waiting >= most {
		return nil
	}
	_, err := s.exec(ctx, "add job", `
		INSERT INTO jobs (id, kind, portal, payload, run_at, tries, leased_until, ended) VALUES ($1, $2, NULLIF($3, ''), $4, $5, 0, 0, 0)
		ON CONFLICT (id) DO NOTHING`, j.ID, j.Kind, j.Portal, j.Payload, millis(at))
	return err
}

// TakeJob implements job.Queue.
func (s *Store) TakeJob(ctx context.Context, now, until time.Time) (j job.Job, found bool, err error) {
	err = s.write.QueryRowContext(ctx, `
		UPDATE jobs SET leased_until = $2, tries = tries + 1
		WHERE id = (
			SELECT id FROM jobs WHERE ended = 0 AND run_at <= $1 AND leased_until <= $1 AND (kind, COALESCE(portal, '')) NOT IN (
				SELECT kind, COALESCE(portal, '') FROM jobs WHERE ended = 0 AND leased_until > $1)
			ORDER BY run_at, id LIMIT 1)
			AND ended = 0 AND run_at <= $1 AND leased_until <= $1
		RETURNING id, kind, COALESCE(portal, ''), payload, tries`, millis(now), millis(until)).
		Scan(&j.ID, &j.Kind, &j.Portal, &j.Payload, &j.Tries)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return job.Job{}, false, nil
	case err != nil:
		return job.Job{}, false, fmt.Errorf("store: take job: %w", err)
	}
	return j, true, nil
}

// EndJob implements job.Queue.
func (s *Store) EndJob(ctx context.Context, id string, now time.Time) error {
	_, err := s.exec(ctx, "end job", `UPDATE jobs SET ended = $2, payload = '', leased_until = 0 WHERE id = $1`, id, millis(now))
	return err
}

// DelayJob implements job.Queue.
func (s *Store) DelayJob(ctx context.Context, id string, at time.Time, again bool) error {
	tries := `tries`
	if again {
		tries = `0`
	}
	_, err := s.exec(ctx, "delay job", `UPDATE jobs SET run_at = $2, leased_until = 0, tries = `+tries+` WHERE id = $1`, id, millis(at))
	return err
}

// DeleteOldJobs removes what was done long before now.
func (s *Store) DeleteOldJobs(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete old jobs", `DELETE FROM jobs WHERE ended > 0 AND ended <= $1`, millis(now.Add(-jobsKept)))
	return err
}
