package auth

import (
	"context"
	"time"

	"slotfinder/internal/meet"
)

// Portal is an installed portal, keyed by MemberID. The other fields may change.
type Portal struct {
	PortalID   string // 32 letters and digits
	Host       string // host[:port], as the authorization server last reported it
	Endpoint   string // REST root with trailing slash
	AuthServer string // origin of the allow-listed server that vouches for it
	AppToken   string // sealed application_token, "" until an installer or event told it
	ClientID   string // the app registration in use
	Scope      string // granted scopes, comma-separated
}

// Grant is a member's pair of tokens. Both tokens are sealed.
type Grant struct {
	Member       meet.Member
	AccessToken  string
	RefreshToken string
	Expires      time.Time
	Version      int64 // grows with every save; tells a stale reader
}

// Vault stores portals and grants. What is not there is a meet.Error of kind NotFound;
// deleting it is no error.
type Vault interface {
	// Portal returns the portal with a member_id.
	Portal(ctx context.Context, memberID string) (Portal, error)
	// PortalByHost finds the installed portal that last lived at the host.
	PortalByHost(ctx context.Context, host string) (Portal, error)
	// SavePortal inserts or replaces a portal. An empty AppToken leaves the stored
	// one.
	SavePortal(ctx context.Context, p Portal) error
	// MovePortal records where a portal lives now. NotFound: it has gone.
	MovePortal(ctx context.Context, memberID, host, endpoint string) error
	// SaveAppToken replaces the sealed application_token and nothing else.
	// NotFound: the portal has gone.
	SaveAppToken(ctx context.Context, memberID, sealed string) error
	// DeletePortal forgets a portal with all grants, sessions and everything else
	// that carries its key.
	DeletePortal(ctx context.Context, memberID string) error

	// Grant returns the member's pair, unless it is lost.
	Grant(ctx context.Context, m meet.Member) (Grant, error)
	// SaveGrant stores the pair in one statement, raises its version and ends a
	// lease on it: somebody signed in. The portal must be there.
	SaveGrant(ctx context.Context, g Grant) error
	// SaveGrantLate is SaveGrant for a pair that could not be stored when it came. A
	// pair that lives longer has come since, and stays.
	SaveGrantLate(ctx context.Context, g Grant) error
	// RenewGrant stores the pair that the old one was exchanged for, even if LoseGrant was
	// called for the old one since. NotFound: the very pair that was read is no longer
	// there, because the person signed in again, or the person or the portal has gone.
	RenewGrant(ctx context.Context, old, renewed Grant) error
	// LoseGrant marks a pair as lost, if it is the very one that was read: it is not found
	// any more, but for a day RenewGrant can still replace it.
	LoseGrant(ctx context.Context, g Grant) error
	// LeaseGrant gives the caller the sole right to renew the member's grant for some
	// time, in all processes, whatever their clocks say. ok is false while
	// somebody else has it. The lease ends with SaveGrant, RenewGrant, ReleaseGrant or by
	// itself.
	LeaseGrant(ctx context.Context, m meet.Member, life time.Duration) (ok bool, err error)
	// ReleaseGrant ends the lease and leaves the pair as it is.
	ReleaseGrant(ctx context.Context, m meet.Member) error

	// LeaseRedemption gives the caller the sole right to redeem the refresh token with the
	// hash, as LeaseGrant does. The lease ends with EndRedemption or by itself.
	LeaseRedemption(ctx context.Context, portal, tokenHash string, life time.Duration) (ok bool, err error)
	// EndRedemption ends such a lease.
	EndRedemption(ctx context.Context, portal, tokenHash string) error
}
