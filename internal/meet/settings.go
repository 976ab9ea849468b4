package meet

import (
	"context"
	"time"
)

// Settings is what administrators have decided for their whole portal. The zero
// Settings is what holds before.
type Settings struct {
	// Designated is the user with whose rights everybody's searches read
	// availability; 0 = each person's own. It is the administrator who consented:
	// nobody can consent for another.
	Designated int64
	Since      time.Time // UTC, when they consented
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

// DelegateStatus is whether the designated account can be used.
type DelegateStatus string

// The statuses. All but DelegateWorks mean that everybody searches with their own
// rights.
const (
	DelegateWorks     DelegateStatus = ""
	DelegateNotAdmin  DelegateStatus = "not_admin"  // no longer an administrator
	DelegateSignedOut DelegateStatus = "signed_out" // dismissed, or Bitrix24 no longer accepts the sign-in
	DelegateUnasked   DelegateStatus = "unasked"    // Bitrix24 could not be asked
)

// SettingsStatus is a portal's settings as those see them who may change them.
type SettingsStatus struct {
	Settings
	Person   Person         // whose account is designated, as the reader's directory has him
	Delegate DelegateStatus // of the designated account, asked for now
	Admin    bool           // the reader may designate their own account
}

// Reader is with whose rights availability is read. Everything else about people and
// portal is always read with the searcher's own.
type Reader struct {
	Member
	View View
}
