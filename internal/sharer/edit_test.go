package sharer_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

// TestLinkEdit: what is given of a link is changed and all else stays; a link that rolls no
// longer keeps the days that it has reached.
func TestLinkEdit(t *testing.T) {
	t.Parallel()
	s, _, c := newSharer(t)
	link, token := made(t, s, twoDays+"&offer=rolling&ahead=2&title=Demo&note=hi&show=names&reply=anna@example.com")
	edit := func(form string) (meet.Link, error) {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Edit(t.Context(), link, values)
		link, _ = s.One(t.Context(), owner, link.ID)
		return link, err
	}
	before := link
	if got, err := edit(""); err != nil || got.Version != before.Version+1 {
		t.Errorf("version %d, %v", got.Version, err)
	}
	before.Version++
	if diff := cmp.Diff(before.Edit(), link.Edit(), cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("nothing was given: %s", diff)
	}
	c.pass(24 * time.Hour)
	if got, err := edit("slot=2026-11-25T09:00:00Z"); err != nil || got.Days != 0 || got.Query.From.String() != "2026-11-25" || got.Query.To.String() != "2026-11-26" {
		t.Errorf("%s to %s, %v", got.Query.From, got.Query.To, err)
	}
	if diff := cmp.Diff([]string{"25 10:00"}, starts(t, look(t, s, token))); diff != "" {
		t.Error(diff)
	}
	if _, err := edit("note=&host=0&reply=&show=nothing&offer=all&title=New"); err != nil {
		t.Error(err)
	}
	if o := look(t, s, token); len(o.Slots) < 9 || o.Note+o.Host+o.Reply != "" || o.Title != "New" || o.Names != nil {
		t.Errorf("%+v", o)
	}
	if got, err := edit("from=2026-12-01&to=2026-12-02"); err != nil || got.Query.From.String() != "2026-12-01" || got.Query.To.String() != "2026-12-02" {
		t.Errorf("%s to %s, %v", got.Query.From, got.Query.To, err)
	}
	for _, start := range starts(t, look(t, s, token)) {
		if day := start[:2]; day != "01" && day != "02" {
			t.Errorf("after the days were changed, a time on %s", start)
		}
	}
	for form, field := range map[string]string{
		"from=2026-12-03": "to", "to=2026-02-30": "to", "from=x": "from", "from=2026-11-01&to=2026-11-02": "to", "to=2027-12-01&from=2027-11-30": "to",
		"to=2027-04-01": "to",
		"title=a%0Ab":   "title", "note=%00": "note", "show=all": "show", "host=yes": "host", "reply=me": "reply", "offer=picked": "slot",
		"ahead=0": "ahead", "expires=": "expires", "expires=2026-11-23": "expires", "offer=rolling&ahead=0&from=x": "ahead",
	} {
		if _, err := edit(form); fieldsOf(err)[field] == "" || len(fieldsOf(err)) != 1 {
			t.Errorf("%s: %v", form, err)
		}
	}
}
