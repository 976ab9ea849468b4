package sweep

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/civil"
)

// A scene is a search that a person would judge at a glance: which time comes first, and
// the reason in one sentence. Unless it says otherwise, an hour is sought in one working
// week, on Sunday evening, and everybody is in Berlin from nine to six.
type scene struct {
	name    string
	because string
	first   string // any of these, separated by "or": "Mon 10:00", "Mon 09:30–11:30" for every half hour of these
	people  []Person
	ask     func(*Rules)
}

// Days of scenes are called Mon to Sun, and Mon2 to Sun2 in the week after.
var sceneMonday = civil.Date{Year: 2026, Month: 12, Day: 7}

// sceneDay returns the day of a name.
func sceneDay(name string) civil.Date {
	week := strings.TrimSuffix(name, "2")
	day := slices.Index([]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}, week)
	return sceneMonday.Add(day + 7*(len(name)-len(week)))
}

// sceneSpan reads "Mon 12:00–13:00" in Berlin.
func sceneSpan(s string) civil.Span {
	day, hours, _ := strings.Cut(s, " ")
	from, to, _ := strings.Cut(hours, "–")
	at := func(clock string) civil.Minute {
		m, _ := civil.Instant(zone("Europe/Berlin"), sceneDay(day), sceneClock(clock))
		return m
	}
	return civil.Span{Start: at(from), End: at(to)}
}

// sceneClock reads "12:00".
func sceneClock(s string) (minutes int) {
	var hour, minute int
	if _, err := fmt.Sscanf(s, "%d:%d", &hour, &minute); err != nil {
		panic(err)
	}
	return hour*60 + minute
}

// meets is a person with events at these times.
func meets(p Person, spans ...string) Person {
	for _, s := range spans {
		p.Blocks = append(slices.Clone(p.Blocks), Block{Span: sceneSpan(s)})
	}
	return p
}

// maybe is a person with tentative events at these times.
func maybe(p Person, spans ...string) Person {
	for _, s := range spans {
		p.Blocks = append(slices.Clone(p.Blocks), Block{Span: sceneSpan(s), Kind: Tentative})
	}
	return p
}

// only is a person who is away but at these times.
func only(p Person, spans ...string) Person {
	free := civil.Set{}
	for _, s := range spans {
		free = civil.Union(append(free, sceneSpan(s))...)
	}
	all := civil.Span{Start: sceneSpan("Mon 00:00–01:00").Start - civil.Day, End: sceneSpan("Sun2 23:00–24:00").End}
	for _, taken := range civil.Union(all).Subtract(free) {
		p.Blocks = append(slices.Clone(p.Blocks), Block{Span: taken, Kind: Absent})
	}
	return p
}

// everybody is three people who are away but at these times.
func everybody(spans ...string) []Person {
	return []Person{only(tom, spans...), only(anna, spans...), only(lukas, spans...)}
}

// notNeeded is a person who need not come.
func notNeeded(p Person) Person { p.Required = false; return p }

// weekdays are hours from Monday to Friday.
func weekdays(ranges ...civil.Range) *Hours {
	h := &Hours{}
	for d := time.Monday; d <= time.Friday; d++ {
		h.Week[d] = ranges
	}
	return h
}

func hours(from, to int) civil.Range { return civil.Range{Start: from * 60, End: to * 60} }

// colleague works in the hours of an office elsewhere.
func colleague(id int64, place string, h *Hours) Person {
	return Person{ID: id, Required: true, Zone: zone(place), Hours: h}
}

var (
	nineToSix = weekdays(hours(9, 18))
	tom       = colleague(1, "Europe/Berlin", nineToSix)
	anna      = colleague(2, "Europe/Berlin", nineToSix)
	lukas     = colleague(3, "Europe/Berlin", nineToSix)
)

func twoWeeks(r *Rules)  { r.To = r.To.Add(7) }
func oneDay(r *Rules)    { r.To = r.From }
func tentative(r *Rules) { r.TentativeFree = true }

// tenToTen lets the search begin on Monday at 09:50.
func tenToTen(r *Rules) { r.Now = sceneSpan("Mon 09:50–10:00").Start }

// question is the question of a scene.
func (c *scene) question() Input {
	in := Input{People: c.people, Rules: Rules{
		Zone: zone("Europe/Berlin"), From: sceneMonday, To: sceneMonday.Add(4), Now: sceneSpan("Mon 00:00–01:00").Start - 6*60,
		Duration: 60, Step: 15, Hours: civil.Range{End: fullDay}, Days: [7]bool{true, true, true, true, true, true, true}, Work: true,
	}}
	if c.ask != nil {
		c.ask(&in.Rules)
	}
	return in
}

// firsts lists the starts of which one must come first, as the test names them.
func (c *scene) firsts() (list []string) {
	for _, s := range strings.Split(c.first, " or ") {
		day, clock, _ := strings.Cut(s, " ")
		from, to, isRange := strings.Cut(clock, "–")
		if !isRange {
			to = from
		}
		for m := sceneClock(from); m <= sceneClock(to); m += 30 {
			list = append(list, fmt.Sprintf("%s %02d:%02d", day, m/60, m%60))
		}
	}
	return list
}

// named calls a start as scenes do.
func named(start civil.Minute) string {
	d, clock := reading(zone("Europe/Berlin"), start)
	week := ""
	if d.Sub(sceneMonday) >= 7 {
		week = "2"
	}
	return fmt.Sprintf("%s%s %02d:%02d", d.Weekday().String()[:3], week, clock/60, clock%60)
}

// TestScenes holds the ranking to what people agreed on before there were weights.
func TestScenes(t *testing.T) {
	t.Parallel()
	for _, c := range slices.Concat(agreedScenes, ownScenes) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			slots := best(c.question())
			if len(slots) == 0 {
				t.Fatal("no time at all")
			}
			if got := named(slots[0].Start); !slices.Contains(c.firsts(), got) {
				t.Errorf("%s is first, not %s: %s", got, c.first, c.because)
			}
		})
	}
}
