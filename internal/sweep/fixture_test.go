package sweep

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"slotfinder/internal/civil"
)

// fixture is one company's calendars and a question, in the form in which they
// are also handed to other programs. Times are Unix seconds, half-open.
type fixture struct {
	Name     string          `json:"name"`
	From     int64           `json:"from"`
	To       int64           `json:"to"`
	Days     int             `json:"days"`
	Duration int             `json:"durationSec"`
	Step     int             `json:"granSec"`
	Quorum   int             `json:"quorum"`
	Work     fixtureHours    `json:"work"`
	People   []fixturePerson `json:"people"`
}

type fixtureHours struct {
	Start int   `json:"startMin"`
	End   int   `json:"endMin"`
	Days  []int `json:"days"` // 0 = Sunday, in each person's own zone
}

type fixturePerson struct {
	ID   int        `json:"id"`
	Zone string     `json:"tz"`
	Busy [][2]int64 `json:"busy"`
}

// sizes are the cases that are measured; each contains the change of Europe's clocks on
// 29 March 2026. A u after the name means unsorted. The smallest has many groups, which are
// asked about in turn: with the same 300 intervals again and again, the processor would
// learn every branch that sorting them takes.
var sizes = []struct {
	name                 string
	groups, people, days int
	from                 time.Time
}{
	{"S", 24, 5, 14, time.Date(2026, 3, 23, 0, 0, 0, 0, time.UTC)},
	{"M", 1, 50, 31, time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)},
	{"L", 1, 500, 92, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)},
	{"XL", 1, 5000, 92, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)},
}

// newFixtures makes the groups of a case, always the same. If SLOTFINDER_FIXTURES names a
// folder, its files are measured instead, one for each case, in the form of a fixture.
func newFixtures(tb testing.TB, size int, shuffled bool) []fixture {
	if os.Getenv("SLOTFINDER_FIXTURES") != "" {
		return []fixture{newFixture(tb, size, shuffled)}
	}
	groups := make([]fixture, sizes[size].groups)
	for i := range groups {
		groups[i] = newGroup(size, i, shuffled)
	}
	return groups
}

// newFixture makes the first group of a case.
func newFixture(tb testing.TB, size int, shuffled bool) fixture {
	if dir := os.Getenv("SLOTFINDER_FIXTURES"); dir != "" {
		return readFixture(tb, filepath.Join(dir, nameOf(size, shuffled)+".json"))
	}
	return newGroup(size, 0, shuffled)
}

func nameOf(size int, shuffled bool) string {
	if shuffled {
		return sizes[size].name + "u"
	}
	return sizes[size].name
}

// newGroup makes calendars: working days with four to eight meetings, weekends with hardly
// any, duplicates, odd minutes, all-day events, and two mornings a week that are free for
// everybody.
func newGroup(size, group int, shuffled bool) fixture {
	c := sizes[size]
	f := fixture{
		Name: nameOf(size, shuffled), From: c.from.Unix(), To: c.from.AddDate(0, 0, c.days).Unix(), Days: c.days,
		Duration: 3600, Step: 900, Quorum: (c.people*3 + 4) / 5,
		Work: fixtureHours{540, 1080, []int{1, 2, 3, 4, 5}},
	}
	zones := []string{"Europe/Moscow", "Europe/Berlin", "Asia/Yekaterinburg", "Europe/London"}
	for p := range c.people {
		r := rand.New(rand.NewPCG(2026, uint64(group*c.people+p)))
		person := fixturePerson{ID: p + 1, Zone: zones[p%len(zones)]}
		z := zone(person.Zone)
		for d := -1; d <= c.days; d++ {
			for _, b := range fixtureDay(r, time.Date(c.from.Year(), c.from.Month(), c.from.Day()+d, 0, 0, 0, 0, z)) {
				if b[1] > f.From && b[0] < f.To && !kept(b) {
					person.Busy = append(person.Busy, b)
				}
			}
		}
		if shuffled {
			r.Shuffle(len(person.Busy), func(i, j int) { person.Busy[i], person.Busy[j] = person.Busy[j], person.Busy[i] })
		}
		f.People = append(f.People, person)
	}
	return f
}

