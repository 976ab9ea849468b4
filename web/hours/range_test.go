package hours

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Fields that are chosen become what programs send; a range that does not begin is none.
func TestRangesAreJoined(t *testing.T) {
	t.Parallel()
	values := url.Values{
		"mo_from": {"09:00", "13:00", ""}, "mo_to": {"12:00", "18:00", "20:00"}, "tu_from": {""}, "tu_to": {""},
		"we": {"9-17"}, "th_from": {"22:00"}, "th_to": {"06:00"}, "lunch_from": {"from six to noon"}, "lunch_to": {""}, "fr_to": {"17:00"},
	}
	joinRanges(values)
	want := url.Values{
		"mo": {"09:00-12:00, 13:00-18:00"}, "tu": {""}, "we": {"9-17"}, "th": {"22:00-06:00"}, "lunch": {"from six to noon-"}, "fr": {""},
	}
	if diff := cmp.Diff(want, values); diff != "" {
		t.Error(diff)
	}
	many := url.Values{"sa_from": make([]string, 1000), "sa_to": make([]string, 1000)}
	for i := range 1000 {
		many["sa_from"][i], many["sa_to"][i] = "09:00", "10:00"
	}
	joinRanges(many)
	if len(many.Get("sa")) > 100 {
		t.Errorf("%d bytes of ranges", len(many.Get("sa")))
	}
}
