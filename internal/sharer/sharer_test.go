package sharer_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	"slotfinder/internal/seal"
	"slotfinder/internal/sharer"
	"slotfinder/internal/store"
)

// desk is a portal with two people in Berlin whose calendars can be filled, and which
// can fail. The office is open from 09:00 to 18:00 on all days.
type desk struct {
	mu        sync.Mutex
	reads     int           // of calendars
	slow      time.Duration // each of them
	err       error
	blocks    map[int64][]meet.Block
	unknown   map[int64]meet.Unknown
	dismissed map[int64]bool
	during    civil.Span // last asked for
}

func (d *desk) People(_ context.Context, _ meet.Member, ids []int64) (map[int64]meet.Person, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := map[int64]string{7: "Anna Becker", 12: "Ben Ode"}
	people := map[int64]meet.Person{}
	for _, id := range ids {
		if names[id] != "" {
			people[id] = meet.Person{ID: id, Name: names[id], Zone: "Europe/Berlin", Active: !d.dismissed[id]}
		}
	}
	return people, nil
}

func (d *desk) Everybody(context.Context, meet.Member) ([]meet.Person, error) { return nil, nil }

func (d *desk) Departments(context.Context, meet.Member) ([]meet.Department, error) { return nil, nil }

func (d *desk) Office(context.Context, meet.Member) (meet.Office, error) {
	return meet.Office{WorkStart: 540, WorkEnd: 1080, Zone: time.UTC}, nil
}

func (d *desk) Busy(_ context.Context, _ meet.Member, people []meet.Resident, during civil.Span, _ bool) (map[int64]meet.Availability, error) {
	d.mu.Lock()
	d.reads++
	d.during = during
	slow := d.slow
	d.mu.Unlock()
	time.Sleep(slow) // only in a bubble of time
	d.mu.Lock()
	defer d.mu.Unlock()
	busy := map[int64]meet.Availability{}
	for _, p := range people {
		busy[p.ID] = meet.Availability{Blocks: slices.Clone(d.blocks[p.ID]), Unknown: d.unknown[p.ID]}
	}
	return busy, d.err
}

// read returns how often calendars were read since the last call.
func (d *desk) read() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.reads
	d.reads = 0
	return n
}

func (d *desk) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
}

// clock is where a test's time stands.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time { return time.UnixMilli(c.at.Load()).UTC() }

func (c *clock) set(t time.Time) { c.at.Store(t.UnixMilli()) }

func (c *clock) pass(d time.Duration) { c.at.Add(d.Milliseconds()) }

var owner = meet.Member{Portal: "p", User: 7}

// tuesday is the present at first: 06:00 UTC, 07:00 in Berlin.
var tuesday = time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)

