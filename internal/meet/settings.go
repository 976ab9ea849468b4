package meet

import (
	"context"
	"fmt"
	"time"
)

// Settings is what administrators have decided for their whole portal. The zero
// Settings is what holds before.
type Settings struct {
	// Designated is the user with whose rights everybody's searches read
	// availability; 0 = each person's own. It is the administrator who consented:
	// nobody can consent for another.
	Designated int64
	Since      time.Time // UTC, when he consented
}

// Decisions keeps the settings of portals.
type Decisions interface {
	// Settings returns the zero Settings when nothing was decided.
	Settings(ctx context.Context, portal string) (Settings, error)
	// SaveSettings replaces what was decided; the zero Settings undoes it. NotFound:
	// there is no such portal.
	SaveSettings(ctx context.Context, portal string, s Settings) error
}

// Profiles tells who members are. Each is asked for with the member's own token.
// The errors are those of Directory; SignedOut also stands for somebody dismissed.
type Profiles interface {
	// Self returns the member's profile: fresh as the portal tells it now, else as
	// it told it at most ten minutes ago.
	Self(ctx context.Context, m Member, fresh bool) (Profile, error)
}

// Steward keeps what administrators decide. Whether somebody is one is asked of
// Bitrix24 whenever it matters: what was true at sign-in need not be true any more.
type Steward struct {
	Decisions Decisions
	Profiles  Profiles
	Directory Directory
	Now       func() time.Time
}

// Admin returns nil when the portal says, asked now, that the member is one of its
// administrators, and Forbidden when he is not. Other errors are those of Profiles.
func (s *Steward) Admin(ctx context.Context, m Member) error {
	profile, err := s.Profiles.Self(ctx, m, true)
	if err != nil {
		return fmt.Errorf("asking for an administrator: %w", err)
	}
	if !profile.Admin {
		return &Error{Kind: Forbidden, Key: "error.admins_only"}
	}
	return nil
}

// Designate has availability read with the member's rights from now on, for
// everybody in his portal. Invalid: he has not consented. Other errors are those of
// Admin and Decisions.
func (s *Steward) Designate(ctx context.Context, m Member, consent bool) error {
	if err := s.Admin(ctx, m); err != nil {
		return err
	}
	if !consent {
		return invalid(map[string]string{"consent": "settings.consent_needed"})
	}
	return s.save(ctx, m, Settings{Designated: m.User, Since: s.Now().UTC()})
}

// Withdraw has everybody search with their own rights again, from now on. Those may
// who may Designate, and at any time he whose account it is.
func (s *Steward) Withdraw(ctx context.Context, m Member) error {
	settings, err := s.settings(ctx, m)
	if err != nil {
		return err
	}
	if settings.Designated != m.User {
		if err := s.Admin(ctx, m); err != nil {
			return err
		}
	}
	return s.save(ctx, m, Settings{})
}

// Fitness is whether the designated account can be used.
type Fitness string

// The kinds of fitness. All but Fit mean that everybody searches with their own
// rights.
const (
	Fit        Fitness = ""
	NotAdmin   Fitness = "not_admin"  // no longer an administrator
	SignedAway Fitness = "signed_out" // dismissed, or Bitrix24 no longer accepts the sign-in
	Unasked    Fitness = "unasked"    // Bitrix24 could not be asked
)

// Standing is a portal's settings as those see them who may change them.
type Standing struct {
	Settings
	Person  Person  // whose account is designated, as the reader's directory has him
	Fitness Fitness // of the designated account, asked for now
	Admin   bool    // the reader may designate himself
}

// Read returns the settings of the member's portal. Forbidden: he is neither an
// administrator nor is it his account. Other errors are those of Profiles,
// Directory and Decisions.
func (s *Steward) Read(ctx context.Context, m Member) (Standing, error) {
	settings, err := s.settings(ctx, m)
	if err != nil {
		return Standing{}, err
	}
	standing := Standing{Settings: settings}
	if settings.Designated == m.User {
		standing.Fitness = s.fitness(ctx, m)
		standing.Admin = standing.Fitness == Fit
	} else {
		if err := s.Admin(ctx, m); err != nil {
			return Standing{}, err
		}
		standing.Admin = true
		if settings.Designated != 0 {
			standing.Fitness = s.fitness(ctx, Member{Portal: m.Portal, User: settings.Designated})
		}
	}
	if settings.Designated != 0 {
		// Without a name the page shows his number.
		known, _ := s.Directory.People(ctx, m, []int64{settings.Designated})
		standing.Person = known[settings.Designated]
	}
	return standing, nil
}

func (s *Steward) fitness(ctx context.Context, designated Member) Fitness {
	profile, err := s.Profiles.Self(ctx, designated, true)
	switch kind := KindOf(err); {
	case err == nil && profile.Admin:
		return Fit
	case err == nil:
		return NotAdmin
	case kind == Unavailable || kind == Busy || kind == Internal:
		return Unasked
	}
	return SignedAway
}

func (s *Steward) settings(ctx context.Context, m Member) (Settings, error) {
	settings, err := s.Decisions.Settings(ctx, m.Portal)
	if err != nil {
		return Settings{}, fmt.Errorf("reading settings: %w", err)
	}
	return settings, nil
}

func (s *Steward) save(ctx context.Context, m Member, settings Settings) error {
	if err := s.Decisions.SaveSettings(ctx, m.Portal, settings); err != nil {
		return fmt.Errorf("saving settings: %w", err)
	}
	return nil
}
