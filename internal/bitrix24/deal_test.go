package bitrix24

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// audiencesOf are the audiences of the seeded company, as one of its people sees them.
func audiencesOf(t *testing.T, user int64, scopes ...string) (*world, *Audiences) {
	t.Helper()
	p := portalsim.Company(portalsim.Date{Year: 2026, Month: 3, Day: 4})
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	w, c := newWorld(t, p, user, func() time.Time { return now })
	w.sim.AddApp(portalsim.App{ClientID: appID, ClientSecret: "s", Scopes: append([]string{"calendar", "user_brief"}, scopes...)})
	w.token = p.IssueToken(appID, int(user)).Access
	return w, NewAudiences(c)
}

// batches counts the requests so far.
func batches(w *world) int {
	n := 0
	for _, r := range w.portal.Requests() {
		if r.Method == "batch" {
			n++
		}
	}
	return n
}

// A deal's people are those who are responsible for it, created it or observe it, and those who
// are responsible for its contacts. They are found in two requests.
func TestPeopleOfADeal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		user   int64
		id     int64
		scopes []string
		want   []int64
		cost   int
	}{
		{"with observers and contacts", 2, 801, []string{"crm"}, []int64{2, 1, 6, 24}, 2},
		{"without", 2, 802, []string{"crm"}, []int64{11, 2}, 1},
		{"an extranet user may ask for less", 47, 801, []string{"crm"}, []int64{2, 1}, 1},
		{"no such deal", 2, 999, []string{"crm"}, nil, 1},
		{"the app may not ask", 2, 801, nil, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, audiences := audiencesOf(t, c.user, c.scopes...)
			before := batches(w)
			for range 2 {
				got, err := audiences.Members(t.Context(), w.member, []meet.Audience{{Kind: meet.AudienceDeal, ID: c.id}})
				if diff := cmp.Diff([][]int64{c.want}, got); diff != "" || err != nil {
					t.Errorf("(-want +got): %s %v", diff, err)
				}
			}
			if cost := batches(w) - before; cost != c.cost {
				t.Errorf("%d requests, want %d", cost, c.cost)
			}
		})
	}
}

// In whatever form the portal's version has them, and however many contacts there are: there is
// one more request at most, for 50 of them.
func TestPeopleOfADealWithManyContacts(t *testing.T) {
	t.Parallel()
	w, audiences := audiencesOf(t, 2, "crm")
	w.portal.Change(func(p *portalsim.Portal) {
		for id := 1000; id < 1200; id++ {
			p.Deals[0].Contacts = append(p.Deals[0].Contacts, id)
			p.Contacts = append(p.Contacts, &portalsim.Contact{ID: id, Name: fmt.Sprint("Contact ", id), Assigned: id - 990})
		}
	})
	before := batches(w)
	got, err := audiences.Members(t.Context(), w.member, []meet.Audience{{Kind: meet.AudienceDeal, ID: 801}})
	if err != nil || len(got[0]) < 40 || len(got[0]) > 54 || batches(w)-before != 2 {
		t.Errorf("%d people, %d requests, %v", len(got[0]), batches(w)-before, err)
	}
}

// People who are no employees are named with the reason, as far as the portal tells the member.
func TestOutsiders(t *testing.T) {
	t.Parallel()
	ids := []int64{47, 190, 17, 9999, 47}
	for _, c := range []struct {
		name   string
		user   int64
		scopes []string
		want   []meet.Outsider
	}{
		{"with the messenger", 2, []string{"im"}, []meet.Outsider{
			{ID: 47, Name: "Hélène Marchetti", Kind: meet.OutsiderGuest},
			{ID: 190, Name: "Notetaker", Kind: meet.OutsiderBot},
			{ID: 17, Name: "Klaus Brandt", Kind: meet.OutsiderDismissed},
			{ID: 9999},
		}},
		{"without it", 2, nil, []meet.Outsider{{ID: 47}, {ID: 190}, {ID: 17, Name: "Klaus Brandt", Kind: meet.OutsiderDismissed}, {ID: 9999}}},
		{"as an administrator", 1, nil, []meet.Outsider{
			{ID: 47, Name: "Hélène Marchetti", Kind: meet.OutsiderGuest}, {ID: 190}, {ID: 17, Name: "Klaus Brandt", Kind: meet.OutsiderDismissed}, {ID: 9999},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, audiences := audiencesOf(t, c.user, c.scopes...)
			before := batches(w)
			for range 2 {
				got, err := audiences.Outsiders(t.Context(), w.member, ids)
				if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
					t.Errorf("(-want +got): %s %v", diff, err)
				}
			}
			if cost := batches(w) - before; cost != 1 {
				t.Errorf("%d requests", cost)
			}
		})
	}
}
