package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"slotfinder/internal/meet"
)

// Groups returns what a member has saved. A row that can't be read is left out: the others
// are still of use.
func (s *Store) Groups(ctx context.Context, m meet.Member) ([]meet.Group, error) {
	type row struct{ name, people string }
	saved, err := query(ctx, s, "groups", func(found scanner) (r row, err error) {
		return r, found.Scan(&r.name, &r.people)
	}, `SELECT name, people FROM saved_groups WHERE portal = $1 AND user_id = $2`, m.Portal, m.User)
	var groups []meet.Group
	for _, r := range saved {
		if g, ok := readGroup(r.people); ok {
			g.Name = r.name
			groups = append(groups, g)
		}
	}
	return groups, err
}

// SaveGroup inserts or replaces the group of a name, as long as the member has no
// more than most of them.
func (s *Store) SaveGroup(ctx context.Context, m meet.Member, g meet.Group, most int) (saved bool, err error) {
	n, err := s.exec(ctx, "save group", `
		INSERT INTO saved_groups (portal, user_id, name, people)
		SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT)
		WHERE (SELECT count(*) FROM saved_groups WHERE portal = $1 AND user_id = $2 AND name <> $3) < $5
		ON CONFLICT (portal, user_id, name) DO UPDATE SET people = excluded.people`,
		m.Portal, m.User, g.Name, g.Values().Encode(), most)
	return n > 0, err
}

// DeleteGroup forgets the group of a name. Nothing happens when it is not there.
func (s *Store) DeleteGroup(ctx context.Context, m meet.Member, name string) error {
	_, err := s.exec(ctx, "delete group", `DELETE FROM saved_groups WHERE portal = $1 AND user_id = $2 AND name = $3`, m.Portal, m.User, name)
	return err
}

// recentJSON is a group in the table recent_people.
type recentJSON struct {
	People string `json:"people"`
	At     int64  `json:"at"`
}

// Recent returns the people with whom a member searched lately, the newest first.
// What can't be read is left out.
func (s *Store) Recent(ctx context.Context, m meet.Member) ([]meet.Group, error) {
	var data string
	err := s.read.QueryRowContext(ctx, `SELECT data FROM recent_people WHERE portal = $1 AND user_id = $2`, m.Portal, m.User).Scan(&data)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("store: recent people: %w", err)
	}
	var list []recentJSON
	_ = json.Unmarshal([]byte(data), &list)
	var latest []meet.Group
	for _, one := range list {
		if g, ok := readGroup(one.People); ok {
			g.At = instant(one.At)
			latest = append(latest, g)
		}
	}
	return latest, nil
}

// SaveRecent replaces the people with whom a member searched lately.
func (s *Store) SaveRecent(ctx context.Context, m meet.Member, latest []meet.Group) error {
	list := make([]recentJSON, len(latest))
	for i, g := range latest {
		list[i] = recentJSON{People: g.Values().Encode(), At: millis(g.At)}
	}
	data, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("store: save recent people: %w", err)
	}
	_, err = s.exec(ctx, "save recent people", `
		INSERT INTO recent_people (portal, user_id, data) VALUES ($1, $2, $3)
		ON CONFLICT (portal, user_id) DO UPDATE SET data = excluded.data`, m.Portal, m.User, string(data))
	return err
}

func readGroup(people string) (meet.Group, bool) {
	values, err := url.ParseQuery(people)
	if err != nil {
		return meet.Group{}, false
	}
	g, err := meet.ParseGroup(values)
	return g, err == nil && len(g.People()) > 0
}
