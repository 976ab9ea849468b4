package meet

import (
	"context"

	"slotfinder/internal/civil"
)

// View says with whose rights the calendars of an answer were read. It is public:
// JSON carries it.
type View string

// The views. Calendars that are hidden from the searcher look free in all but
// ViewCompany.
const (
	ViewOwn     View = "own"         // with the searcher's rights
	ViewCompany View = "company"     // with those of the account that its administrator designated
	ViewInstead View = "own_instead" // with the searcher's, since the designated account can't be used
)

// eyes are those with whose rights availability is read. Everything else about
// people and portal is always read with the searcher's own.
type eyes struct {
	reader Member
	view   View
}

// see reads calendars for a search of the member: through the eyes that the portal's
// settings give him, or if those fail through his own. People whom he can't find in
// the directory himself are not among the attendees that are read.
func (f *Finder) see(ctx context.Context, m Member, office Office, attendees []Attendee, during civil.Span) (map[int64]Availability, eyes, error) {
	e, err := f.Steward.eyes(ctx, m, office)
	if err != nil {
		return nil, e, err
	}
	busy, err := f.busy(ctx, e.reader, attendees, during)
	if err != nil && e.reader != m {
		e = eyes{m, ViewInstead}
		busy, err = f.busy(ctx, m, attendees, during)
	}
	return busy, e, err
}

// eyes decides as whom a search of the member reads availability. It is the only
// place that gives anybody another's rights, and it gives them to employees only:
// guests would learn what Bitrix24 tells them of nobody.
//
// An error means that the settings can't be read. That the designated account can't
// be used, or that Bitrix24 does not confirm it in time, is none: the searcher's own
// rights remain, and the view says so.
func (s *Steward) eyes(ctx context.Context, m Member, office Office) (eyes, error) {
	if s == nil || office.Guest {
		return eyes{m, ViewOwn}, nil
	}
	settings, err := s.settings(ctx, m)
	if err != nil || settings.Designated == 0 {
		return eyes{m, ViewOwn}, err
	}
	designated := Member{Portal: m.Portal, User: settings.Designated}
	if profile, err := s.Profiles.Self(ctx, designated, false); err != nil || !profile.Admin {
		return eyes{m, ViewInstead}, nil
	}
	return eyes{designated, ViewCompany}, nil
}
