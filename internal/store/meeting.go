package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

const meetingColumns = `portal, user_id, id, COALESCE(form_key, ''), marker, form_sealed, starts, ends, zone, state, event,
	created, sent, ended, look, looks, again, fault`

// AddMeeting keeps a meeting that is about to be booked, and claims its time for people. If
// the host has one of the same key, it returns that one, unless that failed: then it is
// begun anew.
//
// The portal's row is locked meanwhile: two claims that overlap would not see each other.
func (s *Store) AddMeeting(ctx context.Context, m meet.Meeting, people []int64, limits meet.MeetingLimits) (kept meet.Meeting, added bool, err error) {
	err = s.transaction(ctx, "add meeting", func(tx *transaction) error {
		if _, err := tx.ExecContext(ctx, `UPDATE portals SET seq = seq WHERE member_id = $1`, m.Host.Portal); err != nil {
			return err
		}
		kept, added, err = s.addMeeting(ctx, tx, m, people, limits)
		return err
	})
	return kept, added && err == nil, err
}

func (s *Store) addMeeting(ctx context.Context, tx *transaction, m meet.Meeting, people []int64, limits meet.MeetingLimits) (meet.Meeting, bool, error) {
	known, err := scanMeeting(tx.QueryRowContext(ctx, `SELECT `+meetingColumns+` FROM meetings
		WHERE portal = $1 AND user_id = $2 AND form_key = $3`, m.Host.Portal, m.Host.User, m.Key))
	switch {
	case err == nil && known.State != meet.MeetingFailed:
		return known, false, nil
	case err == nil:
		m.ID, m.Marker = known.ID, known.Marker
	case !errors.Is(err, sql.ErrNoRows):
		return meet.Meeting{}, false, err
	}
	if err := meetingAllowed(ctx, tx, m, people, limits); err != nil {
		return meet.Meeting{}, false, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO meetings (portal, user_id, id, form_key, marker, form_sealed, starts, ends, zone, state, event, created, sent, ended, look, looks, again, fault)
		VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, $7, $8, $9, 'intended', 0, $10, 0, 0, $11, 0, $12, '')
		ON CONFLICT (portal, user_id, id) DO UPDATE SET form_sealed = excluded.form_sealed, starts = excluded.starts, ends = excluded.ends,
			zone = excluded.zone, state = excluded.state, look = excluded.look, looks = 0, again = excluded.again, fault = ''`,
		m.Host.Portal, m.Host.User, m.ID, m.Key, m.Marker, m.SealedForm, millis(m.Start), millis(m.End), m.Zone,
		millis(m.Created), millis(m.Look), false)
	if err != nil {
		return meet.Meeting{}, false, err
	}
	m.State = meet.MeetingIntended
	return m, true, claim(ctx, tx, m, people)
}

// meetingAllowed refuses a meeting that is too many, or whose people are claimed.
func meetingAllowed(ctx context.Context, tx *transaction, m meet.Meeting, people []int64, limits meet.MeetingLimits) error {
	var all, open, openPortal int
	err := tx.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM meetings WHERE portal = $1 AND user_id = $2),
		(SELECT count(*) FROM meetings WHERE portal = $1 AND user_id = $2 AND state IN ('intended', 'sent')),
		(SELECT count(*) FROM meetings WHERE portal = $1 AND state IN ('intended', 'sent'))`,
		m.Host.Portal, m.Host.User).Scan(&all, &open, &openPortal)
	if err != nil {
		return err
	}
	if all >= limits.All || open >= limits.Open || openPortal >= limits.OpenPortal {
		return meet.Errorf(meet.Busy, "error.meetings_many", "there are %d meetings, %d and %d of them open", all, open, openPortal)
	}
	if len(people) == 0 {
		return nil
	}
	args := []any{m.Host.Portal, millis(m.Start), millis(m.End)}
	for _, id := range people {
		args = append(args, id)
	}
	var taken int
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM claims WHERE portal = $1 AND ends > $2 AND starts < $3
		AND person IN (`+placeholders(4, len(args))+`)`, args...).Scan(&taken)
	if err == nil && taken > 0 {
		return meet.Errorf(meet.Conflict, "error.slot_taken", "%d people are claimed", taken)
	}
	return err
}

// claim keeps the time of a meeting for people.
func claim(ctx context.Context, tx *transaction, m meet.Meeting, people []int64) error {
	if len(people) == 0 {
		return nil
	}
	args := []any{m.Host.Portal, millis(m.Start), millis(m.End), m.Host.User, m.ID}
	rows := make([]string, len(people))
	for i, id := range people {
		args = append(args, id)
		rows[i] = fmt.Sprintf("($1, $%d, $2, $3, $4, $5)", len(args))
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO claims (portal, person, starts, ends, host, meeting) VALUES `+strings.Join(rows, ", "), args...)
	return err
}

