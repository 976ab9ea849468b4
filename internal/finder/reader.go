package finder

import (
	"context"

	"slotfinder/internal/meet"
)

// Readers decides with whose rights a search reads availability.
type Readers interface {
	// Reader returns the member, or somebody whose calendars the member may see by the
	// portal's settings. An error means that the settings can't be read.
	Reader(ctx context.Context, m meet.Member, office meet.Office) (meet.Reader, error)
}

func (f *Finder) readerFor(ctx context.Context, m meet.Member, office meet.Office) (meet.Reader, error) {
	if f.Readers == nil {
		return meet.Reader{Member: m, View: meet.ViewOwn}, nil
	}
	return f.Readers.Reader(ctx, m, office)
}

// readCalendars reads calendars for a search of the member: with the rights that the portal's
// settings give them, or if those fail with their own. People whom they can't find in
// the directory themselves are not among the attendees that are read.
func (f *Finder) readCalendars(ctx context.Context, m meet.Member, office meet.Office, read calendarRead) (map[int64]meet.Availability, meet.Reader, error) {
	reader, err := f.readerFor(ctx, m, office)
	if err != nil {
		return nil, reader, err
	}
	busy, err := f.busy(ctx, reader.Member, read)
	if err != nil && reader.Member != m {
		reader = meet.Reader{Member: m, View: meet.ViewInstead}
		busy, err = f.busy(ctx, m, read)
	}
	return busy, reader, err
}
