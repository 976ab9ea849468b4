package templates_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
	"slotfinder/templates/people"
	"slotfinder/templates/settings"
)

// rightToLeft renames people: Hebrew and Arabic by turns, each another one.
func rightToLeft(people []person) []string {
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
	mirrored := func(f facts) facts { rightToLeft(f.People); return f }
	names := rightToLeft(sample(t, 60, 1).People)
	some := mirrored(sample(t, 6, 1)).people()
	frame := layout.Frame{Title: "Find a time", Me: named(1, names[0]), Portal: "p.example"}
	heat := mirrored(sample(t, 6, 5))
	heat.Choice.View = find.HeatMap
	search := view(mirrored(sample(t, 6, 5)))
	search.Form.Found = &part.Suggestions{Typed: "x", Found: some, Named: 3, Audiences: []part.Audience{{
		Audience: meet.Audience{Kind: "chat", ID: 7, Name: names[4], Members: []int64{1}},
		Left:     []meet.Outsider{{ID: 1, Name: some[0].Name}, {ID: 2, Name: some[1].Name}},
	}}}
	search.Left = []meet.Outsider{{ID: 1, Name: some[0].Name, Kind: "guest"}, {ID: 2, Name: some[1].Name, Kind: "bot"}}
	search.Form.Values.Set("any", "1:1,2,3")
	account := settingsView(t)
	account.Status.Person.Name = names[1]
	groups := people.GroupsView{
		Saved:  []meet.Kept{kept(names[2], some)},
		Latest: []meet.Kept{kept("", some)},
	}
	for name, content := range map[string]templ.Component{
		"find":     find.Page(view(mirrored(sample(t, 6, 5)))),
		"heat":     find.Page(view(heat)),
		"many":     find.Page(view(mirrored(sample(t, 60, 5)))),
		"search":   find.Page(search),
		"nothing":  find.Page(view(mirrored(nothingFits(t)))),
		"unknown":  find.Page(view(mirrored(unknownPerson(t)))),
		"series":   find.Page(view(mirrored(series(t)))),
		"people":   part.SuggestionOptions(*search.Form.Found),
		"groups":   people.Groups(groups),
		"settings": settings.Page(account),
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