func readFixture(tb testing.TB, path string) (f fixture) {
	body, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(body, &f)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// fixtureDay draws one person's day, in order of time.
func fixtureDay(r *rand.Rand, midnight time.Time) [][2]int64 {
	var day [][2]int64
	clock := func(minute int) int64 {
		return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, minute, 0, 0, midnight.Location()).Unix()
	}
	if r.IntN(60) == 0 {
		day = append(day, [2]int64{clock(0), clock(1440)})
	}
	meetings := 4 + r.IntN(5)
	if weekday := midnight.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		meetings = r.IntN(2)
	}
	starts := make([]bool, 44)
	for range meetings {
		starts[r.IntN(len(starts))] = true
	}
	for quarter, busy := range starts {
		if !busy {
			continue
		}
		start, length := 8*60+15*quarter, []int{15, 30, 30, 30, 45, 60, 60, 90, 120}[r.IntN(9)]
		if r.IntN(16) == 0 {
			start, length = start+r.IntN(15), length+r.IntN(7)
		}
		b := [2]int64{clock(start), clock(start) + int64(length)*60}
		day = append(day, b)
		if r.IntN(20) == 0 {
			day = append(day, b)
		}
	}
	return day
}

// kept reports whether b overlaps the hour and a half that stays free for all on Tuesdays
// and Thursdays.
func kept(b [2]int64) bool {
	for day := b[0]/86400 - 1; day*86400 < b[1]; day++ {
		weekday := time.Unix(day*86400, 0).UTC().Weekday()
		start := day*86400 + 10*3600
		if (weekday == time.Tuesday || weekday == time.Thursday) && b[0] < start+5400 && b[1] > start {
			return true
		}
	}
	return false
}

// input turns a fixture into a question to the engine: everybody is required.
func (f fixture) input() Input { return inputs([]fixture{f})[0] }

// inputs turns groups of one office, with the same hours, into questions.
func inputs(groups []fixture) (list []Input) {
	hours := &Hours{}
	for _, day := range groups[0].Work.Days {
		hours.Week[day] = []civil.Range{{Start: groups[0].Work.Start, End: groups[0].Work.End}}
	}
	zones := map[string]*time.Location{}
	for _, f := range groups {
		in := Input{Rules: f.rules()}
		for _, p := range f.People {
			if zones[p.Zone] == nil {
				zones[p.Zone] = zone(p.Zone)
			}
			in.People = append(in.People, Person{
				ID: int64(p.ID), Required: true, Zone: zones[p.Zone], Hours: hours, Blocks: p.blocks(),
			})
		}
		list = append(list, in)
	}
	return list
}

func (f fixture) rules() Rules {
	utc := func(seconds int64) civil.Date { return civil.DateOf(time.Unix(seconds, 0).UTC()) }
	return Rules{
		Zone: time.UTC, From: utc(f.From), To: utc(f.To - 1), Duration: f.Duration / 60, Step: f.Step / 60,
		Hours: civil.Range{Start: 0, End: 1440}, Days: [7]bool{true, true, true, true, true, true, true}, Work: true,
	}
}

func (p fixturePerson) blocks() (list []Block) {
	for _, b := range p.Busy {
		list = append(list, Block{Span: civil.Span{Start: civil.Minute(b[0] / 60), End: civil.Minute((b[1] + 59) / 60)}})
	}
	return list
}

// intervals returns how many busy intervals the groups have.
func intervals(groups []fixture) (n int) {
	for _, f := range groups {
		for _, p := range f.People {
			n += len(p.Busy)
		}
	}
	return n
}

// A fixture can be written to a file and read again.
func TestFixtureForm(t *testing.T) {
	t.Parallel()
	const form = `{"name":"M","from":1773014400,"to":1775692800,"days":31,"durationSec":3600,"granSec":900,"quorum":30,
		"work":{"startMin":540,"endMin":1080,"days":[1,2,3,4,5]},
		"people":[{"id":1,"tz":"Europe/Moscow","busy":[[1773039600,1773043200]]}]}`
	ours, err := json.Marshal(newFixture(t, 0, false))
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{"by hand": form, "ours": string(ours)} {
		path := filepath.Join(t.TempDir(), "fixture.json")
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		f := readFixture(t, path)
		back, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if want := regexp.MustCompile(`\s`).ReplaceAllString(body, ""); want != string(back) {
			t.Errorf("%s: read and written again %s, not %s", name, back, want)
		}
		in := f.input()
		if len(in.People) != len(f.People) || in.Rules.Duration != 60 || in.Rules.Step != 15 || len(in.People[0].Blocks) != len(f.People[0].Busy) {
			t.Errorf("%s: %d people, rules %+v", name, len(in.People), in.Rules)
		}
	}
}
