package meet

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/rescue"
)

const (
	// offerLife is how long the free times of a link are shown without being computed
	// anew. What they are computed from may be remembered for 15 seconds itself, and
	// is never shown when it is older than a minute.
	offerLife = 45 * time.Second

	// troubleLife is the same for a portal that did not answer, or not wholly.
	troubleLife = 5 * time.Second

	// offerTime is how long computing may take. Whoever asks shares it.
	offerTime = 8500 * time.Millisecond

	// MostTimes is how many times a link offers, the next ones.
	MostTimes = 5000
)

// Limits say how often links may be looked at within a minute. Beyond it is Busy. Each
// process counts for itself, and by and by for all.
type Limits struct {
	Address int64 // by one address
	Misses  int64 // by one address, without finding an open link
	Link    int64 // one link
	Portal  int64 // all links of a portal
}

// UsualLimits leave room for a company behind one address whose staff all open the
// link of a mail, and end what only guesses or floods.
var UsualLimits = Limits{Address: 2000, Misses: 600, Link: 4000, Portal: 10000}

// Offer is what a link shows to whoever has it. It holds nothing that its owner does
// not show.
type Offer struct {
	Title, Note string
	Mode        Mode
	Duration    int // minutes
	Zone        *time.Location
	Language    string
	Slots       []civil.Span // chronological, at most MostTimes
	Complete    bool         // these are all; else there are later ones
	Names       []string
	Number      int // of people; 0 = not shown
	AsOf        time.Time

	link  Link
	found int64 // the number of the finding
}

// Full returns the whole search behind an offer for the members of the same portal,
// who may ask their colleagues' calendars themselves.
func (o Offer) Full(m Member) (q Query, ok bool) {
	if m.Portal == "" || m.Portal != o.link.Owner.Portal {
		return Query{}, false
	}
	return o.link.Search(o.AsOf), true
}

// Look answers somebody who has a token, or tries one. from stands for his address
// and must not tell it.
//
//	NotFound     there is no such link
//	Gone         there was: share.closed.revoked, .expired, .paused, or .gone when what the
//	             owner may see can't be read any more
//	Busy         too many looks
//	Unavailable  the portal does not answer: nothing is said rather than something old
//
// A token that is wrong and one whose link is closed take the same way, and so the
// same time.
func (s *Sharer) Look(ctx context.Context, token, from string) (Offer, error) {
	now := s.Now()
	if s.looks.full(s.ofAddress(from), now) {
		return Offer{}, tooManyLooks()
	}
	hash := HashToken(token)
	link, err := s.Links.LinkByToken(ctx, hash)
	if err != nil && KindOf(err) != NotFound {
		return Offer{}, fmt.Errorf("looking at a link: %w", err)
	}
	closed := link.closed(hash, now)
	if !s.admit(link, from, closed != nil, now) {
		return Offer{}, tooManyLooks()
	}
	if closed != nil {
		return Offer{}, closed
	}
	found, err := s.offered(ctx, link)
	if err != nil {
		return Offer{}, err
	}
	return link.offer(found, s.Now()), nil
}

// Preview is the offer of a link as its owner sees it; it counts as no look. Errors as
// with Look.
func (s *Sharer) Preview(ctx context.Context, link Link) (Offer, error) {
	if err := link.closed(link.TokenHash, s.Now()); err != nil {
		return Offer{}, err
	}
	found, err := s.offered(ctx, link)
	if err != nil {
		return Offer{}, err
	}
	return link.offer(found, s.Now()), nil
}

// Opened notes that somebody looked at the offer. Settle writes it down.
func (s *Sharer) Opened(o Offer) { s.looks.open(o.link.Owner, o.link.ID) }

// Version names what the offer says in this process: two offers of the same version say
// the same.
func (o Offer) Version() string {
	return fmt.Sprint(o.link.ID, " ", o.link.Version, " ", o.found, " ", len(o.Slots)) // of which the first ones go by
}

// Owns reports whether the offer is the member's own.
func (o Offer) Owns(m Member) bool { return o.link.Owner == m }

// Forget drops the free times that are remembered of a portal, because something
// changed in one of its calendars.
func (s *Sharer) Forget(portal string) { s.offers.forget(portal) }

// closed says why a link shows nothing, nil when it does. A link that was not found
// is the zero Link. It runs through the same steps for all of them.
func (l Link) closed(hash string, now time.Time) error {
	found := subtle.ConstantTimeCompare([]byte(l.TokenHash), []byte(hash)) == 1
	state := l.State(now)
	switch {
	case !found:
		return &Error{Kind: NotFound, Key: "share.closed.unknown"}
	case state != LinkOpen:
		return &Error{Kind: Gone, Key: "share.closed." + string(state)}
	}
	return nil
}

// admit counts a look and refuses one too many.
func (s *Sharer) admit(link Link, from string, miss bool, now time.Time) bool {
	visitor := []quota{s.ofAddress(from)}
	if miss {
		return s.looks.admit(now, append(visitor, quota{Counter{Key: "miss " + from}, s.Limits.Misses}), nil)
	}
	portal := link.Owner.Portal
	return s.looks.admit(now, visitor, []quota{
		{Counter{Key: "link " + link.ID, Portal: portal}, s.Limits.Link},
		{Counter{Key: "portal " + portal, Portal: portal}, s.Limits.Portal},
	})
}

