package settings

import (
	"context"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// Settings keeps what administrators decide. Whether somebody is one is asked of
// Bitrix24 whenever it matters: what was true at sign-in need not be true any more.
type Settings struct {
	Decisions meet.Decisions
	Profiles  meet.Profiles
	Directory meet.Directory
	Now       func() time.Time
}

// Admin returns nil when the portal says, asked now, that the member is one of its
// administrators, and Forbidden when they are not. Other errors are those of Profiles.
func (s *Settings) Admin(ctx context.Context, m meet.Member) error {
	profile, err := s.Profiles.Self(ctx, m, true)
	if err != nil {
		return fmt.Errorf("asking for an administrator: %w", err)
	}
	if !profile.Admin {
		return &meet.Error{Kind: meet.Forbidden, Key: "error.admins_only"}
	}
	return nil
}

// Designate has availability read with the member's rights from now on, for
// everybody in their portal. Invalid: they have not consented. Other errors are those of
// Admin and Decisions.
func (s *Settings) Designate(ctx context.Context, m meet.Member, consent bool) error {
	if err := s.Admin(ctx, m); err != nil {
		return err
	}
	if !consent {
		return meet.InvalidFields(map[string]string{"consent": "settings.consent_needed"})
	}
	return s.save(ctx, m, meet.Settings{Designated: m.User, Since: s.Now().UTC()})
}

// Withdraw has everybody search with their own rights again, from now on. Those may
// who may Designate, and at any time the person whose account it is.
func (s *Settings) Withdraw(ctx context.Context, m meet.Member) error {
	settings, err := s.settings(ctx, m)
	if err != nil {
		return err
	}
	if settings.Designated != m.User {
		if err := s.Admin(ctx, m); err != nil {
			return err
		}
	}
	return s.save(ctx, m, meet.Settings{})
}

// Read returns the settings of the member's portal. Forbidden: they are no
// administrator, and it is not their account. Other errors are those of Profiles,
// Directory and Decisions.
func (s *Settings) Read(ctx context.Context, m meet.Member) (meet.SettingsStatus, error) {
	settings, err := s.settings(ctx, m)
	if err != nil {
		return meet.SettingsStatus{}, err
	}
	standing := meet.SettingsStatus{Settings: settings}
	if settings.Designated == m.User {
		standing.Delegate = s.delegateStatus(ctx, m)
		standing.Admin = standing.Delegate == meet.DelegateWorks
	} else {
		if err := s.Admin(ctx, m); err != nil {
			return meet.SettingsStatus{}, err
		}
		standing.Admin = true
		if settings.Designated != 0 {
			standing.Delegate = s.delegateStatus(ctx, meet.Member{Portal: m.Portal, User: settings.Designated})
		}
	}
	if settings.Designated != 0 {
		// Without a name the page shows their number.
		known, _ := s.Directory.People(ctx, m, []int64{settings.Designated})
		standing.Person = known[settings.Designated]
	}
	return standing, nil
}

func (s *Settings) delegateStatus(ctx context.Context, designated meet.Member) meet.DelegateStatus {
	profile, err := s.Profiles.Self(ctx, designated, true)
	switch kind := meet.KindOf(err); {
	case err == nil && profile.Admin:
		return meet.DelegateWorks
	case err == nil:
		return meet.DelegateNotAdmin
	case kind == meet.Unavailable || kind == meet.Busy || kind == meet.Internal:
		return meet.DelegateUnasked
	}
	return meet.DelegateSignedOut
}

func (s *Settings) settings(ctx context.Context, m meet.Member) (meet.Settings, error) {
	settings, err := s.Decisions.Settings(ctx, m.Portal)
	if err != nil {
		return meet.Settings{}, fmt.Errorf("reading settings: %w", err)
	}
	return settings, nil
}

func (s *Settings) save(ctx context.Context, m meet.Member, settings meet.Settings) error {
	if err := s.Decisions.SaveSettings(ctx, m.Portal, settings); err != nil {
		return fmt.Errorf("saving settings: %w", err)
	}
	return nil
}

// Reader decides as whom a search of the member reads availability. It is the only
// place that gives anybody another's rights, and it gives them to employees only:
// guests would learn what Bitrix24 tells them of nobody.
//
// An error means that the settings can't be read. That the designated account can't
// be used, or that Bitrix24 does not confirm it in time, is none: the searcher's own
// rights remain, and the view says so.
func (s *Settings) Reader(ctx context.Context, m meet.Member, office meet.Office) (meet.Reader, error) {
	if office.Guest {
		return meet.Reader{Member: m, View: meet.ViewOwn}, nil
	}
	settings, err := s.settings(ctx, m)
	if err != nil || settings.Designated == 0 {
		return meet.Reader{Member: m, View: meet.ViewOwn}, err
	}
	designated := meet.Member{Portal: m.Portal, User: settings.Designated}
	if profile, err := s.Profiles.Self(ctx, designated, false); err != nil || !profile.Admin {
		return meet.Reader{Member: m, View: meet.ViewInstead}, nil
	}
	return meet.Reader{Member: designated, View: meet.ViewCompany}, nil
}
