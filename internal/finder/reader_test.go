package finder

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/settings"
)

// company is a portal where user 8's calendar is hidden from everybody but the
// administrator 1. It notes as whom it is asked.
type company struct {
	office
	guest    bool
	admin    bool  // 1 still is one
	lost     error // why 1 can't ask who he is
	refused  error // why 1 can't read calendars
	settings meet.Settings
	broken   error // why settings can't be read

	mu    sync.Mutex
	asked []string // the questions with their askers
	read  []int64  // whose calendars were asked for
}

func newCompany() *company {
	return &company{office: *newOffice(), admin: true, settings: meet.Settings{Designated: 1, Since: friday}}
}

func (c *company) note(what string, m meet.Member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, what+" "+strconv.FormatInt(m.User, 10))
}

func (c *company) People(ctx context.Context, m meet.Member, ids []int64) (map[int64]meet.Person, error) {
	c.note("people", m)
	return c.office.People(ctx, m, ids)
}

func (c *company) Office(ctx context.Context, m meet.Member) (meet.Office, error) {
	o, err := c.office.Office(ctx, m)
	o.Guest = c.guest
	return o, err
}

func (c *company) Busy(_ context.Context, m meet.Member, people []meet.Resident, during civil.Span, _ bool) (map[int64]meet.Availability, error) {
	c.note("busy", m)
	read := map[int64]meet.Availability{}
	for _, p := range people {
		c.read = append(c.read, p.ID)
		read[p.ID] = meet.Availability{}
		if p.ID == 8 && m.User == 1 {
			read[p.ID] = meet.Availability{Blocks: []meet.Block{{Span: during}}}
		}
	}
	if m.User == 1 && c.refused != nil {
		return nil, c.refused
	}
	return read, nil
}

func (c *company) Self(_ context.Context, m meet.Member, fresh bool) (meet.Profile, error) {
	if fresh {
		c.note("self now", m)
	} else {
		c.note("self", m)
	}
	if m.User == 1 {
		return meet.Profile{User: 1, Admin: c.admin}, c.lost
	}
	return meet.Profile{User: m.User}, nil
}

func (c *company) Settings(context.Context, string) (meet.Settings, error) {
	return c.settings, c.broken
}

func (c *company) SaveSettings(_ context.Context, _ string, s meet.Settings) error {
	c.settings = s
	return nil
}

func (c *company) steward() *settings.Settings {
	return &settings.Settings{Decisions: c, Profiles: c, Directory: c, Now: func() time.Time { return friday }}
}

func (c *company) search(t *testing.T, user int64, query string) (meet.Answer, error) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, err := meet.ParseQuery(values)
	if err != nil {
		t.Fatal(err)
	}
	c.asked = nil
	f := Finder{Directory: c, Calendar: c, Hours: c, Readers: c.steward(), Now: func() time.Time { return friday }}
	return f.Find(t.Context(), meet.Member{Portal: "p", User: user}, q)
}

// TestWhoseEyes: availability is read with the designated account's rights as long as
// that can be used, with the searcher's own otherwise; people always with his own.
func TestWhoseEyes(t *testing.T) {
	t.Parallel()
	signedOut := &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	cases := []struct {
		name   string
		user   int64
		change func(*company)
		view   meet.View
		asked  []string
	}{
		{"designated", 7, func(*company) {}, meet.ViewCompany, []string{"people 7", "self 1", "busy 1"}},
		{"by himself", 1, func(*company) {}, meet.ViewCompany, []string{"people 1", "self 1", "busy 1"}},
		{"nobody consented", 7, func(c *company) { c.settings = meet.Settings{} }, meet.ViewOwn, []string{"people 7", "busy 7"}},
		{"a guest searches", 7, func(c *company) { c.guest = true }, meet.ViewOwn, []string{"people 7", "busy 7"}},
		{"demoted", 7, func(c *company) { c.admin = false }, meet.ViewInstead, []string{"people 7", "self 1", "busy 7"}},
		{"grant lost", 7, func(c *company) { c.lost = signedOut }, meet.ViewInstead, []string{"people 7", "self 1", "busy 7"}},
		{"refused", 7, func(c *company) { c.refused = &meet.Error{Kind: meet.Unsupported, Key: "error.portal_scope"} }, meet.ViewInstead, []string{"people 7", "self 1", "busy 1", "busy 7"}},
		{"lost meanwhile", 7, func(c *company) { c.refused = signedOut }, meet.ViewInstead, []string{"people 7", "self 1", "busy 1", "busy 7"}},
	}
	for _, test := range cases {
		c := newCompany()
		test.change(c)
		a, err := c.search(t, test.user, "me=0&who=8&from=2026-11-27&to=2026-11-27")
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if a.View != test.view || (len(a.Found.Slots) == 0) != (test.view == meet.ViewCompany) {
			t.Errorf("%s: view %q with %d slots, want %q", test.name, a.View, len(a.Found.Slots), test.view)
		}
		asked := c.asked
		if test.view == meet.ViewCompany { // and once more for what would help
			asked = asked[:len(test.asked)]
			if c.asked[len(c.asked)-1] != "busy 1" {
				t.Errorf("%s: what would help was read as %v", test.name, c.asked)
			}
		}
		if diff := cmp.Diff(test.asked, asked); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

// TestOnlyWhomTheSearcherFinds: nobody whom the searcher's own directory
// does not have is asked for with the designated account's rights.
func TestOnlyWhomTheSearcherFinds(t *testing.T) {
	t.Parallel()
	c := newCompany()
	a, err := c.search(t, 7, "me=0&who=99&opt=8,9&from=2026-11-27&to=2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(c.read)
	if diff := cmp.Diff([]int64{8}, slices.Compact(c.read)); diff != "" {
		t.Errorf("calendars read: %s", diff)
	}
	if a.View != meet.ViewCompany || a.People[0].Unknown != meet.UnknownPerson || a.People[2].Unknown != meet.UnknownDismissed {
		t.Errorf("%s: %+v", a.View, a.People)
	}
}

// TestSettingsThatCantBeReadAreAnError: to overlook them would show whom an
// administrator wanted seen as free.
func TestSettingsThatCantBeReadAreAnError(t *testing.T) {
	t.Parallel()
	c := newCompany()
	c.broken = errors.New("disk")
	if _, err := c.search(t, 7, "me=0&who=8"); !errors.Is(err, c.broken) {
		t.Errorf("error %v", err)
	}
	if _, err := c.steward().Read(t.Context(), meet.Member{Portal: "p", User: 1}); !errors.Is(err, c.broken) {
		t.Errorf("reading: %v", err)
	}
	if err := c.steward().Withdraw(t.Context(), meet.Member{Portal: "p", User: 1}); !errors.Is(err, c.broken) {
		t.Errorf("withdrawing: %v", err)
	}
}