func (s *Sharer) ofAddress(from string) quota {
	return quota{Counter{Key: "address " + from}, s.Limits.Address}
}

func tooManyLooks() error {
	return Errorf(Busy, "share.closed.busy", "too many looks at links")
}

// offer is what is shown of what was found. What has begun since is left out.
func (l Link) offer(found finding, now time.Time) Offer {
	o := Offer{
		Title: l.Title, Note: l.Note, Mode: l.Mode, Duration: l.Query.Duration, Zone: l.Query.Zone,
		Language: l.Language, Complete: !found.more, AsOf: found.asOf, link: l, found: found.number,
	}
	first := civil.Ceil(now.Truncate(time.Minute)) + civil.Minute(l.Query.Notice)
	o.Slots = slices.DeleteFunc(slices.Clone(found.slots), func(slot civil.Span) bool { return slot.Start < first })
	switch l.Show {
	case ShowNames:
		o.Names = found.names
	case ShowNumber:
		o.Number = l.People()
	}
	return o
}

// finding is what Finder found for a link.
type finding struct {
	number int64 // no other one of this process has it
	slots  []civil.Span
	more   bool     // there are later ones
	names  []string // of the known people
	asOf   time.Time
	life   time.Duration // how long it may be shown
	err    error
}

// offered returns what is free for a link: remembered, or computed once for all who
// ask at the same time.
func (s *Sharer) offered(ctx context.Context, link Link) (finding, error) {
	key := fmt.Sprint(link.ID, "/", link.Version)
	if found, ok := s.offers.get(key, s.Now()); ok {
		return found, found.err
	}
	answer := s.offers.flights.DoChan(key, rescue.Value(func() (any, error) {
		begun := s.Now()
		if found, ok := s.offers.get(key, begun); ok {
			return found, nil // somebody was faster
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), offerTime)
		defer cancel()
		portal := s.offers.join(link.Owner.Portal)
		defer s.offers.part(link.Owner.Portal, portal)
		if err := portal.enter(ctx, s.offers.all()); err != nil {
			return finding{err: Errorf(Busy, "share.closed.busy", "computing a link: %w", err)}, nil
		}
		defer portal.leave(s.offers.all())
		turn := s.offers.turn(portal)
		found := s.find(ctx, link, begun)
		s.offers.put(key, link.Owner.Portal, found, begun, portal, turn)
		return found, nil
	}))
	select {
	case result := <-answer:
		if result.Err != nil {
			return finding{}, result.Err
		}
		found := result.Val.(finding)
		return found, found.err
	case <-ctx.Done():
		return finding{}, Errorf(Unavailable, "share.closed.down", "computing a link: %w", ctx.Err())
	}
}

// find asks Finder with the owner's right.
func (s *Sharer) find(ctx context.Context, link Link, now time.Time) finding {
	q := link.Search(now)
	if today := civil.DateOf(now.In(q.Zone)); q.From.Before(today) {
		q.From = today // what is over is not shown, so it need not be read
	}
	if q.To.Before(q.From) {
		q.To = q.From // nothing is left; the owner is asked all the same
	}
	answer, err := s.Finder.find(ctx, link.Owner, q)
	if err == nil && !answer.seeker.Active {
		err = Errorf(Gone, "share.closed.gone", "the owner was dismissed")
	}
	found := finding{number: s.offers.found.Add(1), asOf: answer.AsOf, life: offerLife}
	if err == nil {
		found.life, err = confidence(answer)
	}
	if err != nil {
		found.life, found.err = troubleLife, linkTrouble(err)
		return found
	}
	for _, slot := range answer.Found.Slots {
		if !link.offers(slot.Span) {
			continue
		}
		if found.more = len(found.slots) == MostTimes; found.more {
			break
		}
		found.slots = append(found.slots, slot.Span)
	}
	for _, a := range answer.People {
		if a.Active && a.Name != "" {
			found.names = append(found.names, a.Name)
		}
	}
	return found
}

// offers reports whether a free time is among those that the owner picked, and
// within the days of the link.
func (l Link) offers(slot civil.Span) bool {
	if l.Days == 0 && !civil.DateOf(slot.Start.Time().In(l.Query.Zone)).Before(l.Query.To.Add(1)) {
		return false
	}
	return l.Starts == nil || slices.ContainsFunc(l.Starts, slot.Start.Time().Equal)
}

// confidence says how long an answer may be shown. A portal that answered in part
// is asked again soon; where it left out somebody required, "nothing is free" would
// be a guess.
func confidence(a Answer) (time.Duration, error) {
	life := offerLife
	for _, person := range a.People {
		if person.Unknown != UnknownPortal && person.Unknown != UnknownMissing {
			continue
		}
		if person.Required {
			return 0, Errorf(Unavailable, "share.closed.down", "a required calendar was not read: %s", person.Unknown)
		}
		life = troubleLife
	}
	return life, nil
}

// linkTrouble tells guests of a failure without telling them of the owner: what he
// may see can't be read now, or not any more.
func linkTrouble(err error) error {
	switch KindOf(err) {
	case Unavailable, Busy:
		return &Error{Kind: Unavailable, Key: "share.closed.down", Err: err}
	case SignedOut, Forbidden, Unsupported, Gone, NotFound:
		return &Error{Kind: Gone, Key: "share.closed.gone", Err: err}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Kind: Unavailable, Key: "share.closed.down", Err: err}
	}
	return fmt.Errorf("computing a link: %w", err)
}
