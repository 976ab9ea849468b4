package store

import (
	"context"
	"strconv"
	"time"
)

// maxLease is longer than any lease, or anything else that lasts for minutes. An expiry
// further in the future was written while a clock was wrong, and counts as expired: it must
// not lock a row for as long as the clock was off.
const maxLease = 10 * time.Minute

// UseClock replaces the database's clock, by which leases expire and jobs become due, for
// tests. It must be called before the store is used.
func (s *Store) UseClock(now func() time.Time) { s.clock = now }

// now is SQL for the current time in unix milliseconds, by the database's clock: the clocks
// of the processes that share it may differ by more than a lease lasts. Processes on one
// SQLite file share a machine, and so the clock.
func (s *Store) now() string {
	if s.clock != nil {
		return strconv.FormatInt(millis(s.clock()), 10)
	}
	return s.dialect.now
}

// unexpired is SQL for the condition that a lease has not expired.
func (s *Store) unexpired(until string) string {
	longest := strconv.FormatInt(maxLease.Milliseconds(), 10)
	return `(` + until + ` > ` + s.now() + ` AND ` + until + ` <= ` + s.now() + ` + ` + longest + `)`
}

// LeaseRedemption implements auth.Vault. The portal may not be stored yet.
func (s *Store) LeaseRedemption(ctx context.Context, portal, tokenHash string, life time.Duration) (bool, error) {
	n, err := s.exec(ctx, "lease redemption", `
		INSERT INTO redemptions (portal, token_hash, leased_until) VALUES ($1, $2, `+s.now()+` + $3)
		ON CONFLICT (portal, token_hash) DO UPDATE SET leased_until = excluded.leased_until WHERE NOT `+s.unexpired(`redemptions.leased_until`),
		portal, tokenHash, life.Milliseconds())
	return n == 1, err
}

// EndRedemption implements auth.Vault.
func (s *Store) EndRedemption(ctx context.Context, portal, tokenHash string) error {
	_, err := s.exec(ctx, "end redemption", `DELETE FROM redemptions WHERE portal = $1 AND token_hash = $2`, portal, tokenHash)
	return err
}

// PurgeRedemptions removes expired leases, which processes that died left behind.
func (s *Store) PurgeRedemptions(ctx context.Context) error {
	_, err := s.exec(ctx, "delete old redemptions", `DELETE FROM redemptions WHERE NOT `+s.unexpired(`leased_until`))
	return err
}
