package templates_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/templates/links"
	"slotfinder/templates/share"
)

// Names that are written from right to left keep their order beside each other, on the
// page of a guest and on the form of its owner.
func TestNamesSideBySideKeepTheirOrder(t *testing.T) {
	t.Parallel()
	ctx := locale.With(context.Background(), locale.For("en"))
	hebrew, arabic := "דנה לוי", "سارة حداد"
	var b strings.Builder
	view := share.View{Path: "/s/T", Title: hebrew, Names: []string{hebrew, arabic, "Anna Becker"}, Zone: time.UTC, Now: time.Unix(0, 0)}
	if err := share.Page(view).Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	page := strings.Join(strings.Fields(b.String()), " ")
	if want := "<bdi>" + hebrew + "</bdi>, <bdi>" + arabic + "</bdi>, <bdi>Anna Becker</bdi>"; !strings.Contains(page, want) {
		t.Errorf("the page of a guest has no %s", want)
	}
	if !strings.Contains(page, `<h1 dir="auto">`+hebrew) {
		t.Error("the title has another direction than its text")
	}
	b.Reset()
	if err := links.NewPage(links.Form{Zone: time.UTC, Names: []string{hebrew, arabic}}).Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	if want := "\u2068" + hebrew + "\u2069, \u2068" + arabic + "\u2069"; !strings.Contains(b.String(), want) {
		t.Errorf("the form of the owner has no %q", want)
	}
}
