package store

import (
	"context"

	"slotfinder/internal/auth"
)

const portalColumns = `member_id, host, endpoint, auth_server, app_token, client_id, scope`

// Portal returns the portal with a member_id.
func (s *Store) Portal(ctx context.Context, memberID string) (auth.Portal, error) {
	return s.portal(ctx, `SELECT `+portalColumns+` FROM portals WHERE member_id = $1`, memberID)
}

// PortalByHost returns the portal that was saved last with this host.
func (s *Store) PortalByHost(ctx context.Context, host string) (auth.Portal, error) {
	return s.portal(ctx, `SELECT `+portalColumns+` FROM portals WHERE host = $1 ORDER BY seq DESC, member_id LIMIT 1`, host)
}

func (s *Store) portal(ctx context.Context, query, key string) (auth.Portal, error) {
	var p auth.Portal
	err := s.read.QueryRowContext(ctx, query, key).
		Scan(&p.PortalID, &p.Host, &p.Endpoint, &p.AuthServer, &p.AppToken, &p.ClientID, &p.Scope)
	return p, notFound("portal", "error.portal_unknown", err)
}

// SavePortal inserts or replaces a portal. An empty AppToken leaves the stored
// one, so that a sign-in can't erase what an installer stores at the same moment.
func (s *Store) SavePortal(ctx context.Context, p auth.Portal) error {
	_, err := s.exec(ctx, "save portal", `
		INSERT INTO portals (`+portalColumns+`, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT COALESCE(MAX(seq), 0) + 1 FROM portals))
		ON CONFLICT (member_id) DO UPDATE SET
			host = excluded.host, endpoint = excluded.endpoint, auth_server = excluded.auth_server,
			app_token = CASE WHEN excluded.app_token = '' THEN portals.app_token ELSE excluded.app_token END,
			client_id = excluded.client_id, scope = excluded.scope, seq = excluded.seq`,
		p.PortalID, p.Host, p.Endpoint, p.AuthServer, p.AppToken, p.ClientID, p.Scope)
	return err
}

// MovePortal records where a portal lives now, which makes it the newest one at
// that host.
func (s *Store) MovePortal(ctx context.Context, memberID, host, endpoint string) error {
	n, err := s.exec(ctx, "move portal", `
		UPDATE portals SET host = $2, endpoint = $3, seq = (SELECT MAX(seq) + 1 FROM portals) WHERE member_id = $1`,
		memberID, host, endpoint)
	return mustChange("move portal", "error.portal_unknown", n, err)
}

// SaveAppToken replaces the sealed application_token of a portal and nothing else.
func (s *Store) SaveAppToken(ctx context.Context, memberID, sealed string) error {
	n, err := s.exec(ctx, "save app token", `UPDATE portals SET app_token = $2 WHERE member_id = $1`, memberID, sealed)
	return mustChange("save app token", "error.portal_unknown", n, err)
}

// DeletePortal forgets a portal and every row that carries its key. Nothing
// happens when it is not there.
func (s *Store) DeletePortal(ctx context.Context, memberID string) error {
	_, err := s.exec(ctx, "delete portal", `DELETE FROM portals WHERE member_id = $1`, memberID)
	return err
}