// MeetingOf returns a meeting of the host.
func (s *Store) MeetingOf(ctx context.Context, host meet.Member, id string) (meet.Meeting, error) {
	return s.meeting(ctx, `portal = $1 AND user_id = $2 AND id = $3`, host.Portal, host.User, id)
}

// MeetingByKey returns the meeting of the host that a form has made.
func (s *Store) MeetingByKey(ctx context.Context, host meet.Member, key string) (meet.Meeting, error) {
	return s.meeting(ctx, `portal = $1 AND user_id = $2 AND form_key = $3`, host.Portal, host.User, key)
}

func (s *Store) meeting(ctx context.Context, condition string, args ...any) (meet.Meeting, error) {
	m, err := scanMeeting(s.read.QueryRowContext(ctx, `SELECT `+meetingColumns+` FROM meetings WHERE `+condition, args...))
	return m, notFound("meeting", "error.not_found", err)
}

// MeetingsOf returns meetings of the host that end after an instant, the next one first.
func (s *Store) MeetingsOf(ctx context.Context, host meet.Member, after time.Time, most int) ([]meet.Meeting, error) {
	return query(ctx, s, "meetings", scanMeeting, `SELECT `+meetingColumns+` FROM meetings
		WHERE portal = $1 AND user_id = $2 AND ends > $3 AND state IN ('intended', 'sent', 'confirmed')
		ORDER BY starts, id LIMIT $4`, host.Portal, host.User, millis(after), most)
}

// OpenMeetings returns meetings whose outcome is to be found out now.
func (s *Store) OpenMeetings(ctx context.Context, now time.Time, most int) ([]meet.Meeting, error) {
	return query(ctx, s, "open meetings", scanMeeting, `SELECT `+meetingColumns+` FROM meetings
		WHERE state IN ('intended', 'sent') AND look <= $1 ORDER BY look LIMIT $2`, millis(now), most)
}

// scanMeeting reads the meetingColumns of a row.
func scanMeeting(row scanner) (meet.Meeting, error) {
	var m meet.Meeting
	var start, end, created, sent, ended, look int64
	err := row.Scan(&m.Host.Portal, &m.Host.User, &m.ID, &m.Key, &m.Marker, &m.SealedForm, &start, &end, &m.Zone, &m.State, &m.Event,
		&created, &sent, &ended, &look, &m.Looks, &m.Again, &m.Fault)
	if err != nil {
		return meet.Meeting{}, err
	}
	m.Start, m.End, m.Created, m.Look = instant(start), instant(end), instant(created), instant(look)
	m.Sent, m.Ended = instantOrZero(sent), instantOrZero(ended)
	return m, nil
}

// instantOrZero is instant for a column in which 0 means never.
func instantOrZero(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return instant(ms)
}

// TakeOpen keeps an open meeting for one process that looks after it.
func (s *Store) TakeOpen(ctx context.Context, m meet.Meeting, until time.Time) (bool, error) {
	n, err := s.changeMeeting(ctx, m, `look = $4`, `look = $5 AND state IN ('intended', 'sent')`, millis(until), millis(m.Look))
	return n == 1, err
}

// MarkSent notes that the portal is about to be asked for a meeting that is intended.
func (s *Store) MarkSent(ctx context.Context, m meet.Meeting, at time.Time) (bool, error) {
	n, err := s.changeMeeting(ctx, m, `state = 'sent', sent = $4, ended = 0, looks = 0, again = $5, look = $6`, `state = 'intended'`, millis(at), false, millis(m.Look))
	return n == 1, err
}

