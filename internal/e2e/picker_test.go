package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// between returns what stands between two texts, "" without them.
func between(text, before, after string) string {
	_, rest, found := strings.Cut(text, before)
	inner, _, closed := strings.Cut(rest, after)
	if !found || !closed {
		return ""
	}
	return inner
}

// startWithCircles is start with an app that may see groups and chats, too.
func startWithCircles(t *testing.T) *harness.Product {
	t.Helper()
	p := harness.Start(t)
	p.Sim.AddApp(portalsim.App{
		ClientID: harness.ClientID, ClientSecret: harness.ClientSecret, Name: "Slotfinder", RedirectURL: p.App + "/bitrix24",
		Scopes: []string{"calendar", "user_brief", "department", "sonet_group", "im"},
	})
	return p
}

// circles asks the picker for circles and writes each as a line.
func circles(p *harness.Product, client *http.Client, text string) (lines []string) {
	p.T.Helper()
	_, body := p.Get(client, "/people?q="+url.QueryEscape(text), harness.AsJSON)
	var found struct {
		Circles []struct {
			Kind, Name string
			People     []int
		}
	}
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		p.T.Fatalf("%v: %.300s", err, body)
	}
	for _, c := range found.Circles {
		lines = append(lines, c.Kind+" "+c.Name+" "+p.Invitable(c.People))
	}
	return lines
}

func TestCircles(t *testing.T) {
	t.Parallel()
	p := startWithCircles(t)
	chat, group := p.Company.Chats[0], p.Company.Groups[0]
	var members []int
	for _, m := range group.Members {
		members = append(members, m.User)
	}
	want := []string{"group " + group.Name + " " + p.Invitable(members), "chat " + chat.Name + " " + p.Invitable(slices.Clone(chat.Members))}
	if diff := cmp.Diff(want, circles(p, p.SignIn(chat.Members[0]), "aurora")); diff != "" {
		t.Errorf("for a member of the chat: %s", diff)
	}
	outsider := p.SignIn(18)
	if slices.Contains(chat.Members, 18) {
		t.Fatal("choose another outsider")
	}
	if diff := cmp.Diff(want[:1], circles(p, outsider, "AURORA")); diff != "" {
		t.Errorf("for somebody outside the chat: %s", diff)
	}
	if diff := cmp.Diff([]string{"department Engineering " + p.DepartmentStaff("Engineering")}, circles(p, outsider, "engineering")); diff != "" {
		t.Errorf("department: %s", diff)
	}
}

// An app that may not see groups and chats still finds people and departments.
func TestCirclesWithoutScopes(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	if got := circles(p, client, "aurora"); got != nil {
		t.Errorf("found %v", got)
	}
	if diff := cmp.Diff([]string{"department Engineering " + p.DepartmentStaff("Engineering")}, circles(p, client, "engineering")); diff != "" {
		t.Errorf("department: %s", diff)
	}
}

// The form speaks of groups in pairs of fields; the address has them as one.
func TestAnyOfForm(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	for _, c := range []struct {
		name, sent, want string
		status           int
	}{
		{"a new group", "me=0&who=1&addany=1:2,3,4&q=x&find=1", "any=1%3A2%2C3%2C4&me=0&who=1", 200},
		{"another number", "me=0&who=1&of=2,3,4&n=2", "any=2%3A2%2C3%2C4&me=0&who=1", 200},
		{"too great a number", "me=0&who=1&of=2,3,4&n=4", "any=4%3A2%2C3%2C4&me=0&who=1", 422},
		{"no number", "me=0&who=1&of=2,3,4&n=", "any=%3A2%2C3%2C4&me=0&who=1", 422},
		{"none any more", "me=0&who=1&of=2,3,4&n=2&leave=2,3,4", "me=0&who=1", 200},
	} {
		response, page := p.Get(client, "/find?"+c.sent, "")
		if got := response.Request.URL.RawQuery; got != c.want || response.StatusCode != c.status {
			t.Errorf("%s: %s %q, want %q", c.name, response.Status, got, c.want)
		}
		grouped := strings.Contains(page, `name="of" value="2,3,4"`)
		if grouped != strings.Contains(c.want, "any=") || strings.Contains(page, `name="opt"`) {
			t.Errorf("%s: the form has the group: %v", c.name, grouped)
		}
		if (c.status == 422) != strings.Contains(page, `id="err-any"`) {
			t.Errorf("%s: %d with or without a message at the group", c.name, c.status)
		}
	}
}

// More people than a search takes are refused in words, not cut.
func TestTooManyPeopleAtOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ids := make([]string, 501)
	for i := range ids {
		ids[i] = strconv.Itoa(i + 1)
	}
	response, page := p.Get(p.SignIn(1), "/find?me=0&add="+strings.Join(ids, ","), "")
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "at most 500") {
		t.Errorf("%s", response.Status)
	}
}

// What can only be typed into an address is shown again where it is wrong.
func TestWrongValuesStay(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	for name, value := range map[string]string{"days": "monday", "step": "7", "tentative": "maybe", "allday": "x", "work": "2", "who": "x", "opt": "-3"} {
		response, page := p.Get(client, "/find?me=0&"+name+"="+value, "")
		field := regexp.MustCompile(`<input [^>]*name="` + name + `" value="` + value + `"[^>]*aria-invalid="true"`)
		if name == "step" {
			field = regexp.MustCompile(`<select [^>]*name="step"[^>]*aria-invalid="true"[^>]*>(<option [^>]*>[^<]*</option>)*<option value="7" selected`)
		}
		if response.StatusCode != http.StatusUnprocessableEntity || !field.MatchString(page) {
			t.Errorf("%s=%s: %s, and it is not shown", name, value, response.Status)
		}
	}
	if _, page := p.Get(client, "/find?me=0&who=2,x,3", ""); !strings.Contains(page, `name="who" value="x,3"`) || !strings.Contains(page, `id="chip-2"`) {
		t.Error("the people after the wrong one are lost")
	}
}
