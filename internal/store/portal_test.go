package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

func TestPortal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		_, err := s.Portal(ctx, "m1")
		wantKind(t, err, meet.NotFound)
		want := auth.Portal{
			PortalID: "m1", Host: "firma.bitrix24.de", Endpoint: "https://firma.bitrix24.de/rest/",
			AuthServer: "https://oauth.bitrix.info", AppToken: "sealed", ClientID: "app.1", Scope: "calendar,user",
		}
		must(t, s.SavePortal(ctx, want))
		got, err := s.Portal(ctx, "m1")
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}

		moved := auth.Portal{
			PortalID: "m1", Host: "new.example", Endpoint: "https://new.example/rest/",
			AuthServer: "https://oauth.bitrix24.tech", ClientID: "app.2", Scope: "user",
		}
		must(t, s.SavePortal(ctx, moved))
		got, err = s.Portal(ctx, "m1")
		must(t, err)
		moved.AppToken = "sealed" // an empty one leaves it
		if diff := cmp.Diff(moved, got); diff != "" {
			t.Error(diff)
		}
		_, err = s.PortalByHost(ctx, "firma.bitrix24.de")
		wantKind(t, err, meet.NotFound)
	})
}

func TestMovePortal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		wantKind(t, s.MovePortal(ctx, "m1", "new.example", "https://new.example/rest/"), meet.NotFound)
		want := savePortal(t, s, "m1")
		must(t, s.SavePortal(ctx, auth.Portal{PortalID: "m2", Host: "new.example"}))
		must(t, s.MovePortal(ctx, "m1", "new.example", "https://new.example/rest/"))
		want.Host, want.Endpoint = "new.example", "https://new.example/rest/"
		got, err := s.PortalByHost(ctx, "new.example")
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPortalByHostIsTheLastOne(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for _, step := range []struct{ save, want string }{{"m1", "m1"}, {"m3", "m3"}, {"m2", "m2"}, {"m1", "m1"}} {
			must(t, s.SavePortal(t.Context(), auth.Portal{PortalID: step.save, Host: "same.example"}))
			got, err := s.PortalByHost(t.Context(), "same.example")
			must(t, err)
			if got.PortalID != step.want {
				t.Errorf("%s instead of %s", got.PortalID, step.want)
			}
		}
	})
}

func TestDeletePortalTakesAllOfItAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for _, portal := range []string{"m1", "m2"} {
			savePortal(t, s, portal)
			must(t, s.SaveGrant(ctx, auth.Grant{Member: meet.Member{Portal: portal, User: 7}, Expires: now}))
			must(t, s.SaveSession(ctx, session("session of "+portal, portal, 7, now.Add(time.Hour))))
		}
		must(t, s.DeletePortal(ctx, "m1"))
		must(t, s.DeletePortal(ctx, "m1")) // twice is as good as once

		_, err := s.Portal(ctx, "m1")
		wantKind(t, err, meet.NotFound)
		_, err = s.Grant(ctx, meet.Member{Portal: "m1", User: 7})
		wantKind(t, err, meet.NotFound)
		if sessionFound(t, s, "session of m1") {
			t.Error("a session outlives its portal")
		}
		_, err = s.Grant(ctx, meet.Member{Portal: "m2", User: 7})
		must(t, err)
		if !sessionFound(t, s, "session of m2") {
			t.Error("the other portal lost something")
		}
	})
}
