package store

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"slotfinder/internal/meet"
)

// Schedules returns what these people of a portal have set and, under
// meet.Everyone, the portal's default. A row that can't be read is an error: its
// owner's working time is not known.
func (s *Store) Schedules(ctx context.Context, portal string, people []int64) (map[int64]meet.Schedule, error) {
	args := []any{portal, meet.Everyone}
	for _, id := range people {
		args = append(args, id)
	}
	type row struct {
		user     int64
		schedule meet.Schedule
	}
	found, err := query(ctx, s, "hours", func(found scanner) (r row, err error) {
		var data string
		if err := found.Scan(&r.user, &data); err != nil {
			return r, err
		}
		r.schedule, err = readSchedule(data)
		return r, err
	}, `SELECT user_id, data FROM hours WHERE portal = $1 AND user_id IN (`+placeholders(2, len(args))+`)`, args...)
	if err != nil {
		return nil, err
	}
	schedules := map[int64]meet.Schedule{}
	for _, r := range found {
		schedules[r.user] = r.schedule
	}
	return schedules, nil
}

// SaveSchedule inserts or replaces what a member has set, or the portal's default
// for the user meet.Everyone.
func (s *Store) SaveSchedule(ctx context.Context, m meet.Member, schedule meet.Schedule) error {
	// The form in which people write hours is what stays readable, whatever
	// becomes of the struct.
	data, err := json.Marshal(schedule.Values())
	if err != nil {
		return fmt.Errorf("store: save hours: %w", err)
	}
	_, err = s.exec(ctx, "save hours", `
		INSERT INTO hours (portal, user_id, data) VALUES ($1, $2, $3)
		ON CONFLICT (portal, user_id) DO UPDATE SET data = excluded.data`, m.Portal, m.User, string(data))
	return err
}

// DeleteSchedule forgets what a member has set. Nothing happens when it is not there.
func (s *Store) DeleteSchedule(ctx context.Context, m meet.Member) error {
	_, err := s.exec(ctx, "delete hours", `DELETE FROM hours WHERE portal = $1 AND user_id = $2`, m.Portal, m.User)
	return err
}

func readSchedule(data string) (meet.Schedule, error) {
	var values url.Values
	if err := json.Unmarshal([]byte(data), &values); err != nil {
		return meet.Schedule{}, err
	}
	schedule, err := meet.ParseSchedule(values)
	if err != nil {
		// The fault is the database's, not that of somebody's input.
		return meet.Schedule{}, meet.Errorf(meet.Internal, "error.internal", "an unreadable row: %w", err)
	}
	return schedule, nil
}
