package portalsim

import (
	"sync"
	"testing"
)

// TestEverythingAtOnce is for the race detector: whatever a test or the
// demonstration may do with a portal at the same time.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for _, act := range []func(){
		func() { w.rest(w.token(7), "user.get", `{"FILTER":{"ACTIVE":true}}`) },
		func() {
			w.rest(w.token(1), "batch", `{"cmd":{"a":"user.get","b":"department.get?ID=$result[a][0][ID]"}}`)
		},
		func() { w.rest(w.token(1), "event.bind", `{"event":"ONAPPTEST","handler":"`+hook+`"}`) },
		func() {
			w.rest(w.token(7), "calendar.accessibility.get", `{"from":"2026-03-01","to":"2026-03-31","users":[1,7]}`)
		},
		func() { w.postForm(tokenURL, refresh(w.portal.IssueToken(worldApp, 7).Refresh)) },
		func() { w.page(7, "/") },
		func() { w.page(7, "/oauth/authorize/?client_id="+worldApp) },
		func() { w.portal.ExpireTokens() },
		func() { w.sim.RevokeRefresh(worldMember, 7) },
		func() { w.portal.Uninstall(worldApp); w.portal.Install(worldApp) },
		func() { w.portal.Fail("profile", HTML502().Times(1)); w.portal.Heal() },
		func() { w.sim.FailAuth("*", HTML502().Times(1)); w.sim.HealAuth() },
		func() { w.portal.Requests(); w.portal.Reset() },
		func() { w.portal.Move("gamma.localhost"); w.portal.Move(worldHost) },
		func() {
			w.portal.AddEvent(Event{Owner: 7, From: On(2026, 3, 12).At(9, 0), To: On(2026, 3, 12).At(10, 0)})
		},
		func() { w.portal.Change(func(p *Portal) { p.user(8).Active = !p.user(8).Active }) },
		func() { w.sim.SetAuth(AuthSwitches{UserIDText: true}) },
		func() { w.pass(1) },
	} {
		all.Go(func() {
			for range 20 {
				act()
			}
		})
	}
	all.Wait()
	w.sim.SetAuth(AuthSwitches{})
	w.portal.Reset()
	same(t, 200, w.rest(w.token(7), "profile", "").Code)
}
