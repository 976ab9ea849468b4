package sharer

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

const (
	// timesLife is how long the free times of a link are shown without being computed
	// anew. What they are computed from may be remembered for 15 seconds itself, and
	// is never shown when it is older than a minute.
	timesLife = 45 * time.Second

	// troubleLife is the same for a portal that did not answer, or not wholly.
	troubleLife = 5 * time.Second

	// computingTime is how long computing may take. Whoever asks shares it.
	computingTime = 8500 * time.Millisecond

	// MostTimes is how many times a link offers, the next ones.
	MostTimes = 5000

	mostBest  = 8 // times that are named where not all can be, unless the owner picked them
	bestOfDay = 2 // of these, on one day
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

// SharedTimes is what a link shows to whoever has it. It holds nothing that its owner does
// not show.
type SharedTimes struct {
	Title, Note string
	Mode        meet.Mode
	Duration    int // minutes
	Zone        *time.Location
	Language    string
	Slots       []civil.Span // chronological, at most MostTimes
	Complete    bool         // these are all; else there are later ones
	Best        []civil.Span // of Slots, those to name where not all can be named
	Host        string       // the owner's name, "" = not shown
	Reply       string       // the owner's address for answers, "" = none
	Names       []string
	PeopleCount int // of people; 0 = not shown
	AsOf        time.Time

	link   meet.Link
	serial int64 // the number of the finding
}

// Full returns the whole search behind the times for the members of the same portal,
// who may ask their colleagues' calendars themselves.
func (t SharedTimes) Full(m meet.Member) (q meet.Query, ok bool) {
	if m.Portal == "" || m.Portal != t.link.Owner.Portal {
		return meet.Query{}, false
	}
	return t.link.Search(t.AsOf), true
}

// View answers somebody who has a token, or tries one. from stands for their address
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
func (s *Sharer) View(ctx context.Context, token, from string) (SharedTimes, error) {
	now := s.Now()
	if s.views.full(s.ofAddress(from), now) {
		return SharedTimes{}, tooManyViews()
	}
	hash := HashToken(token)
	link, err := s.Links.LinkByToken(ctx, hash)
	if err != nil && meet.KindOf(err) != meet.NotFound {
		return SharedTimes{}, fmt.Errorf("looking at a link: %w", err)
	}
	shut := closed(link, hash, now)
	if !s.admit(link, from, shut != nil, now) {
		return SharedTimes{}, tooManyViews()
	}
	if shut != nil {
		return SharedTimes{}, shut
	}
	found, err := s.loadFreeTimes(ctx, link)
	if err != nil {
		return SharedTimes{}, err
	}
	return sharedTimes(link, found, s.Now()), nil
}

// Preview is what a link shows, as its owner sees it; it counts as no look. Errors as
// with View.
func (s *Sharer) Preview(ctx context.Context, link meet.Link) (SharedTimes, error) {
	if err := closed(link, link.TokenHash, s.Now()); err != nil {
		return SharedTimes{}, err
	}
	found, err := s.loadFreeTimes(ctx, link)
	if err != nil {
		return SharedTimes{}, err
	}
	return sharedTimes(link, found, s.Now()), nil
}

// Opened notes that somebody looked at the times. Settle writes it down.
func (s *Sharer) Opened(o SharedTimes) { s.views.open(o.link.Owner, o.link.ID) }

// Version names what is shown in this process: two of the same version say
// the same.
func (t SharedTimes) Version() string {
	return fmt.Sprint(t.link.ID, " ", t.link.Version, " ", t.serial, " ", len(t.Slots)) // of which the first ones go by
}

// Owns reports whether the link is the member's own.
func (t SharedTimes) Owns(m meet.Member) bool { return t.link.Owner == m }

// Forget drops the free times that are remembered of a portal, because something
// changed in one of its calendars.
func (s *Sharer) Forget(portal string) { s.cache.forget(portal) }

// closed says why a link shows nothing, nil when it does. A link that was not found
// is the zero Link. It runs through the same steps for all of them.
func closed(l meet.Link, hash string, now time.Time) error {
	found := subtle.ConstantTimeCompare([]byte(l.TokenHash), []byte(hash)) == 1
	state := l.State(now)
	switch {
	case !found:
		return &meet.Error{Kind: meet.NotFound, Key: "share.closed.unknown"}
	case state != meet.LinkOpen:
		return &meet.Error{Kind: meet.Gone, Key: "share.closed." + string(state)}
	}
	return nil
}

// admit counts a look and refuses one too many.
func (s *Sharer) admit(link meet.Link, from string, miss bool, now time.Time) bool {
	visitor := []quota{s.ofAddress(from)}
	if miss {
		return s.views.admit(now, append(visitor, quota{meet.Counter{Key: "miss " + from}, s.Limits.Misses}), nil)
	}
	portal := link.Owner.Portal
	return s.views.admit(now, visitor, []quota{
		{meet.Counter{Key: "link " + link.ID, Portal: portal}, s.Limits.Link},
		{meet.Counter{Key: "portal " + portal, Portal: portal}, s.Limits.Portal},
	})
}

func (s *Sharer) ofAddress(from string) quota {
	return quota{meet.Counter{Key: "address " + from}, s.Limits.Address}
}

func tooManyViews() error {
	return meet.Errorf(meet.Busy, "share.closed.busy", "too many looks at links")
}

// sharedTimes is what is shown of what was found. What has begun since is left out.
func sharedTimes(l meet.Link, found freeTimes, now time.Time) SharedTimes {
	o := SharedTimes{
		Title: l.Title, Note: l.Note, Mode: l.Mode, Duration: l.Query.Duration, Zone: l.Query.Zone,
		Language: l.Language, Complete: !found.more, Reply: l.Reply, AsOf: found.asOf, link: l, serial: found.serial,
	}
	if l.Host {
		o.Host = found.host
	}
	first := civil.Ceil(now.Truncate(time.Minute)) + civil.Minute(l.Query.Notice)
	begun := func(slot civil.Span) bool { return slot.Start < first }
	o.Slots = slices.DeleteFunc(slices.Clone(found.slots), begun)
	o.Best = slices.DeleteFunc(slices.Clone(found.best), begun)
	switch l.Show {
	case meet.ShowNames:
		o.Names = found.names
	case meet.ShowNumber:
		o.PeopleCount = l.People()
	case meet.ShowNothing:
	}
	return o
}

// freeTimes is what Finder found for a link.
type freeTimes struct {
	serial int64 // no other one of this process has it
	slots  []civil.Span
	best   []civil.Span // of slots, see SharedTimes.Best
	more   bool         // there are later ones
	host   string       // the owner's name
	names  []string     // of the known people
	asOf   time.Time
	life   time.Duration // how long it may be shown
	err    error
}

// loadFreeTimes returns what is free for a link: remembered, or computed once for all who
// ask at the same time.
func (s *Sharer) loadFreeTimes(ctx context.Context, link meet.Link) (freeTimes, error) {
	key := fmt.Sprint(link.ID, "/", link.Version)
	if found, ok := s.cache.get(key, s.Now()); ok {
		return found, found.err
	}
	answer := s.cache.flights.DoChan(key, rescue.Value(func() (any, error) {
		begun := s.Now()
		if found, ok := s.cache.get(key, begun); ok {
			return found, nil // somebody was faster
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), computingTime)
		defer cancel()
		portal := link.Owner.Portal
		work := s.cache.join(portal)
		defer s.cache.leave(portal, work)
		release, err := s.cache.acquire(ctx, portal)
		if err != nil {
			return freeTimes{err: meet.Errorf(meet.Busy, "share.closed.busy", "computing a link: %w", err)}, nil
		}
		defer release()
		generation := s.cache.generation(work)
		found := s.find(ctx, link, begun)
		s.cache.put(key, portal, found, begun, work, generation)
		return found, nil
	}))
	select {
	case result := <-answer:
		if result.Err != nil {
			return freeTimes{}, result.Err
		}
		found := result.Val.(freeTimes)
		return found, found.err
	case <-ctx.Done():
		return freeTimes{}, meet.Errorf(meet.Unavailable, "share.closed.down", "computing a link: %w", ctx.Err())
	}
}

