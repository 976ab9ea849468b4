package store

import (
	"context"
	"time"
)

// SaveFrameCode stores the hash of a one-time code for the session whose id has the hash
// idHash. The code is valid for life, by the database's clock. meet.NotFound: the portal
// has gone.
func (s *Store) SaveFrameCode(ctx context.Context, codeHash, portal, idHash string, life time.Duration) error {
	_, err := s.exec(ctx, "save frame code", `INSERT INTO frame_codes (code_hash, portal, id_hash, expires) VALUES ($1, $2, $3, `+s.now()+` + $4)`,
		codeHash, portal, idHash, life.Milliseconds())
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, "drop old frame codes", `
		DELETE FROM frame_codes WHERE portal = $1 AND id_hash = $2 AND code_hash <> $3 AND code_hash NOT IN (
			SELECT code_hash FROM frame_codes WHERE portal = $1 AND id_hash = $2 AND code_hash <> $3
			ORDER BY expires DESC, code_hash LIMIT $4)`, portal, idHash, codeHash, maxFrameCodes-1)
	return err
}

// maxFrameCodes is how many unused codes a session may have; older ones are dropped.
const maxFrameCodes = 20

// TakeFrameCode uses a code up and returns the hash of the session's id that it was
// made for. meet.NotFound: the code is unknown, used or has expired. Only one of several
// concurrent calls gets it.
func (s *Store) TakeFrameCode(ctx context.Context, codeHash string) (idHash string, err error) {
	err = s.write.QueryRowContext(ctx, `DELETE FROM frame_codes WHERE code_hash = $1 AND `+s.unexpired(`expires`)+` RETURNING id_hash`,
		codeHash).Scan(&idHash)
	return idHash, notFound("take frame code", "error.code_used", err)
}

// PurgeFrameCodes removes the codes that nobody can use any more.
func (s *Store) PurgeFrameCodes(ctx context.Context) error {
	_, err := s.exec(ctx, "delete expired frame codes", `DELETE FROM frame_codes WHERE NOT `+s.unexpired(`expires`))
	return err
}
