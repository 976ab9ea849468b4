package meet

import (
	"context"
	"time"

	"slotfinder/internal/civil"
)

// Link shares free times with whoever has its token, signed in or not. It is bound
// to its owner: what it shows is what the owner may see at that moment.
type Link struct {
	ID    string // random; the owner's pages name the link by it
	Owner Member
	Key   string // what the owner's form called the making of it, "" = nothing

	TokenHash   string // see HashToken; by this alone guests reach the link
	SealedToken string // for the owner, who may want to send it again

	Title, Note string
	Query       Query       // resolved
	Days        int         // rolling: so many days from today, always; 0 = the query's own
	Starts      []time.Time // picked by hand: of the free times only these; nil = all
	Show        Show
	Host        bool   // guests see who the owner is
	Reply       string // where guests may write to, "" = nowhere
	Mode        Mode
	Uses        int    // how often a time may be taken, 0 = any number; nothing for ViewTimes
	Language    string // the owner's, BCP 47: for guests who have no wish

	Created, Expires time.Time
	Paused, Revoked  bool
	Opens            int64 // how often somebody looked at it
	Version          int64 // grows with every change by the owner
}

// Show is what a link tells of the people.
type Show string

// What a link may tell of the people.
const (
	ShowNothing Show = "nothing"
	ShowNumber  Show = "number"
	ShowNames   Show = "names"
)

// Mode is what guests may do with the times of a link.
type Mode string

// ViewTimes lets guests look, and nothing else.
const ViewTimes Mode = "view"

// LinkState is how a link stands.
type LinkState string

// How a link stands. A link that was revoked stays so.
const (
	LinkOpen    LinkState = "open"
	LinkPaused  LinkState = "paused"
	LinkExpired LinkState = "expired"
	LinkRevoked LinkState = "revoked"
)

// State is how the link stands at an instant. At Expires it has expired.
func (l Link) State(now time.Time) LinkState {
	switch {
	case l.Revoked:
		return LinkRevoked
	case !now.Before(l.Expires):
		return LinkExpired
	case l.Paused:
		return LinkPaused
	}
	return LinkOpen
}

// Search is the query that the link stands for at an instant.
func (l Link) Search(now time.Time) Query {
	q := l.Query
	if l.Days > 0 {
		q.From = civil.DateOf(now.In(q.Zone))
		q.To = q.From.Add(l.Days - 1)
	}
	return q
}

// People is how many people the link asks for.
func (l Link) People() int { return len(l.Query.People()) }

// LinkEdit is what an owner may change of a link; the fields are those of Link.
type LinkEdit struct {
	Title, Note string
	Query       Query
	Days        int
	Starts      []time.Time
	Show        Show
	Host        bool
	Reply       string
	Expires     time.Time
}

// Edit is the change that changes nothing.
func (l Link) Edit() LinkEdit {
	return LinkEdit{
		Title: l.Title, Note: l.Note, Query: l.Query, Days: l.Days, Starts: l.Starts,
		Show: l.Show, Host: l.Host, Reply: l.Reply, Expires: l.Expires,
	}
}

// Links keeps links. Whatever is not the owner's is NotFound.
type Links interface {
	// AddLink keeps a new link and returns it. Where the owner has one of the same
	// key already, that one is returned and nothing is added. Conflict: the owner has
	// as many as limit allows.
	AddLink(ctx context.Context, l Link, limit int) (Link, error)
	// LinksOf returns links of the owner, the newest first: at most so many after those
	// that are skipped.
	LinksOf(ctx context.Context, owner Member, skip, most int) ([]Link, error)
	// LinkOf returns a link of the owner.
	LinkOf(ctx context.Context, owner Member, id string) (Link, error)
	// LinkByToken finds the link whose token has the hash.
	LinkByToken(ctx context.Context, hash string) (Link, error)
	// EditLink, PauseLink (or resume) and RevokeLink change a link and its version.
	// Gone: it was revoked. Revoking again changes nothing.
	EditLink(ctx context.Context, owner Member, id string, edit LinkEdit) error
	PauseLink(ctx context.Context, owner Member, id string, paused bool) error
	RevokeLink(ctx context.Context, owner Member, id string) error
	// DeleteLink forgets a link for good.
	DeleteLink(ctx context.Context, owner Member, id string) error
	// CountOpens notes how often links were opened. One that is not there is no error.
	CountOpens(ctx context.Context, opens []Opens) error
}

// Opens is that an owner's link was opened so often.
type Opens struct {
	Owner Member
	ID    string
	N     int64
}

// Meter counts for all processes together.
type Meter interface {
	// Tally adds to every counter what it says and returns, in the same order, how much
	// each was added to within the minute before now: the part of it that lies before
	// the last full minute is estimated. Keys must differ. Counters of a portal go with
	// it.
	Tally(ctx context.Context, counters []Counter, now time.Time) ([]int64, error)
}

// Counter is something that is counted. Its key must not tell who is behind it.
type Counter struct {
	Key    string
	Portal string // "" = belongs to none
	N      int64  // what is to be added
}