func newSharer(t *testing.T) (*sharer.Sharer, *desk, *clock) {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, portal := range []string{"p", "q"} {
		if err := db.SavePortal(context.WithoutCancel(t.Context()), auth.Portal{PortalID: portal, Host: portal + ".example"}); err != nil {
			t.Fatal(err)
		}
	}
	box, err := seal.New([][]byte{[]byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	d, c := &desk{blocks: map[int64][]meet.Block{}, unknown: map[int64]meet.Unknown{}, dismissed: map[int64]bool{}}, &clock{}
	c.set(tuesday)
	return &sharer.Sharer{
		Links: db, Meter: db, Finder: &finder.Finder{Directory: d, Calendar: d, Hours: db, Now: c.now},
		Seal: box, Random: rand.Reader, Now: c.now, Limits: sharer.UsualLimits,
	}, d, c
}

const twoDays = "who=7,12&me=0&from=2026-11-24&to=2026-11-25&dur=60&step=60&tz=Europe/Berlin"

func linkForm(t *testing.T, text string) meet.LinkForm {
	t.Helper()
	values, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	form, err := meet.ParseLink(values)
	if err != nil {
		t.Fatal(err, fieldsOf(err))
	}
	return form
}

func fieldsOf(err error) map[string]string {
	var e *meet.Error
	errors.As(err, &e)
	if e == nil {
		return nil
	}
	return e.Fields
}

// made makes a link and returns it with its token.
func made(t *testing.T, s *sharer.Sharer, form string) (meet.Link, string) {
	t.Helper()
	link, err := s.Make(t.Context(), owner, linkForm(t, form), "de")
	if err != nil {
		t.Fatal(err, fieldsOf(err))
	}
	token, ok := s.Token(link)
	if !ok {
		t.Fatal("the owner can't see the token")
	}
	return link, token
}

// starts are the times of an offer on clocks in Berlin.
func starts(t *testing.T, o sharer.SharedTimes) (list []string) {
	t.Helper()
	zone, err := zone.Load("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, slot := range o.Slots {
		list = append(list, slot.Start.Time().In(zone).Format("02 15:04"))
	}
	return list
}

func look(t *testing.T, s *sharer.Sharer, token string) sharer.SharedTimes {
	t.Helper()
	o, err := s.View(t.Context(), token, "me")
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// refused expects an error of a kind and key.
func refused(t *testing.T, s *sharer.Sharer, token string, kind meet.Kind, key string) {
	t.Helper()
	_, err := s.View(t.Context(), token, "me")
	var e *meet.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Key != key {
		t.Errorf("%v instead of %s", err, key)
	}
}

func TestLinkForm(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 121)
	for form, want := range map[string][]string{
		"":                                  nil,
		"title=a&note=b%0D%0Ac&show=names":  nil,
		"title=" + long[2:]:                 nil,
		"offer=all&slot=soon&ahead=0":       nil, // a form sends all of its fields
		"slot=2026-11-24T09:00:00Z":         nil,
		"offer=rolling&ahead=92":            nil,
		"expires=&expires=2026-12-01":       nil,
		"title=" + long:                     {"title"},
		"title=a%0D%0Ab":                    {"title"},
		"title=a%0Ab":                       {"title"},
		"title=a%0D%0A":                     {"title"},
		"title=a%00b&note=%00":              {"note", "title"},
		"title=a%1Bb":                       {"title"},
		"title=%FF&note=%FF":                {"note", "title"},
		"note=a%0Db":                        {"note"},
		"note=" + strings.Repeat("x", 2001): {"note"},
		"show=all":                          {"show"},
		"mode=book":                         {"mode"},
		"mode=poll":                         {"mode"},
		"uses=2":                            {"uses"},
		"offer=some":                        {"offer"},
		"offer=picked":                      {"slot"},
		"slot=2026-11-24":                   {"slot"},
		"offer=rolling":                     {"ahead"},
		"ahead=93":                          {"ahead"},
		"ahead=0":                           {"ahead"},
		"ahead=-1":                          {"ahead"},
		"expires=0":                         {"expires"},
		"expires=367":                       {"expires"},
		"expires=tomorrow":                  {"expires"},
		"expires=2026-02-30":                {"expires"},
		"host=0&reply=":                     nil,
		"host=1&reply=anna@example.com":     nil,
		"host=2":                            {"host"},
		"reply=nobody":                      {"reply"},
		"reply=a@b.example, c@d.example":    {"reply"},
		"reply=Anna <a@b.example>":          {"reply"},
		"reply=a@b.example%0D%0ABcc: c@d.e": {"reply"},
		"reply=a@b.example&reply=c@d.e":     {"reply"},
		"reply=mailto:a@b.example":          {"reply"},
		"reply=" + strings.Repeat("a", 250) + "@b.example": {"reply"},
		"key=" + strings.Repeat("k", 101):                  {"key"},
		"key=a%0Ab":                                        {"key"},
		"dur=1&title=a%0Ab&key=a+b":                        {"dur", "key", "title"},
		"slot=" + strings.Repeat("2026-11-24T09:00:00Z,", 200) + "2026-11-24T09:00:00Z": {"slot"},
	} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		_, err = meet.ParseLink(values)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(fieldsOf(err)))); diff != "" {
			t.Errorf("%.60s: %s", form, diff)
		}
	}
}

