package find

import (
	"net/url"
	"testing"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	const me = 7
	w := func(sent, was string) string { return sent + "&was=" + url.QueryEscape(was) }
	for _, c := range []struct {
		name, sent, want string
		edited           bool
	}{
		{"nothing", "who=1&dur=30", "dur=30&who=1", false},
		{"add what was searched for", "add=5&q=ann&find=1", "me=0&opt=&who=7%2C5", true},
		{"add twice", "who=7,5&me=0&add=5", "me=0&opt=&who=7%2C5", true},
		{"drop me", "who=5&drop=7", "me=0&opt=&who=5", true},
		{"make optional", "who=7,5&me=0&optional=5", "me=0&opt=5&who=7", true},
		{"make required", "who=7&opt=5,6&me=0&required=5", "me=0&opt=6&who=7%2C5", true},
		{"drop keeps what is wrong", "who=7,x&me=0&dur=abc&drop=5", "dur=abc&me=0&opt=&who=7%2Cx", true},
		{"length", "who=5&dur=60&length=30", "dur=30&who=5", true},
		{"hours", "after=08:30&before=", "hours=08%3A30-24%3A00", true},
		{"any hours", "hours=08:00-09:00&after=00:00&before=24:00", "", true},
		{"wrong hours stay", "after=x&before=10:00", "hours=x-10%3A00", true},
		{"add several", "add=5,6,7&q=sales&find=1&opt=6", "me=0&opt=&who=7%2C5%2C6", true},
		{"several optional", "who=7,5&me=0&optional=5,6", "me=0&opt=5%2C6&who=7", true},
		{"drop several", "who=7,5,6&opt=8&me=0&drop=5,8", "me=0&opt=&who=7%2C6", true},
		{"one of some", "addany=1:5,6&q=sales&find=1", "any=1%3A5%2C6", true},
		{"how many of which", "of=5,6&n=2&of=8,9&n=1&any=1:3,4", "any=1%3A3%2C4&any=2%3A5%2C6&any=1%3A8%2C9", true},
		{"how many left open", "of=5,6&n=", "any=%3A5%2C6", true},
		{"number without a group", "n=2", "", false},
		{"groups without a number", "of=5,6", "any=1%3A5%2C6", true},
		{"leave a group", "of=5,6&n=2&of=8,9&n=1&leave=5,6", "any=1%3A8%2C9", true},
		{"leave the only group", "of=5,6&n=2&leave=5,6", "", true},
		{"drop out of a group", "of=5,6&n=2&me=0&who=7&drop=6", "any=1%3A5&me=0&opt=&who=7", true},
		{"drop the last of a group", "of=6&n=1&me=0&who=7&drop=6", "me=0&opt=&who=7", true},
		{"a group", "group=who%3D5%2C6%26opt%3D8%26any%3D1%253A9%252C10&q=des&find=1", "any=1%3A9%2C10&me=0&opt=8&who=7%2C5%2C6", true},
		{"a group of whom some are asked", "me=0&who=7,8&opt=5&any=1:9,10&group=who%3D5%2C6%2C7%26opt%3D8%2C11%26any%3D1%3A9%2C10", "any=1%3A9%2C10&me=0&opt=5%2C11&who=7%2C8%2C6", true},
		{"a group that is none", "who=5&group=%25zz", "me=0&opt=&who=7%2C5", true},
		{"a first day after the last takes it along", w("from=2026-12-14&to=2026-12-11", "from=2026-12-07&to=2026-12-11"), "days=none&from=2026-12-14&to=2026-12-18", true},
		{"a last day before the first takes it along", w("from=2026-12-07&to=2026-12-04", "from=2026-12-07&to=2026-12-11"), "days=none&from=2026-12-04&to=2026-12-04", true},
		{"days that were wrong stay as they are", w("from=2026-12-07&to=2026-12-04", "from=2026-12-07&to=2026-12-04"), "days=none&from=2026-12-07&to=2026-12-04", true},
		{"days of an address stay as they are", "from=2026-12-07&to=2026-12-04", "from=2026-12-07&to=2026-12-04", false},
		{"one day", "from=2026-12-07&to=2026-12-11&pick=2026-12-09", "from=2026-12-09&to=2026-12-09", true},
		{"not before moves not after", w("days=mo&after=18:00&before=17:00", "hours=09:00-17:00"), "days=mo&hours=18%3A00-24%3A00", true},
		{"not after moves not before", w("days=mo&after=15:00&before=14:00", "hours=15:00-17:00"), "days=mo&hours=12%3A00-14%3A00", true},
		{"not before so late that no hour is left", w("days=mo&after=24:00&before=17:00", "hours=09:00-17:00"), "days=mo&hours=23%3A00-24%3A00", true},
		{"one choice replaces wrong hours", w("days=mo&after=x&before=17:00", "hours=x-y"), "days=mo&hours=00%3A00-17%3A00", true},
		{"wrong hours stay until one is chosen", w("days=mo&after=x&before=y", "hours=x-y"), "days=mo&hours=x-y", true},
		{"all days off", w("who=5", "hours="), "days=none&who=5", true},
		{"a day on again", w("days=tu", "days=none"), "days=tu", true},
		{"one choice replaces wrong days", w("days=monday&days=tu", "days=monday"), "days=tu", true},
		{"wrong days switched off are all", w("who=5", "days=monday"), "who=5", true},
		{"wrong days stay until one is chosen", w("days=monday", "days=monday"), "days=monday", true},
		{"a form that says nonsense of itself", "was=%25zz&from=2026-12-07", "from=2026-12-07", false},
		{"empty buttons", "add=&length=&who=5", "who=5", false},
	} {
		sent, err := url.ParseQuery(c.sent)
		if err != nil {
			t.Fatal(err)
		}
		got, edited := edit(sent, me)
		if got.Encode() != c.want || edited != c.edited {
			t.Errorf("%s: %q %v, want %q %v", c.name, got.Encode(), edited, c.want, c.edited)
		}
	}
}
