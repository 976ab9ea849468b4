package bitrix24

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// The seeded company's groups and chats with their members, as a member sees them.
func TestAudiencesOfTheCompany(t *testing.T) {
	t.Parallel()
	p := portalsim.Company(portalsim.Date{Year: 2026, Month: 3, Day: 4})
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	w, c := newWorld(t, p, int64(p.Chats[0].Members[0]), func() time.Time { return now })
	w.sim.AddApp(portalsim.App{ClientID: appID, ClientSecret: "s", Scopes: []string{"calendar", "user_brief", "department", "sonet_group", "im"}})
	w.token = p.IssueToken(appID, int(w.member.User)).Access
	audiences := NewAudiences(c)
	got, err := audiences.Audiences(t.Context(), w.member)
	if err != nil {
		t.Fatal(err)
	}
	var want []meet.Audience
	members := map[string][]int64{}
	for _, g := range p.Groups {
		want = append(want, meet.Audience{Kind: meet.AudienceGroup, ID: int64(g.ID), Name: g.Name})
		for _, m := range g.Members {
			members[g.Name] = append(members[g.Name], int64(m.User))
		}
	}
	for _, chat := range p.Chats {
		want = append(want, meet.Audience{Kind: meet.AudienceChat, ID: int64(chat.ID), Name: chat.Name})
		for _, id := range chat.Members {
			members[chat.Name] = append(members[chat.Name], int64(id))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("audiences (-want +got): %s", diff)
	}
	told, err := audiences.Members(t.Context(), w.member, got)
	if err != nil {
		t.Fatal(err)
	}
	for i, audience := range got {
		if diff := cmp.Diff(members[audience.Name], told[i]); diff != "" {
			t.Errorf("%s (-want +got): %s", audience.Name, diff)
		}
	}
}

// outcomesBody is the answer to a batch of audiences.
func outcomesBody(groups, chats string) string {
	result, failed := []string{}, []string{}
	for key, given := range map[string]string{"c0": groups, "c1": chats} {
		if strings.HasPrefix(given, `{"error"`) {
			failed = append(failed, fmt.Sprintf("%q:%s", key, given))
		} else {
			result = append(result, fmt.Sprintf("%q:%s", key, given))
		}
	}
	return fmt.Sprintf(`{"result":{"result":{%s},"result_error":{%s},"result_total":[],"result_next":[]}}`, strings.Join(result, ","), strings.Join(failed, ","))
}

func TestAudiencesRead(t *testing.T) {
	t.Parallel()
	const group = `[{"ID":"10","NAME":"Launch","ACTIVE":"Y"},{"ID":"11","NAME":"Gone","ACTIVE":"N"},{"NAME":"no id"}]`
	const chats = `{"items":[{"id":"chat29","chat_id":29,"type":"chat","title":"Lunch"},{"id":7,"chat_id":3,"type":"user","title":"Anna"},` +
		`{"id":"chat30","chat_id":30,"type":"chat","title":"Launch","chat":{"entity_type":"SONET_GROUP"}},7,null,{"chat_id":[],"type":"chat"}],"hasMore":false}`
	launch := meet.Audience{Kind: meet.AudienceGroup, ID: 10, Name: "Launch"}
	lunch := meet.Audience{Kind: meet.AudienceChat, ID: 29, Name: "Lunch"}
	const noScope, noMethod = `{"error":"insufficient_scope","error_description":"x"}`, `{"error":"ERROR_METHOD_NOT_FOUND","error_description":"x"}`
	for _, c := range []struct {
		name, groups, chats string
		want                []meet.Audience
		kind                meet.Kind
	}{
		{name: "both", groups: group, chats: chats, want: []meet.Audience{launch, lunch}},
		{name: "no scope for groups", groups: noScope, chats: chats, want: []meet.Audience{lunch}},
		{name: "no such method", groups: group, chats: noMethod, want: []meet.Audience{launch}},
		{name: "nothing granted", groups: noScope, chats: noScope},
		{name: "empty lists", groups: `[]`, chats: `[]`},
		{name: "odd lists", groups: `false`, chats: `{"items":false}`},
		{name: "out of date", groups: `{"error":"PORTAL_DELETED"}`, chats: chats, kind: meet.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{"batch": ok(outcomesBody(c.groups, c.chats))})
			audiences := NewAudiences(f.client(t))
			for range 2 {
				got, err := audiences.Audiences(t.Context(), anna)
				if c.kind != meet.Internal {
					if meet.KindOf(err) != c.kind {
						t.Fatal(err)
					}
					return
				}
				if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
					t.Errorf("(-want +got): %s %v", diff, err)
				}
			}
			if f.count() != 1 {
				t.Errorf("%d requests", f.count())
			}
		})
	}
}

func TestMembersRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{"batch": ok(outcomesBody(`[{"USER_ID":"5","ROLE":"A"},{"USER_ID":"7"},{"ROLE":"K"},3]`, `{"error":"ACCESS_ERROR"}`))})
		audiences := NewAudiences(f.client(t))
		ask := []meet.Audience{{Kind: meet.AudienceGroup, ID: 10}, {Kind: meet.AudienceChat, ID: 2}}
		for range 2 {
			got, err := audiences.Members(t.Context(), anna, ask)
			if diff := cmp.Diff([][]int64{{5, 7, 3}, nil}, got); diff != "" || err != nil {
				t.Errorf("(-want +got): %s %v", diff, err)
			}
		}
		commands := commandsOf(t, f.requests[0])
		if commands["c0"].Encode() != "ID=10&method=sonet_group.user.get" || commands["c1"].Encode() != "CHAT_ID=2&method=im.chat.user.list" {
			t.Errorf("asked for %v", commands)
		}
		if _, err := audiences.Members(t.Context(), meet.Member{Portal: anna.Portal, User: 8}, ask); err != nil || f.count() != 2 {
			t.Errorf("what one member was told is shown to another: %d requests, %v", f.count(), err)
		}
		time.Sleep(directoryTTL)
		if _, err := audiences.Members(t.Context(), anna, ask); err != nil || f.count() != 3 {
			t.Errorf("after five minutes: %d requests, %v", f.count(), err)
		}
	})
}
