package portalsim_test

import (
	"sync"
	"testing"

	"slotfinder/internal/portalsim"
	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/simtest"
)

// TestEverythingAtOnce is for the race detector: whatever a test or the
// demonstration may do with a portal at the same time.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	var all sync.WaitGroup
	for _, act := range []func(){
		func() { w.Call(w.Token(7), "user.get", `{"FILTER":{"ACTIVE":true}}`) },
		func() {
			w.Call(w.Token(1), "batch", `{"cmd":{"a":"user.get","b":"department.get?ID=$result[a][0][ID]"}}`)
		},
		func() { w.Call(w.Token(1), "event.bind", `{"event":"ONAPPTEST","handler":"`+simtest.Hook+`"}`) },
		func() {
			w.Call(w.Token(7), "calendar.accessibility.get", `{"from":"2026-03-01","to":"2026-03-31","users":[1,7]}`)
		},
		func() {
			w.PostForm(simtest.TokenURL, simtest.Refresh(w.Portal.IssueToken(simtest.ClientID, 7).Refresh))
		},
		func() { w.Page(7, "/") },
		func() { w.Page(7, "/oauth/authorize/?client_id="+simtest.ClientID) },
		func() { w.Portal.ExpireTokens() },
		func() { w.Sim.RevokeRefresh(simtest.MemberID, 7) },
		func() { w.Portal.Uninstall(simtest.ClientID); w.Portal.Install(simtest.ClientID) },
		func() { w.Portal.Fail("profile", fault.HTML502().Times(1)); w.Portal.Heal() },
		func() { w.Sim.FailAuth("*", fault.HTML502().Times(1)); w.Sim.HealAuth() },
		func() { w.Portal.Requests(); w.Portal.Reset() },
		func() { w.Portal.Move("gamma.localhost"); w.Portal.Move(simtest.Host) },
		func() {
			w.Portal.AddEvent(portal.Event{Owner: 7, From: clock.On(2026, 3, 12).At(9, 0), To: clock.On(2026, 3, 12).At(10, 0)})
		},
		func() {
			w.Portal.Change(func(p *portalsim.Portal) { simtest.UserOf(p, 8).Active = !simtest.UserOf(p, 8).Active })
		},
		func() { w.Sim.SetAuth(oauth.Switches{UserIDText: true}) },
		func() { w.Advance(1) },
	} {
		all.Go(func() {
			for range 20 {
				act()
			}
		})
	}
	all.Wait()
	w.Sim.SetAuth(oauth.Switches{})
	w.Portal.Reset()
	simtest.Equal(t, 200, w.Call(w.Token(7), "profile", "").Code)
}
