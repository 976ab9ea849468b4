package find

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"

	"slotfinder/internal/meet"
	"slotfinder/web"
)

// longest is about as long as a URL can be: servers take headers of 64 kB.
const longest = 64_000

// crammed are queries of that length that ask for as much work as they can.
func crammed() map[string]string {
	ids := func(n int) string {
		r := rand.New(rand.NewPCG(1, 2))
		texts := make([]string, n)
		for i := range texts {
			texts[i] = fmt.Sprint(100 + r.IntN(900))
		}
		return strings.Join(texts, ",")
	}
	fill := func(pieces ...string) string {
		var b strings.Builder
		for b.Len() < longest {
			for _, piece := range pieces {
				b.WriteString(piece)
			}
		}
		return b.String()
	}
	several := ids(150)
	return map[string]string{
		"any":               fill("&any=1:", several),
		"small groups":      fill("&any=1:2"),
		"add":               fill("&add=3"),
		"drop":              fill("&drop=4"),
		"drop out of any":   "any=1:" + ids(6000) + fill("&drop=5", "&any=1:6,7"),
		"optional":          "who=" + ids(6000) + fill("&optional=123"),
		"back and forth":    fill("&add=1", "&optional=1", "&required=1", "&drop=1"),
		"groups":            "who=" + ids(6000) + fill("&group=who%3D5%26opt%3D6%26any%3D1:2"),
		"leave":             fill("&of=1,2&n=1&leave=1,2"),
		"one long list":     "who=" + ids(15000),
		"one long list off": "who=" + ids(7000) + "&drop=" + ids(7000),
		"repeats":           fill("&who="),
		"names":             fill("&a"),
		"opt":               fill("&opt=9"),
	}
}

// allocated is how many bytes do takes, however often they are given back.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// read is what a page does with the query of a URL before anybody is looked up.
func read(raw string) (values url.Values, faults map[string]string) {
	asked := web.SentValues(&http.Request{URL: &url.URL{RawQuery: raw}})
	faults = tooMuch(asked)
	values, _ = edit(asked, 7)
	_, _ = meet.ParseQuery(values)
	return values, faults
}

// TestWhatIsSentIsReadInOneGo: the work of reading and editing a query grows with its
// length and no faster, whatever is in it: a list that is gone through once for each of
// its members would take hundreds of megabytes.
func TestWhatIsSentIsReadInOneGo(t *testing.T) {
	most := uint64(0)
	for name, raw := range crammed() {
		var values url.Values
		var faults map[string]string
		bytes := allocated(func() { values, faults = read(raw) })
		most = max(most, bytes)
		if bytes > 200*longest {
			t.Errorf("%s: %d kB for %d kB", name, bytes>>10, len(raw)>>10)
		}
		if written := len(values.Encode()); written > 4*longest {
			t.Errorf("%s: edited it is %d kB long", name, written>>10)
		}
		if faults == nil && name != "names" && name != "drop out of any" {
			t.Errorf("%s: it is not refused", name)
		}
	}
	t.Logf("figure: %d queries of %d kB are read and edited with at most %d kB each", len(crammed()), longest/1000, most>>10)
}

// BenchmarkQueryEdit: reading and editing a URL of 64 kB takes less than 50 ms.
func BenchmarkQueryEdit(b *testing.B) {
	for name, raw := range crammed() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				read(raw)
			}
		})
	}
}

// FuzzQueryEdit: an edited query has nothing left to edit, names everybody once, and is
// no longer than what was sent.
func FuzzQueryEdit(f *testing.F) {
	for _, raw := range crammed() {
		f.Add(raw[:min(len(raw), 2000)])
	}
	f.Add("who=1&opt=2&add=2&required=3&optional=1&drop=3&of=1,2&n=2&group=who%3D5%2C6%26opt%3D8&leave=1,2&after=09:00")
	f.Fuzz(func(t *testing.T, raw string) {
		values := web.SentValues(&http.Request{URL: &url.URL{RawQuery: raw}})
		before := values.Encode()
		once, edited := edit(values, 7)
		if values.Encode() != before {
			t.Fatal("what was sent has been changed")
		}
		if twice, again := edit(once, 7); again || twice.Encode() != once.Encode() {
			t.Errorf("edited again it is\n%s, was\n%s", twice.Encode(), once.Encode())
		}
		if !edited {
			return
		}
		length := 0
		for name, all := range once {
			for _, value := range all {
				length += len(name) + len(value) + 2
			}
		}
		if length > 3*len(raw)+100 {
			t.Errorf("%d bytes became %d", len(raw), length)
		}
		if values.Get("me") == once.Get("me") {
			return // nobody has been moved
		}
		both := append(meet.Items(once["who"]), meet.Items(once["opt"])...)
		if n := len(both); len(slices.Compact(slices.Sorted(slices.Values(both)))) != n {
			t.Errorf("somebody stands twice in %v", both)
		}
	})
}
