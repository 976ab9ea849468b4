package bitrix24

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// asked counts the requests that a portal got of a method.
func asked(p *portalsim.Portal, method string) (n int) {
	for _, r := range p.Requests() {
		if r.Method == method {
			n++
		}
	}
	return n
}

// TestSelfIsRememberedForTenMinutes: an administrator who was demoted counts as one
// for no longer than that, and not at all where it matters.
func TestSelfIsRememberedForTenMinutes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	want := func(when string, fresh, admin bool, requests int) {
		t.Helper()
		before := asked(p, "profile")
		got, err := c.Self(t.Context(), w.member, fresh)
		if err != nil || got.User != 1 || got.Admin != admin {
			t.Errorf("%s: %+v, %v", when, got, err)
		}
		if n := asked(p, "profile") - before; n != requests {
			t.Errorf("%s: %d requests instead of %d", when, n, requests)
		}
	}
	want("first", false, true, 1)
	p.Change(func(p *portalsim.Portal) { p.Users[0].Admin = false })
	now = now.Add(10*time.Minute - time.Second)
	want("just before", false, true, 0)
	now = now.Add(time.Second)
	want("then", false, false, 1)
	p.Change(func(p *portalsim.Portal) { p.Users[0].Admin = true })
	want("fresh", true, true, 1)
	want("after a fresh one", false, true, 0)
}

// TestSelfOfSomebodyElse: a token that belongs to another user proves nothing.
func TestSelfOfSomebodyElse(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	other := meet.Member{Portal: w.member.Portal, User: 2}
	for range 2 { // not remembered either
		if got, err := c.Self(t.Context(), other, false); meet.KindOf(err) != meet.Unavailable || got.Admin {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

func TestSelfRemembersNoFailure(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	p.Fail("profile", portalsim.Failure("user_access_error").Times(1))
	if _, err := c.Self(t.Context(), w.member, false); meet.KindOf(err) != meet.Unsupported {
		t.Error(err)
	}
	if got, err := c.Self(t.Context(), w.member, false); err != nil || !got.Admin {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAnAdministratorSeesHiddenCalendars: an administrator is told names of events that a
// colleague isn't, none of which are kept, and when a calendar is busy that is hidden from
// the colleague. What was read for one of them never answers the other, though both ask
// for the same at the same moment.
func TestAnAdministratorSeesHiddenCalendars(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	const dmitry, hidden = 3, 20
	people, during := residents(t, p), civil.Span{Start: civil.Floor(now), End: civil.Floor(now.AddDate(0, 0, 14))}
	see := func(user int64) map[int64]meet.Availability {
		t.Helper()
		w.token = p.IssueToken(appID, int(user)).Access
		found, err := c.Busy(t.Context(), meet.Member{Portal: p.MemberID, User: user}, people, during, false)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for range 2 { // the second time from what is remembered
		admin, colleague := see(1), see(dmitry)
		for _, person := range people {
			if person.ID == hidden {
				continue
			}
			if diff := gocmp.Diff(sortedBlocks(colleague[person.ID].Blocks), sortedBlocks(admin[person.ID].Blocks), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("person %d (-colleague +administrator):\n%s", person.ID, diff)
			}
		}
		// Of hidden calendars everybody sees absences and the meetings they called themselves.
		if n, m := len(admin[hidden].Blocks), len(colleague[hidden].Blocks); n < m+10 {
			t.Errorf("of the hidden calendar an administrator sees %d blocks, the colleague %d", n, m)
		}
	}
	if n := asked(p, availability); n != 2*((len(people)+peoplePerRequest-1)/peoplePerRequest) {
		t.Errorf("%d readings", n)
	}
	titled := func(text string) bool {
		return slices.ContainsFunc(p.Secrets(), func(title string) bool { return strings.Contains(text, title) })
	}
	w.token = p.IssueToken(appID, 1).Access
	err := c.read(t.Context(), w.member, availability, params{"users": []int{2, 5, hidden}, "from": "2026-03-04", "to": "2026-03-31"}, func(body []byte) error {
		if !titled(string(body)) {
			t.Error("the administrator is told no titles: this proves nothing")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for key, item := range c.calendars.items {
		if titled(fmt.Sprintf("%+v", item.Value.(*cacheEntry[personKey, cachedCalendar]).value)) {
			t.Errorf("a title is kept of %+v", key)
		}
	}
}
