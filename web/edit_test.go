package web

import (
	"net/url"
	"testing"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	const me = 7
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
