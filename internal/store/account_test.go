package store

import (
	"fmt"
	"testing"
	"time"

	"slotfinder/internal/meet"
)

func TestCloseAndMembers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for _, portal := range []string{"m1", "m2"} {
			savePortal(t, s, portal)
			must(t, s.SaveAppToken(ctx, portal, "sealed"))
			for i, user := range []int64{7, 8} {
				g := grant(meet.Member{Portal: portal, User: user}, "a")
				g.Expires = now.Add(time.Duration(i) * time.Hour)
				must(t, s.SaveGrant(ctx, g))
				must(t, s.SaveSession(ctx, session(fmt.Sprint(portal, user), portal, user, now.Add(time.Hour))))
			}
			must(t, s.SaveSession(ctx, session(portal+"9", portal, 9, now.Add(time.Hour))))
			must(t, s.SaveFrameCode(ctx, portal, portal, "h", time.Minute))
		}
		users, err := s.Members(ctx, "m1")
		must(t, err)
		if fmt.Sprint(users) != "[8 7 9]" {
			t.Errorf("members %v", users)
		}
		must(t, s.CloseMember(ctx, meet.Member{Portal: "m1", User: 7}))
		if users, _ := s.Members(ctx, "m1"); fmt.Sprint(users) != "[8 9]" {
			t.Errorf("members after one has left: %v", users)
		}
		must(t, s.ClosePortal(ctx, "m1"))
		if users, _ := s.Members(ctx, "m1"); len(users) != 0 {
			t.Errorf("members after the portal was closed: %v", users)
		}
		p, err := s.Portal(ctx, "m1")
		must(t, err)
		if p.AppToken != "" {
			t.Error("the token of the events is still there")
		}
		if users, _ := s.Members(ctx, "m2"); fmt.Sprint(users) != "[8 7 9]" {
			t.Errorf("members of the other portal: %v", users)
		}
		other, err := s.Portal(ctx, "m2")
		must(t, err)
		if _, err := s.TakeFrameCode(ctx, "m2"); other.AppToken == "" || err != nil {
			t.Error("the other portal has lost something")
		}
		keys, err := s.PortalKeys(ctx)
		must(t, err)
		if fmt.Sprint(keys) != "[m1 m2]" {
			t.Errorf("portals %v", keys)
		}
	})
}
