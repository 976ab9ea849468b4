package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"slotfinder/internal/job"
)

const (
	// jobsKept is how long a finished job is remembered, so that it is not added again. It
	// is short because a job done twice does no harm, and strangers can add thousands.
	jobsKept = time.Hour

	// How many jobs of a kind may wait: in all, from one network, about one portal, and
	// from one network about one portal. Strangers can have jobs added in the name of any
	// portal.
	maxWaiting             = 1000
	maxOfSource            = 200
	maxAboutPortal         = 50
	maxOfSourceAboutPortal = 10

	// maxRunningOfKind is how many jobs of a kind all processes together do at the same
	// time. It leaves workers for the other kinds.
	maxRunningOfKind = 4

	// sourceSpacing is how much longer each further job of the same network waits, so that
	// jobs of other networks come in between.
	sourceSpacing = time.Second
)

// AddJob implements job.Queue. Two processes that add at the same moment may exceed a limit
// by one; that does no harm.
func (s *Store) AddJob(ctx context.Context, j job.Job, wait time.Duration) error {
	waiting, err := s.waiting(ctx, j)
	if err != nil {
		return err
	}
	if j.Source != "" {
		wait += time.Duration(waiting.source) * sourceSpacing
	}
	if waiting.full() {
		// Adding a known job again is no error even then.
		var known int
		if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM jobs WHERE id = $1`, j.ID).Scan(&known); err != nil || known > 0 {
			return s.failed("add job", err)
		}
		return job.ErrFull
	}
	_, err = s.exec(ctx, "add job", `
		INSERT INTO jobs (id, kind, portal, source, about, payload, run_at, tries, leased_until, ended)
		VALUES ($1, $2, NULLIF($3, ''), $4, $5, $6, `+s.now()+` + $7, 0, 0, 0)
		ON CONFLICT (id) DO NOTHING`, j.ID, j.Kind, j.Portal, j.Source, j.About, j.Payload, wait.Milliseconds())
	return err
}

// waitingCounts are the numbers of waiting jobs of a job's kind: all, those with the same
// source, those about the same portal, and those with both.
type waitingCounts struct{ all, source, about, both int }

func (q waitingCounts) full() bool {
	return q.all >= maxWaiting || q.source >= maxOfSource || q.about >= maxAboutPortal || q.both >= maxOfSourceAboutPortal
}

// waiting counts the jobs that wait beside a job. An empty source or portal counts none.
func (s *Store) waiting(ctx context.Context, j job.Job) (q waitingCounts, err error) {
	err = s.read.QueryRowContext(ctx, `
		SELECT count(*),
			COALESCE(SUM(CASE WHEN source = $2 AND $2 <> '' THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN about = $3 AND $3 <> '' THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN about = $3 AND $3 <> '' AND source = $2 AND $2 <> '' THEN 1 ELSE 0 END), 0)
		FROM jobs WHERE kind = $1 AND ended = 0`, j.Kind, j.Source, j.About).Scan(&q.all, &q.source, &q.about, &q.both)
	if err != nil {
		return q, fmt.Errorf("store: add job: %w", err)
	}
	return q, nil
}

// TakeJob implements job.Queue.
func (s *Store) TakeJob(ctx context.Context, life time.Duration) (j job.Job, err error) {
	due := `ended = 0 AND (run_at <= ` + s.now() + ` OR run_at > ` + s.now() + ` + $1) AND NOT ` + s.unexpired(`leased_until`)
	err = s.write.QueryRowContext(ctx, `
		UPDATE jobs SET leased_until = `+s.now()+` + $2, tries = tries + 1
		WHERE id = (
			SELECT id FROM jobs WHERE `+due+` AND (kind, COALESCE(portal, source)) NOT IN (
				SELECT kind, COALESCE(portal, source) FROM jobs WHERE ended = 0 AND `+s.unexpired(`leased_until`)+`)
			AND kind NOT IN (
				SELECT kind FROM jobs WHERE ended = 0 AND `+s.unexpired(`leased_until`)+` GROUP BY kind HAVING count(*) >= `+strconv.Itoa(maxRunningOfKind)+`)
			ORDER BY run_at, id LIMIT 1)
			AND `+due+`
		RETURNING id, kind, COALESCE(portal, ''), source, about, payload, tries`, job.LongestPause.Milliseconds(), life.Milliseconds()).
		Scan(&j.ID, &j.Kind, &j.Portal, &j.Source, &j.About, &j.Payload, &j.Tries)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return job.Job{}, job.ErrNoneDue
	case err != nil:
		return job.Job{}, fmt.Errorf("store: take job: %w", err)
	}
	return j, nil
}

// EndJob implements job.Queue.
func (s *Store) EndJob(ctx context.Context, id string) error {
	_, err := s.exec(ctx, "end job", `UPDATE jobs SET ended = `+s.now()+`, payload = '', source = '', about = '', leased_until = 0 WHERE id = $1`, id)
	return err
}

// DelayJob implements job.Queue.
func (s *Store) DelayJob(ctx context.Context, id string, wait time.Duration, again bool) error {
	tries := `tries`
	if again {
		tries = `0`
	}
	_, err := s.exec(ctx, "delay job", `UPDATE jobs SET run_at = `+s.now()+` + $2, leased_until = 0, tries = `+tries+` WHERE id = $1`,
		id, wait.Milliseconds())
	return err
}

// PurgeJobs removes jobs that were finished long ago.
func (s *Store) PurgeJobs(ctx context.Context) error {
	_, err := s.exec(ctx, "delete old jobs", `DELETE FROM jobs WHERE ended > 0 AND ended <= `+s.now()+` - $1`, jobsKept.Milliseconds())
	return err
}