func TestLinkOffers(t *testing.T) {
	t.Parallel()
	s, d, c := newSharer(t)
	day := []string{"24 09:00", "24 10:00", "24 11:00", "24 12:00", "24 13:00", "24 14:00", "24 15:00", "24 16:00", "24 17:00"}
	var rest []string
	for _, at := range day {
		rest = append(rest, "25"+at[2:])
	}
	block := func(hour int) meet.Block {
		at := civil.Floor(tuesday.Truncate(24 * time.Hour)) // midnight, UTC
		return meet.Block{Span: civil.Span{Start: at + civil.Minute(60*hour), End: at + civil.Minute(60*hour+30)}}
	}
	_, all := made(t, s, twoDays+"&title=Demo&note=hi")
	_, picked := made(t, s, twoDays+"&slot=2026-11-24T09:00:00Z&slot=2026-11-24T10:00:00%2B01:00,2026-11-25T11:30:00Z")
	_, notice := made(t, s, twoDays+"&notice=240")
	o := look(t, s, all)
	if diff := cmp.Diff(append(slices.Clone(day), rest...), starts(t, o)); diff != "" {
		t.Errorf("all: %s", diff)
	}
	if o.Title != "Demo" || o.Note != "hi" || o.Duration != 60 || o.Zone.String() != "Europe/Berlin" || o.Language != "de" || o.Names != nil || o.PeopleCount != 0 {
		t.Errorf("%+v", o)
	}
	if diff := cmp.Diff([]string{"24 10:00"}, starts(t, look(t, s, picked))); diff != "" { // 11:30 UTC is not on the grid
		t.Errorf("picked: %s", diff)
	}
	if diff := cmp.Diff("24 11:00", starts(t, look(t, s, notice))[0]); diff != "" {
		t.Errorf("with four hours' notice: %s", diff)
	}
	c.pass(3*time.Hour + 20*time.Minute) // 10:20 in Berlin
	d.set(func() { d.blocks[12] = []meet.Block{block(11), block(9)} })
	if diff := cmp.Diff(append([]string{"24 11:00"}, append(day[4:], rest...)...), starts(t, look(t, s, all))); diff != "" {
		t.Errorf("later, with 12:00 taken: %s", diff)
	}
	if got := starts(t, look(t, s, picked)); got != nil {
		t.Errorf("what was picked is over, yet %v", got)
	}
}

// TestOffersNameOnlyWhomTheOwnerShows: names and numbers go out only when the owner says so.
func TestOffersNameOnlyWhomTheOwnerShows(t *testing.T) {
	t.Parallel()
	s, d, _ := newSharer(t)
	d.set(func() { d.dismissed[12] = true })
	for show, want := range map[string]sharer.SharedTimes{
		"": {}, "nothing": {}, "nothing&host=0": {}, "number": {PeopleCount: 2}, "names": {Names: []string{"Anna Becker"}},
	} {
		_, token := made(t, s, twoDays+"&show="+show)
		o := look(t, s, token)
		if o.PeopleCount != want.PeopleCount || !slices.Equal(o.Names, want.Names) {
			t.Errorf("show=%s: %v and %d", show, o.Names, o.PeopleCount)
		}
		if hidden := strings.Contains(show, "host=0"); (o.Host == "") != hidden || !hidden && o.Host != "Anna Becker" {
			t.Errorf("show=%s: the owner is %q", show, o.Host)
		}
	}
}

func TestRollingLink(t *testing.T) {
	t.Parallel()
	s, d, c := newSharer(t)
	_, token := made(t, s, twoDays+"&offer=rolling&ahead=2&expires=2026-12-31&hours=09:00-10:00")
	for _, step := range []struct {
		pass time.Duration
		want []string
	}{
		{0, []string{"24 09:00", "25 09:00"}},
		{3 * time.Hour, []string{"25 09:00"}},              // 10:00 in Berlin
		{14 * time.Hour, []string{"25 09:00", "26 09:00"}}, // midnight in Berlin
		{14 * 24 * time.Hour, []string{"09 09:00", "10 09:00"}},
	} {
		c.pass(step.pass)
		if diff := cmp.Diff(step.want, starts(t, look(t, s, token))); diff != "" {
			t.Errorf("at %s: %s", c.now(), diff)
		}
	}
	if days := d.during.Len() / civil.Day; days != 2 {
		t.Errorf("%d days were read", days)
	}
}