// find asks Finder with the owner's right.
func (s *Sharer) find(ctx context.Context, link meet.Link, now time.Time) freeTimes {
	q := link.Search(now)
	if today := civil.DateOf(now.In(q.Zone)); q.From.Before(today) {
		q.From = today // what is over is not shown, so it need not be read
	}
	if q.To.Before(q.From) {
		q.To = q.From // nothing is left; the owner is asked all the same
	}
	answer, err := s.Finder.FindOnly(ctx, link.Owner, q)
	if err == nil && !answer.Searcher.Active {
		err = meet.Errorf(meet.Gone, "share.closed.gone", "the owner was dismissed")
	}
	found := freeTimes{serial: s.cache.found.Add(1), host: answer.Searcher.Name, asOf: answer.AsOf, life: timesLife}
	if err == nil {
		found.life, err = confidence(answer)
	}
	if err != nil {
		found.life, found.err = troubleLife, linkTrouble(err)
		return found
	}
	var shown []meet.Slot
	for _, slot := range answer.Found.Slots {
		if !picked(link, slot.Span) {
			continue
		}
		if found.more = len(shown) == MostTimes; found.more {
			break
		}
		shown = append(shown, slot)
	}
	found.slots, found.best = spans(shown), best(link, shown)
	for _, a := range answer.People {
		if a.Active && a.Name != "" {
			found.names = append(found.names, a.Name)
		}
	}
	return found
}

