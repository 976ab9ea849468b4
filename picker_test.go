package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

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
func startWithCircles(t *testing.T) *product {
	t.Helper()
	p := start(t)
	p.sim.AddApp(portalsim.App{
		ClientID: clientID, ClientSecret: clientSecret, Name: "Slotfinder", RedirectURL: p.app + "/bitrix24",
		Scopes: []string{"calendar", "user_brief", "department", "sonet_group", "im"},
	})
	return p
}

// active returns which of the users can be invited, ascending and with commas.
func (p *product) active(ids []int) string {
	var texts []string
	for _, u := range p.company.Users { // a bot of a chat is none
		if slices.Contains(ids, u.ID) && u.Active && !u.Extranet {
			texts = append(texts, strconv.Itoa(u.ID))
		}
	}
	return strings.Join(texts, ",")
}

// staff returns who works in a department or below it, as active does.
func (p *product) staff(name string) string {
	within := map[int]bool{}
	for _, d := range p.company.Departments {
		within[d.ID] = d.Name == name
	}
	for range p.company.Departments { // as deep as it may be
		for _, d := range p.company.Departments {
			within[d.ID] = within[d.ID] || within[d.Parent]
		}
	}
	var ids []int
	for _, u := range p.company.Users {
		if slices.ContainsFunc(u.Departments, func(d int) bool { return within[d] }) {
			ids = append(ids, u.ID)
		}
	}
	return p.active(ids)
}

// circles asks the picker for circles and writes each as a line.
func (p *product) circles(client *http.Client, text string) (lines []string) {
	p.t.Helper()
	_, body := p.get(client, "/people?q="+url.QueryEscape(text), asJSON)
	var found struct {
		Circles []struct {
			Kind, Name string
			People     []int
		}
	}
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		p.t.Fatalf("%v: %.300s", err, body)
	}
	for _, c := range found.Circles {
		lines = append(lines, c.Kind+" "+c.Name+" "+p.active(c.People))
	}
	return lines
}

func TestCircles(t *testing.T) {
	t.Parallel()
	p := startWithCircles(t)
	chat, group := p.company.Chats[0], p.company.Groups[0]
	var members []int
	for _, m := range group.Members {
		members = append(members, m.User)
	}
	want := []string{"group " + group.Name + " " + p.active(members), "chat " + chat.Name + " " + p.active(slices.Clone(chat.Members))}
	if diff := cmp.Diff(want, p.circles(p.signIn(chat.Members[0]), "aurora")); diff != "" {
		t.Errorf("for a member of the chat: %s", diff)
	}
	outsider := p.signIn(18)
	if slices.Contains(chat.Members, 18) {
		t.Fatal("choose another outsider")
	}
	if diff := cmp.Diff(want[:1], p.circles(outsider, "AURORA")); diff != "" {
		t.Errorf("for somebody outside the chat: %s", diff)
	}
	if diff := cmp.Diff([]string{"department Engineering " + p.staff("Engineering")}, p.circles(outsider, "engineering")); diff != "" {
		t.Errorf("department: %s", diff)
	}
}

// An app that may not see groups and chats still finds people and departments.
func TestCirclesWithoutScopes(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
	if got := p.circles(client, "aurora"); got != nil {
		t.Errorf("found %v", got)
	}
	if diff := cmp.Diff([]string{"department Engineering " + p.staff("Engineering")}, p.circles(client, "engineering")); diff != "" {
		t.Errorf("department: %s", diff)
	}
}

// The form speaks of groups in pairs of fields; the address has them as one.
func TestAnyOfForm(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
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
		response, page := p.get(client, "/find?"+c.sent, "")
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
	p := start(t)
	ids := make([]string, 501)
	for i := range ids {
		ids[i] = strconv.Itoa(i + 1)
	}
	response, page := p.get(p.signIn(1), "/find?me=0&add="+strings.Join(ids, ","), "")
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "at most 500") {
		t.Errorf("%s", response.Status)
	}
}

// A whole department is added, and one of some asked for, without a mouse.
func TestBrowserAddsCircles(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := chromium(t)
	p.signInBy(ctx, "1")
	staff := p.staff("Support")
	search := chromedp.CSS("people-picker input")
	shown := `document.querySelectorAll("people-picker [role=option].sub").length == 2`
	do(t, ctx, chromedp.SendKeys(search, "support"))
	until(t, ctx, shown)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	for id := range strings.SplitSeq(staff, ",") {
		until(t, ctx, `!!document.querySelector("#chip-`+id+`")`)
	}
	until(t, ctx, `new URLSearchParams(location.search).get("who") == "1,`+staff+`"`)

	do(t, ctx, chromedp.SendKeys(search, "support"))
	until(t, ctx, shown)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `new URLSearchParams(location.search).get("any") == "1:`+staff+`"`)
	do(t, ctx, chromedp.Focus(chromedp.CSS(".chip.any input[name=n]")), chromedp.KeyEvent(kb.ArrowUp))
	until(t, ctx, `new URLSearchParams(location.search).get("any") == "2:`+staff+`"`)
	do(t, ctx, chromedp.Focus(chromedp.CSS(".chip.any .x")), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `!new URLSearchParams(location.search).has("any") && !document.querySelector(".chip.any")`)
}

// The same without script.
func TestBrowserAddsCirclesWithoutScript(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := chromium(t)
	p.signInBy(ctx, "1")
	scriptsOff(t, ctx)
	staff := p.staff("Support")
	first, _, _ := strings.Cut(staff, ",")
	find := func(button string) {
		search(t, ctx, p.app+"/find")
		do(t, ctx, chromedp.SendKeys(chromedp.CSS("input[name=q]"), "support\r"))
		do(t, ctx, chromedp.WaitVisible(chromedp.CSS(button)), chromedp.Click(chromedp.CSS(button)))
	}
	find(`.found button[name=add][value="` + staff + `"]`)
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS("#chip-"+first)))
	until(t, ctx, `new URLSearchParams(location.search).get("who") == "1,`+staff+`"`)
	find(`.found button[name=addany]`)
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".chip.any .few")))
	until(t, ctx, `new URLSearchParams(location.search).get("any") == "1:`+staff+`"`)
	do(t, ctx, chromedp.Click(chromedp.CSS(".chip.any .x")))
	until(t, ctx, `!document.querySelector(".chip.any")`)
	find(`.found button[name=optional]`)
	until(t, ctx, `new URLSearchParams(location.search).get("opt") == "`+staff+`"`)
}

// What can only be typed into an address is shown again where it is wrong.
func TestWrongValuesStay(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
	for name, value := range map[string]string{"days": "monday", "step": "7", "tentative": "maybe", "allday": "x", "work": "2", "who": "x", "opt": "-3"} {
		response, page := p.get(client, "/find?me=0&"+name+"="+value, "")
		field := regexp.MustCompile(`<input [^>]*name="` + name + `" value="` + value + `"[^>]*aria-invalid="true"`)
		if response.StatusCode != http.StatusUnprocessableEntity || !field.MatchString(page) {
			t.Errorf("%s=%s: %s, and it is not shown", name, value, response.Status)
		}
	}
	if _, page := p.get(client, "/find?me=0&who=2,x,3", ""); !strings.Contains(page, `name="who" value="x,3"`) || !strings.Contains(page, `id="chip-2"`) {
		t.Error("the people after the wrong one are lost")
	}
}