// TestLinkExpiresAtTheInstant: the last day is the owner's, to its last millisecond.
func TestLinkExpiresAtTheInstant(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 25, 23, 0, 0, 0, time.UTC) // midnight in Berlin
	for expires, want := range map[string]time.Time{
		"": end, "1": end, "2026-11-25": end, "2026-11-24": end.AddDate(0, 0, -1), "30": end.AddDate(0, 0, 29),
	} {
		s, _, c := newSharer(t)
		link, token := made(t, s, twoDays+"&expires="+expires)
		if !link.Expires.Equal(want) {
			t.Errorf("expires=%s is %s", expires, link.Expires)
		}
		c.set(want.Add(-time.Millisecond))
		look(t, s, token)
		c.set(want)
		refused(t, s, token, meet.Gone, "share.closed.expired")
	}
	s, _, c := newSharer(t)
	link, _ := made(t, s, twoDays+"&ahead=14")
	if days := link.Expires.Sub(c.now()).Hours() / 24; days < 90 || days > 91 {
		t.Errorf("a rolling link lives for %v days", days)
	}
	for _, wrong := range []string{"2026-11-23", "2028-01-01"} {
		if _, err := s.Make(t.Context(), owner, linkForm(t, twoDays+"&expires="+wrong), "de"); fieldsOf(err)["expires"] == "" {
			t.Errorf("expires=%s: %v", wrong, err)
		}
	}
}

func TestLinkIsChangedByItsOwner(t *testing.T) {
	t.Parallel()
	s, _, c := newSharer(t)
	link, token := made(t, s, twoDays)
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	do(s.Edit(ctx, link, url.Values{"title": {"New title"}, "expires": {"9"}}))
	if o := look(t, s, token); o.Title != "New title" {
		t.Error(o.Title)
	}
	c.pass(3 * 24 * time.Hour)
	if o := look(t, s, token); len(o.Slots) != 0 {
		t.Errorf("after its days: %v", starts(t, o))
	}
	c.set(tuesday)
	do(s.Pause(ctx, owner, link.ID))
	refused(t, s, token, meet.Gone, "share.closed.paused")
	do(s.Resume(ctx, owner, link.ID))
	look(t, s, token)
	c.pass(30 * 24 * time.Hour)
	refused(t, s, token, meet.Gone, "share.closed.expired")
	do(s.Edit(ctx, link, url.Values{"expires": {"2"}}))
	look(t, s, token)
	do(s.Revoke(ctx, owner, link.ID))
	refused(t, s, token, meet.Gone, "share.closed.revoked")
	if err := s.Resume(ctx, owner, link.ID); meet.KindOf(err) != meet.Gone {
		t.Errorf("resuming what was revoked: %v", err)
	}
	do(s.Delete(ctx, owner, link.ID))
	refused(t, s, token, meet.NotFound, "share.closed.unknown")
}

// TestLinkTokensAreRandom: tokens and ids share nothing, come from the random
// source alone, and the database can't give a token back.
func TestLinkTokensAreRandom(t *testing.T) {
	t.Parallel()
	s, _, _ := newSharer(t)
	seen := map[string]bool{}
	for range 20 {
		link, token := made(t, s, twoDays)
		if len(token) < 22 || strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("token %q has less than 128 bits, or is not safe in a URL", token)
		}
		if seen[token] || seen[link.ID] {
			t.Error("a token came twice")
		}
		seen[token], seen[link.ID] = true, true
		for _, stored := range []string{link.TokenHash, link.SealedToken, link.ID} {
			if strings.Contains(stored, token) || strings.Contains(token, stored) {
				t.Errorf("%q gives the token away", stored)
			}
		}
		stolen := link
		stolen.Owner.User = 8
		if _, ok := s.Token(stolen); ok {
			t.Error("a sealed token opens for somebody else")
		}
	}
	s.Random = iotestReader{}
	if _, err := s.Make(t.Context(), owner, linkForm(t, twoDays), "de"); err == nil {
		t.Error("a link was made without randomness")
	}
}

// iotestReader has no randomness to give.
type iotestReader struct{}

func (iotestReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestSameFormMakesOneLink(t *testing.T) {
	t.Parallel()
	s, _, _ := newSharer(t)
	first, token := made(t, s, twoDays+"&key=k1&title=one")
	again, same := made(t, s, twoDays+"&key=k1&title=two")
	if first.ID != again.ID || token != same || again.Title != "one" {
		t.Errorf("%s and %s", first.ID, again.ID)
	}
	if links, _, err := s.All(t.Context(), owner, 1); err != nil || len(links) != 1 {
		t.Errorf("%d links, %v", len(links), err)
	}
}
