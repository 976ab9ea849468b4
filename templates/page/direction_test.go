package page_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"slotfinder/internal/locale"
	"slotfinder/templates/layout"
	"slotfinder/templates/page"
	"slotfinder/templates/part"
)

// rightToLeft renames people: Hebrew and Arabic by turns, each another one.
func rightToLeft(people []page.Person) []string {
	var names []string
	for i := range people {
		names = append(names, fmt.Sprintf("%s %c", []string{"דנה כהן", "سارة علي"}[i%2], []rune{'א', 'ب'}[i%2]+rune(i/2)))
		people[i].Name = names[i]
	}
	return names
}

// TestNamesKeepTheirOrder: wherever a page shows a name it has a bdi of its own or, in
// sentences and attributes, stands between isolating signs. A Hebrew and an Arabic name
// beside each other would change places without.
func TestNamesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	facts := func(f page.Facts) page.Facts { rightToLeft(f.People); return f }
	names := rightToLeft(sample(t, 60, 1).People)
	people := facts(sample(t, 6, 1)).People
	frame := layout.Frame{Title: "Find a time", Me: &part.Face{ID: 1, Name: names[0]}, Portal: "p.example"}
	heat := facts(sample(t, 6, 5))
	heat.Choice.View = page.HeatMap
	search := view(facts(sample(t, 6, 5)))
	search.Form.Found = &page.PeopleView{Typed: "x", Found: people, Named: 3, Audiences: []page.Audience{{
		Kind: "chat", ID: 7, Name: names[4], People: []int64{1}, Left: []page.Outsider{{Person: people[0]}, {Person: people[1]}},
	}}}
	search.Left = []page.Outsider{{Person: people[0], Why: "guest"}, {Person: people[1], Why: "bot"}}
	search.Form.Values.Set("any", "1:1,2,3")
	account := settings(t)
	account.Account.Name = names[1]
	groups := page.GroupsView{
		Saved:  []page.Kept{{Name: names[2], People: "who=1%2C2", Staff: people}},
		Latest: []page.Kept{{People: "who=1%2C2", Staff: people}},
	}
	for name, content := range map[string]templ.Component{
		"find":     page.Find(view(facts(sample(t, 6, 5)))),
		"heat":     page.Find(view(heat)),
		"many":     page.Find(view(facts(sample(t, 60, 5)))),
		"search":   page.Find(search),
		"nothing":  page.Find(view(facts(nothingFits(t)))),
		"unknown":  page.Find(view(facts(unknownPerson(t)))),
		"series":   page.Find(view(facts(series(t)))),
		"people":   page.People(*search.Form.Found),
		"groups":   page.Groups(groups),
		"settings": page.Settings(account),
	} {
		for _, lang := range []string{"en", "de", "ru"} {
			doc, err := html.Parse(bytes.NewReader(render(t, locale.For(lang), layout.Standalone(frame, content))))
			if err != nil {
				t.Fatal(err)
			}
			if shown := mixed(t, name+" in "+lang, doc, names); shown == 0 {
				t.Errorf("%s shows no name", name)
			}
		}
	}
}

// mixed looks for names without a direction of their own, and counts all.
func mixed(t *testing.T, where string, n *html.Node, names []string) (shown int) {
	t.Helper()
	look := func(text, what string) {
		for _, name := range names {
			isolated := strings.Count(text, "\u2068"+name+"\u2069")
			shown += strings.Count(text, name)
			if strings.Count(text, name) != isolated {
				t.Errorf("%s: %s mixes %q: %.120q", where, what, name, text)
			}
		}
	}
	if n.Type == html.TextNode && (n.Parent.Data != "bdi" || !slices.Contains(names, n.Data)) {
		look(n.Data, "the text of "+n.Parent.Data)
	} else if n.Type == html.TextNode {
		shown++
	}
	for _, a := range n.Attr {
		if a.Key != "value" && !slices.Contains(names, a.Val) {
			look(a.Val, n.Data+"’s "+a.Key)
		}
	}
	for child := range n.ChildNodes() {
		shown += mixed(t, where, child, names)
	}
	return shown
}
