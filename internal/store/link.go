package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

const linkColumns = `portal, user_id, id, COALESCE(form_key, ''), token_hash, token_sealed, title, note, query, days, starts,
	shows, host, reply, mode, uses, language, created, expires, paused, revoked, opens, version`

// AddLink inserts a link. If the owner has one with the same key already, it returns that
// one. meet.Conflict: the owner has as many as limit allows.
func (s *Store) AddLink(ctx context.Context, l meet.Link, limit int) (meet.Link, error) {
	n, err := s.exec(ctx, "add link", `
		INSERT INTO links (portal, user_id, id, form_key, token_hash, token_sealed, title, note, query, days, starts,
			shows, mode, uses, language, created, expires, paused, revoked, host, reply, opens, version)
		SELECT $1, CAST($2 AS BIGINT), $3, NULLIF($4, ''), $5, $6, $7, $8, $9, CAST($10 AS BIGINT), $11,
			$12, $13, CAST($14 AS BIGINT), $15, CAST($16 AS BIGINT), CAST($17 AS BIGINT), CAST($18 AS BOOLEAN), CAST($19 AS BOOLEAN), CAST($20 AS BOOLEAN), $21, 0, 1
		WHERE (SELECT count(*) FROM links WHERE portal = $1 AND user_id = $2) < $22
		ON CONFLICT (portal, user_id, form_key) DO NOTHING`,
		l.Owner.Portal, l.Owner.User, l.ID, l.Key, l.TokenHash, l.SealedToken, l.Title, l.Note,
		l.Query.Values().Encode(), l.Days, writeStarts(l.Starts), string(l.Show), string(l.Mode), l.Uses, l.Language,
		millis(l.Created), millis(l.Expires), l.Paused, l.Revoked, l.Host, l.Reply, limit)
	if err != nil {
		return meet.Link{}, err
	}
	if n == 1 {
		return s.LinkOf(ctx, l.Owner, l.ID)
	}
	known, err := s.link(ctx, `portal = $1 AND user_id = $2 AND form_key = $3`, l.Owner.Portal, l.Owner.User, l.Key)
	if meet.KindOf(err) == meet.NotFound {
		return meet.Link{}, meet.Errorf(meet.Conflict, "error.link_many", "store: add link: there are %d already", limit)
	}
	return known, err
}

// LinksOf returns at most so many links of the owner, the newest first, after skipping some.
func (s *Store) LinksOf(ctx context.Context, owner meet.Member, skip, most int) ([]meet.Link, error) {
	return query(ctx, s, "links", scanLink, `SELECT `+linkColumns+` FROM links WHERE portal = $1 AND user_id = $2
		ORDER BY created DESC, id LIMIT $3 OFFSET $4`, owner.Portal, owner.User, most, skip)
}

// LinkOf returns a link of the owner.
func (s *Store) LinkOf(ctx context.Context, owner meet.Member, id string) (meet.Link, error) {
	return s.link(ctx, `portal = $1 AND user_id = $2 AND id = $3`, owner.Portal, owner.User, id)
}

// LinkByToken returns the link whose token has the hash, whoever owns it: the token is the
// right to see it. All other methods need the owner.
func (s *Store) LinkByToken(ctx context.Context, hash string) (meet.Link, error) {
	l, err := s.link(ctx, `token_hash = $1`, hash)
	if meet.KindOf(err) == meet.NotFound {
		// Reading a link takes time. A wrong hash takes as long, so that it can't be told apart.
		_, _ = readQuery(decoyQuery)
	}
	return l, err
}

const decoyQuery = "dur=60&from=2026-11-24&me=0&step=15&to=2026-11-30&tz=Europe%2FBerlin&who=7%2C12%2C20"

func (s *Store) link(ctx context.Context, condition string, args ...any) (meet.Link, error) {
	l, err := scanLink(s.read.QueryRowContext(ctx, `SELECT `+linkColumns+` FROM links WHERE `+condition, args...))
	return l, notFound("link", "error.not_found", err)
}

// scanLink reads the linkColumns of a row.
func scanLink(row scanner) (meet.Link, error) {
	var l meet.Link
	var query, starts string
	var created, expires int64
	err := row.Scan(&l.Owner.Portal, &l.Owner.User, &l.ID, &l.Key, &l.TokenHash, &l.SealedToken, &l.Title, &l.Note, &query, &l.Days, &starts,
		&l.Show, &l.Host, &l.Reply, &l.Mode, &l.Uses, &l.Language, &created, &expires, &l.Paused, &l.Revoked, &l.Opens, &l.Version)
	if err != nil {
		return meet.Link{}, err
	}
	l.Created, l.Expires = instant(created), instant(expires)
	if l.Query, err = readQuery(query); err != nil {
		return meet.Link{}, err
	}
	l.Starts, err = readStarts(starts)
	return l, err
}

