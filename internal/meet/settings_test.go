package meet

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	admin   = Member{Portal: "p", User: 1}
	nobody  = Member{Portal: "p", User: 7}
	consent = map[string]string{"consent": "settings.consent_needed"}
)

// TestDesignate: an administrator, asked of Bitrix24 at that moment, and nobody but
// himself.
func TestDesignate(t *testing.T) {
	t.Parallel()
	down := &Error{Kind: Unavailable, Key: "error.portal_down"}
	cases := []struct {
		name   string
		member Member
		agreed bool
		change func(*company)
		kind   Kind
	}{
		{"no administrator", nobody, true, func(*company) {}, Forbidden},
		{"no administrator, no consent", nobody, false, func(*company) {}, Forbidden},
		{"an administrator no longer", admin, true, func(c *company) { c.admin = false }, Forbidden},
		{"no consent", admin, false, func(*company) {}, Invalid},
		{"Bitrix24 is down", admin, true, func(c *company) { c.lost = down }, Unavailable},
	}
	for _, test := range cases {
		c := newCompany()
		c.settings = Settings{}
		test.change(c)
		err := c.steward().Designate(t.Context(), test.member, test.agreed)
		if err == nil || KindOf(err) != test.kind || c.settings != (Settings{}) {
			t.Errorf("%s: %v, settings %+v", test.name, err, c.settings)
		}
		if c.asked[0] != "self now "+map[int64]string{1: "1", 7: "7"}[test.member.User] {
			t.Errorf("%s: asked %v", test.name, c.asked)
		}
	}
	c := newCompany()
	c.settings = Settings{Designated: 5}
	if err := c.steward().Designate(t.Context(), admin, true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Settings{Designated: 1, Since: friday}, c.settings); diff != "" {
		t.Error(diff)
	}
	c.settings = Settings{}
	var fault *Error
	if err := c.steward().Designate(t.Context(), admin, false); !errors.As(err, &fault) {
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
		member Member
		change func(*company)
		kind   Kind
		done   bool
	}{
		{"his own", admin, func(*company) {}, 0, true},
		{"his own, no administrator any more", admin, func(c *company) { c.admin = false }, 0, true},
		{"his own, Bitrix24 is down", admin, func(c *company) { c.lost = errors.New("down") }, 0, true},
		{"another's, as an administrator", admin, func(c *company) { c.settings.Designated = 5 }, 0, true},
		{"another's, as nobody", nobody, func(*company) {}, Forbidden, false},
		{"another's, no administrator any more", admin, func(c *company) { c.settings.Designated, c.admin = 5, false }, Forbidden, false},
	}
	for _, test := range cases {
		c := newCompany()
		test.change(c)
		err := c.steward().Withdraw(t.Context(), test.member)
		if (err == nil) != test.done || err != nil && KindOf(err) != test.kind || (c.settings == Settings{}) != test.done {
			t.Errorf("%s: %v, settings %+v", test.name, err, c.settings)
		}
	}
}

// TestStanding is what administrators are told.
func TestStanding(t *testing.T) {
	t.Parallel()
	boss := Person{ID: 1, Name: "Boss", Active: true}
	set := Settings{Designated: 1, Since: friday}
	cases := []struct {
		name   string
		member Member
		change func(*company)
		want   Standing
		kind   Kind // when not Internal: no standing
	}{
		{"nobody", nobody, func(*company) {}, Standing{}, Forbidden},
		{"nothing decided", admin, func(c *company) { c.settings = Settings{} }, Standing{Admin: true}, 0},
		{"in use", admin, func(*company) {}, Standing{Settings: set, Person: boss, Admin: true}, 0},
		{"demoted, to himself", admin, func(c *company) { c.admin = false }, Standing{Settings: set, Person: boss, Fitness: NotAdmin}, 0},
		{"demoted, to nobody", nobody, func(c *company) { c.admin = false }, Standing{}, Forbidden},
		{"signed out", admin, func(c *company) { c.lost = &Error{Kind: SignedOut} }, Standing{Settings: set, Person: boss, Fitness: SignedAway}, 0},
		{"shut out", admin, func(c *company) { c.lost = &Error{Kind: Unsupported} }, Standing{Settings: set, Person: boss, Fitness: SignedAway}, 0},
		{"down", admin, func(c *company) { c.lost = &Error{Kind: Unavailable} }, Standing{Settings: set, Person: boss, Fitness: Unasked}, 0},
		{"another administrator's", admin, func(c *company) { c.settings.Designated = 7 }, Standing{
			Settings: Settings{Designated: 7, Since: friday}, Person: newOffice().people[7], Fitness: NotAdmin, Admin: true,
		}, 0},
	}
	for _, test := range cases {
		c := newCompany()
		c.people[1] = boss
		test.change(c)
		got, err := c.steward().Read(t.Context(), test.member)
		if test.kind != Internal {
			if err == nil || KindOf(err) != test.kind {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", test.name, err, diff)
		}
	}
}