// best are the times that a link names where there is no room for all: those that the owner
// picked, or a choice of the best ones over several days.
func best(l meet.Link, slots []meet.Slot) []civil.Span {
	if l.Starts != nil {
		return spans(slots)
	}
	return spans(meet.Spread(slots, l.Query.Zone, bestOfDay, mostBest))
}

func spans(slots []meet.Slot) []civil.Span {
	all := make([]civil.Span, len(slots))
	for i, slot := range slots {
		all[i] = slot.Span
	}
	return all
}

// picked reports whether a free time is among those that the owner picked, and
// within the days of the link.
func picked(l meet.Link, slot civil.Span) bool {
	if l.Days == 0 && !civil.DateOf(slot.Start.Time().In(l.Query.Zone)).Before(l.Query.To.Add(1)) {
		return false
	}
	return l.Starts == nil || slices.ContainsFunc(l.Starts, slot.Start.Time().Equal)
}

// confidence says how long an answer may be shown. A portal that answered in part
// is asked again soon; where it left out somebody required, "nothing is free" would
// be a guess.
func confidence(a meet.Answer) (time.Duration, error) {
	life := timesLife
	for _, person := range a.People {
		if person.Unknown != meet.UnknownPortal && person.Unknown != meet.UnknownMissing {
			continue
		}
		if person.Required {
			return 0, meet.Errorf(meet.Unavailable, "share.closed.down", "a required calendar was not read: %s", person.Unknown)
		}
		life = troubleLife
	}
	return life, nil
}

// linkTrouble tells guests of a failure without telling them of the owner: what they
// may see can't be read now, or not any more.
func linkTrouble(err error) error {
	switch meet.KindOf(err) {
	case meet.Unavailable, meet.Busy:
		return &meet.Error{Kind: meet.Unavailable, Key: "share.closed.down", Err: err}
	case meet.SignedOut, meet.Forbidden, meet.Unsupported, meet.Gone, meet.NotFound:
		return &meet.Error{Kind: meet.Gone, Key: "share.closed.gone", Err: err}
	default: // our own mistake, or time ran out
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &meet.Error{Kind: meet.Unavailable, Key: "share.closed.down", Err: err}
	}
	return fmt.Errorf("computing a link: %w", err)
}

// Starts are the beginnings of slots.
func Starts(slots []civil.Span) []time.Time {
	starts := make([]time.Time, len(slots))
	for i, slot := range slots {
		starts[i] = slot.Start.Time()
	}
	return starts
}