func readQuery(text string) (meet.Query, error) {
	values, err := url.ParseQuery(text)
	if err != nil {
		return meet.Query{}, err
	}
	q, err := meet.ParseQuery(values)
	if err == nil && q.Zone == nil {
		err = errors.New("no zone")
	}
	if err != nil {
		// The fault is the database's, not that of somebody's input.
		return meet.Query{}, meet.Errorf(meet.Internal, "error.internal", "an unreadable row: %w", err)
	}
	return q, nil
}

// writeStarts writes times as unix milliseconds separated by commas.
func writeStarts(starts []time.Time) string {
	texts := make([]string, len(starts))
	for i, at := range starts {
		texts[i] = strconv.FormatInt(millis(at), 10)
	}
	return strings.Join(texts, ",")
}

func readStarts(text string) ([]time.Time, error) {
	if text == "" {
		return nil, nil
	}
	var starts []time.Time
	for item := range strings.SplitSeq(text, ",") {
		ms, err := strconv.ParseInt(item, 10, 64)
		if err != nil {
			return nil, meet.Errorf(meet.Internal, "error.internal", "an unreadable row: %w", err)
		}
		starts = append(starts, instant(ms))
	}
	return starts, nil
}

// EditLink makes a link of the owner what the edit says.
func (s *Store) EditLink(ctx context.Context, owner meet.Member, id string, edit meet.LinkEdit) error {
	return s.changeLink(ctx, owner, id, `title = $4, note = $5, query = $6, days = $7, starts = $8, shows = $9, host = $10, reply = $11, expires = $12`,
		edit.Title, edit.Note, edit.Query.Values().Encode(), edit.Days, writeStarts(edit.Starts), string(edit.Show), edit.Host, edit.Reply, millis(edit.Expires))
}

// PauseLink pauses or resumes a link of the owner.
func (s *Store) PauseLink(ctx context.Context, owner meet.Member, id string, paused bool) error {
	return s.changeLink(ctx, owner, id, `paused = $4`, paused)
}

// RevokeLink closes a link of the owner for ever. Nothing happens if it was revoked
// before.
func (s *Store) RevokeLink(ctx context.Context, owner meet.Member, id string) error {
	err := s.changeLink(ctx, owner, id, `revoked = $4`, true)
	if meet.KindOf(err) == meet.Gone {
		return nil
	}
	return err
}

// RevokeLinks closes all links of an owner for ever, for somebody who has left: their links
// stay closed even if they come back.
func (s *Store) RevokeLinks(ctx context.Context, owner meet.Member) error {
	_, err := s.exec(ctx, "revoke links", `UPDATE links SET revoked = $3, version = version + 1
		WHERE portal = $1 AND user_id = $2 AND NOT revoked`, owner.Portal, owner.User, true)
	return err
}

// changeLink sets columns of a link of the owner that was not revoked; the arguments
// begin at $4.
func (s *Store) changeLink(ctx context.Context, owner meet.Member, id, set string, args ...any) error {
	n, err := s.exec(ctx, "change link", `UPDATE links SET `+set+`, version = version + 1
		WHERE portal = $1 AND user_id = $2 AND id = $3 AND NOT revoked`, append([]any{owner.Portal, owner.User, id}, args...)...)
	if err != nil || n == 1 {
		return err
	}
	if _, err := s.LinkOf(ctx, owner, id); err != nil {
		return err
	}
	return meet.Errorf(meet.Gone, "error.link_revoked", "store: change link: it was revoked")
}

// DeleteLink forgets a link of the owner.
func (s *Store) DeleteLink(ctx context.Context, owner meet.Member, id string) error {
	n, err := s.exec(ctx, "delete link", `DELETE FROM links WHERE portal = $1 AND user_id = $2 AND id = $3`, owner.Portal, owner.User, id)
	return mustChange("delete link", "error.not_found", n, err)
}

// linksKept is how long an expired link is kept. Until then its owner can extend it.
const linksKept = 366 * 24 * time.Hour

// PurgeLinks removes links that expired long ago.
func (s *Store) PurgeLinks(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete old links", `DELETE FROM links WHERE expires < $1`, millis(now.Add(-linksKept)))
	return err
}

// CountOpens adds to the numbers of how often links were opened, in one statement.
func (s *Store) CountOpens(ctx context.Context, opens []meet.Opens) error {
	var rows []string
	var args []any
	for _, o := range opens {
		n := len(args)
		rows = append(rows, fmt.Sprintf("($%d, CAST($%d AS BIGINT), $%d, CAST($%d AS BIGINT))", n+1, n+2, n+3, n+4))
		args = append(args, o.Owner.Portal, o.Owner.User, o.ID, o.N)
	}
	_, err := s.exec(ctx, "count opens", `
		WITH counted (portal, user_id, id, n) AS (VALUES `+strings.Join(rows, ", ")+`)
		UPDATE links SET opens = links.opens + counted.n FROM counted
		WHERE links.portal = counted.portal AND links.user_id = counted.user_id AND links.id = counted.id`, args...)
	return err
}