// MarkEnded notes that the request for a meeting ended without an outcome.
func (s *Store) MarkEnded(ctx context.Context, m meet.Meeting, at, look time.Time) error {
	_, err := s.changeMeeting(ctx, m, `ended = $4, look = $5`, `state = 'sent'`, millis(at), millis(look))
	return err
}

// LookLater notes when to look next for an open meeting.
func (s *Store) LookLater(ctx context.Context, m meet.Meeting, look time.Time) error {
	_, err := s.changeMeeting(ctx, m, `look = $4, looks = looks + 1`, `state IN ('intended', 'sent')`, millis(look))
	return err
}

// WantAgain notes that the form of an open meeting was sent again.
func (s *Store) WantAgain(ctx context.Context, m meet.Meeting) error {
	_, err := s.changeMeeting(ctx, m, `again = $4`, `state IN ('intended', 'sent')`, true)
	return err
}

// BeginAgain makes a meeting that was sent an intended one.
func (s *Store) BeginAgain(ctx context.Context, m meet.Meeting, look time.Time) (bool, error) {
	n, err := s.changeMeeting(ctx, m, `state = 'intended', again = $4, look = $5`, `state = 'sent'`, false, millis(look))
	return n == 1, err
}

// ConfirmMeeting notes the event of a meeting, and releases the claims.
func (s *Store) ConfirmMeeting(ctx context.Context, m meet.Meeting, event int64) error {
	return s.settleMeeting(ctx, m, `state = 'confirmed', event = $4, fault = ''`, event)
}

// FailMeeting notes why an open meeting was not booked, and releases the claims.
func (s *Store) FailMeeting(ctx context.Context, m meet.Meeting, fault string) error {
	return s.settleMeeting(ctx, m, `state = 'failed', fault = $4`, fault)
}

// settleMeeting notes the outcome of a meeting that is open, or whose event is found late.
func (s *Store) settleMeeting(ctx context.Context, m meet.Meeting, set string, arg any) error {
	return s.transaction(ctx, "settle meeting", func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, `UPDATE meetings SET `+set+` WHERE portal = $1 AND user_id = $2 AND id = $3
			AND state IN ('intended', 'sent', 'failed')`, m.Host.Portal, m.Host.User, m.ID, arg)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM claims WHERE portal = $1 AND host = $2 AND meeting = $3`, m.Host.Portal, m.Host.User, m.ID)
		return err
	})
}

// CancelMeeting notes that a meeting was cancelled.
func (s *Store) CancelMeeting(ctx context.Context, m meet.Meeting) error {
	_, err := s.changeMeeting(ctx, m, `state = 'cancelled'`, `state = 'confirmed'`)
	return err
}

// MoveMeeting notes another time of a meeting.
func (s *Store) MoveMeeting(ctx context.Context, m meet.Meeting, start, end time.Time) error {
	_, err := s.changeMeeting(ctx, m, `starts = $4, ends = $5`, `state = 'confirmed'`, millis(start), millis(end))
	return err
}

// DropMeeting forgets a meeting for which the portal was never asked.
func (s *Store) DropMeeting(ctx context.Context, m meet.Meeting) error {
	_, err := s.exec(ctx, "drop meeting", `DELETE FROM meetings WHERE portal = $1 AND user_id = $2 AND id = $3 AND state = 'intended' AND sent = 0`,
		m.Host.Portal, m.Host.User, m.ID)
	return err
}

// changeMeeting sets columns of a meeting of which the condition holds; the arguments begin
// at $4.
func (s *Store) changeMeeting(ctx context.Context, m meet.Meeting, set, condition string, args ...any) (int64, error) {
	return s.exec(ctx, "change meeting", `UPDATE meetings SET `+set+` WHERE portal = $1 AND user_id = $2 AND id = $3 AND `+condition,
		append([]any{m.Host.Portal, m.Host.User, m.ID}, args...)...)
}

// meetingsKept is how long a meeting is kept after it has ended.
const meetingsKept = 90 * 24 * time.Hour

// PurgeMeetings removes meetings that ended long ago.
func (s *Store) PurgeMeetings(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete old meetings", `DELETE FROM meetings WHERE ends < $1`, millis(now.Add(-meetingsKept)))
	return err
}
