package settings

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

var (
	admin   = meet.Member{Portal: "p", User: 1}
	nobody  = meet.Member{Portal: "p", User: 7}
	consent = map[string]string{"consent": "settings.consent_needed"}
)

// consented is when the administrator did.
var consented = time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC)

// portal is one whose user 1 is an administrator. It notes who is asked about.
type portal struct {
	meet.Directory
	people   map[int64]meet.Person
	admin    bool  // 1 still is one
	lost     error // why 1 can't ask who they are
	settings meet.Settings
	asked    []string
}

func newPortal() *portal {
	return &portal{admin: true, settings: meet.Settings{Designated: 1, Since: consented}, people: map[int64]meet.Person{
		1: {ID: 1, Name: "Ada", Active: true}, 7: {ID: 7, Name: "Anna", Active: true},
	}}
}

func (p *portal) People(context.Context, meet.Member, []int64) (map[int64]meet.Person, error) {
	return p.people, nil
}

func (p *portal) Self(_ context.Context, m meet.Member, fresh bool) (meet.Profile, error) {
	asked := "self "
	if fresh {
		asked = "self now "
	}
	p.asked = append(p.asked, asked+strconv.FormatInt(m.User, 10))
	if m.User == 1 {
		return meet.Profile{User: 1, Admin: p.admin}, p.lost
	}
	return meet.Profile{User: m.User}, nil
}

func (p *portal) Settings(context.Context, string) (meet.Settings, error) { return p.settings, nil }

func (p *portal) SaveSettings(_ context.Context, _ string, s meet.Settings) error {
	p.settings = s
	return nil
}

func (p *portal) use() *Settings {
	return &Settings{Decisions: p, Profiles: p, Directory: p, Now: func() time.Time { return consented }}
}

// TestDesignate: an administrator, asked of Bitrix24 at that moment, and nobody but
// himself.
func TestDesignate(t *testing.T) {
	t.Parallel()
	down := &meet.Error{Kind: meet.Unavailable, Key: "error.portal_down"}
	cases := []struct {
		name   string
		member meet.Member
		agreed bool
		change func(*portal)
		kind   meet.Kind
	}{
		{"no administrator", nobody, true, func(*portal) {}, meet.Forbidden},
		{"no administrator, no consent", nobody, false, func(*portal) {}, meet.Forbidden},
		{"an administrator no longer", admin, true, func(c *portal) { c.admin = false }, meet.Forbidden},
		{"no consent", admin, false, func(*portal) {}, meet.Invalid},
		{"Bitrix24 is down", admin, true, func(c *portal) { c.lost = down }, meet.Unavailable},
	}
	for _, test := range cases {
		c := newPortal()
		c.settings = meet.Settings{}
		test.change(c)
		err := c.use().Designate(t.Context(), test.member, test.agreed)
		if err == nil || meet.KindOf(err) != test.kind || c.settings != (meet.Settings{}) {
			t.Errorf("%s: %v, settings %+v", test.name, err, c.settings)
		}
		if c.asked[0] != "self now "+map[int64]string{1: "1", 7: "7"}[test.member.User] {
			t.Errorf("%s: asked %v", test.name, c.asked)
		}
	}
	c := newPortal()
	c.settings = meet.Settings{Designated: 5}
	if err := c.use().Designate(t.Context(), admin, true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(meet.Settings{Designated: 1, Since: consented}, c.settings); diff != "" {
		t.Error(diff)
	}
	c.settings = meet.Settings{}
	var fault *meet.Error
	if err := c.use().Designate(t.Context(), admin, false); !errors.As(err, &fault) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(consent, fault.Fields); diff != "" {
		t.Error(diff)
	}
}

// TestWithdraw: administrators can, and he whose account it is even when he is none
// any more or Bitrix24 is down.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		member meet.Member
		change func(*portal)
		kind   meet.Kind
		done   bool
	}{
		{"his own", admin, func(*portal) {}, 0, true},
		{"his own, no administrator any more", admin, func(c *portal) { c.admin = false }, 0, true},
		{"his own, Bitrix24 is down", admin, func(c *portal) { c.lost = errors.New("down") }, 0, true},
		{"another's, as an administrator", admin, func(c *portal) { c.settings.Designated = 5 }, 0, true},
		{"another's, as nobody", nobody, func(*portal) {}, meet.Forbidden, false},
		{"another's, no administrator any more", admin, func(c *portal) { c.settings.Designated, c.admin = 5, false }, meet.Forbidden, false},
	}
	for _, test := range cases {
		c := newPortal()
		test.change(c)
		err := c.use().Withdraw(t.Context(), test.member)
		if (err == nil) != test.done || err != nil && meet.KindOf(err) != test.kind || (c.settings == meet.Settings{}) != test.done {
			t.Errorf("%s: %v, settings %+v", test.name, err, c.settings)
		}
	}
}

// TestStanding is what administrators are told.
func TestStanding(t *testing.T) {
	t.Parallel()
	boss := meet.Person{ID: 1, Name: "Boss", Active: true}
	set := meet.Settings{Designated: 1, Since: consented}
	cases := []struct {
		name   string
		member meet.Member
		change func(*portal)
		want   meet.SettingsStatus
		kind   meet.Kind // when not Internal: no standing
	}{
		{"nobody", nobody, func(*portal) {}, meet.SettingsStatus{}, meet.Forbidden},
		{"nothing decided", admin, func(c *portal) { c.settings = meet.Settings{} }, meet.SettingsStatus{Admin: true}, 0},
		{"in use", admin, func(*portal) {}, meet.SettingsStatus{Settings: set, Person: boss, Admin: true}, 0},
		{"demoted, to himself", admin, func(c *portal) { c.admin = false }, meet.SettingsStatus{Settings: set, Person: boss, Delegate: meet.DelegateNotAdmin}, 0},
		{"demoted, to nobody", nobody, func(c *portal) { c.admin = false }, meet.SettingsStatus{}, meet.Forbidden},
		{"signed out", admin, func(c *portal) { c.lost = &meet.Error{Kind: meet.SignedOut} }, meet.SettingsStatus{Settings: set, Person: boss, Delegate: meet.DelegateSignedOut}, 0},
		{"shut out", admin, func(c *portal) { c.lost = &meet.Error{Kind: meet.Unsupported} }, meet.SettingsStatus{Settings: set, Person: boss, Delegate: meet.DelegateSignedOut}, 0},
		{"down", admin, func(c *portal) { c.lost = &meet.Error{Kind: meet.Unavailable} }, meet.SettingsStatus{Settings: set, Person: boss, Delegate: meet.DelegateUnasked}, 0},
		{"another administrator's", admin, func(c *portal) { c.settings.Designated = 7 }, meet.SettingsStatus{
			Settings: meet.Settings{Designated: 7, Since: consented}, Person: newPortal().people[7], Delegate: meet.DelegateNotAdmin, Admin: true,
		}, 0},
	}
	for _, test := range cases {
		c := newPortal()
		c.people[1] = boss
		test.change(c)
		got, err := c.use().Read(t.Context(), test.member)
		if test.kind != meet.Internal {
			if err == nil || meet.KindOf(err) != test.kind {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", test.name, err, diff)
		}
	}
}
