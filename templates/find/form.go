package find

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

const mostChips = 8 // people shown before the rest is folded away

// value returns what a field shows.
func (f Form) value(name, missing string) string {
	if v := f.Values.Get(name); v != "" {
		return v
	}
	return missing
}

func (f Form) number(name string, missing int) int {
	n, err := strconv.Atoi(f.value(name, ""))
	if err != nil {
		return missing
	}
	return n
}

// durations are the ordinary lengths and, among them, the one asked for.
func (f Form) durations() []int {
	lengths := []int{15, 30, 45, 60, 90}
	if n := f.number("dur", 60); n > 0 && f.Errors["dur"] == "" && !slices.Contains(lengths, n) {
		lengths = append(lengths, n)
		slices.Sort(lengths)
	}
	return lengths
}

// otherLengths are offered as buttons.
func (f Form) otherLengths() []int {
	var lengths []int
	for _, n := range []int{5, 10, 20, 75, 120, 180, 240, 360, 480} {
		if !slices.Contains(f.durations(), n) {
			lengths = append(lengths, n)
		}
	}
	return lengths
}

// was tells the server what the fields showed that move along with one another.
func (f Form) was() string {
	shown := url.Values{}
	for _, name := range []string{"from", "to", "hours", "days"} {
		if len(f.Values[name]) > 0 {
			shown.Set(name, f.typed(name))
		}
	}
	return shown.Encode()
}

// hourFields are the choices of the earliest and the latest time.
func (f Form) hourFields(write func(int) string) (after, before []part.Option) {
	from, to, _ := strings.Cut(f.value("hours", "00:00-24:00"), "-")
	return part.ClockOptions(0, 23*60, 60, from, write), part.ClockOptions(60, 24*60, 60, to, write)
}

// withWrong are options and, chosen among them, the wrong value of a parameter.
func (f Form) withWrong(name string, options []part.Option) []part.Option {
	if f.Errors[name] == "" {
		return options
	}
	for i := range options {
		options[i].Chosen = false
	}
	return append([]part.Option{{Value: f.typed(name), Label: f.typed(name), Chosen: true}}, options...)
}

// wrongDays is what was given for the days of the week and names none, "" when all is
// right or no day is chosen.
func (f Form) wrongDays() string {
	if given := f.typed("days"); f.Errors["days"] != "" && given != meet.NoDays {
		return given
	}
	return ""
}

// steps are the grids of start times to choose from.
func (f Form) steps() []int { return []int{5, 10, 15, 30, 60} }

// extended reports whether one of the options that are folded away is in use or wrong.
func (f Form) extended() bool {
	for _, name := range []string{"step", "work", "tentative", "allday", "buffer", "quorum", "notice", "weeks"} {
		if f.Errors[name] != "" || f.used(name) {
			return true
		}
	}
	return false
}

func (f Form) used(name string) bool {
	switch v := f.Values.Get(name); name {
	case "step":
		return v != "" && v != "15"
	case "work":
		return v == "0"
	case "tentative", "allday":
		return v == "free"
	case "weeks":
		return v != "" && v != "1"
	default:
		return v != "" && v != "0"
	}
}

// split returns the first people and the rest that is folded away. Those who are
// asked only as part of a group are shown there.
func (f Form) split() (first, rest []part.Person) {
	people := slices.DeleteFunc(slices.Clone(f.People), func(p part.Person) bool { return p.Grouped })
	if len(people) <= mostChips+1 {
		return people, nil
	}
	return people[:mostChips], people[mostChips:]
}

// at is an instant at which zones are compared: noon of the first day.
func (f Form) at() time.Time {
	day, err := time.Parse(time.DateOnly, f.value("from", ""))
	if err != nil {
		return time.Time{}.AddDate(2024, 0, 0)
	}
	return day.Add(12 * time.Hour)
}

// typed is a wrong value as it was typed, of a parameter that may be given in several.
func (f Form) typed(name string) string {
	return strings.Join(slices.Compact(slices.Clone(f.Values[name])), ",")
}

// leftOver are the items of a list of people that are not shown otherwise, in a form with
// an error.
func (f Form) leftOver(name string) string {
	if len(f.Errors) == 0 {
		return ""
	}
	shown := make(map[int64]bool, len(f.People))
	for _, p := range f.People {
		shown[p.ID] = true
	}
	var rest []string
	for _, item := range strings.Split(strings.Join(f.Values[name], ","), ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(item), 10, 64)
		if strings.TrimSpace(item) != "" && (err != nil || !shown[n]) {
			rest = append(rest, item)
		}
	}
	return strings.Join(rest, ",")
}

// enough reports whether the search asks for enough people instead of certain ones.
func (f Form) enough() bool { return f.Errors["quorum"] == "" && f.number("quorum", 0) > 0 }

// listed are the required or the optional people shown, as one value of the parameter:
// it may not be sent once for each of them.
func (f Form) listed(required bool) string {
	var ids []int64
	for _, p := range f.People {
		if !p.Grouped && p.Required == required {
			ids = append(ids, p.ID)
		}
	}
	return meet.JoinIDs(ids)
}

// people are the parameters of the people in a form that can be sent.
func (f Form) people() url.Values {
	people := url.Values{}
	add := func(name string, n int64) {
		people.Set(name, strings.TrimPrefix(people.Get(name)+","+part.ID(n), ","))
	}
	for _, p := range f.People {
		switch {
		case p.Required:
			add("who", p.ID)
		case !p.Grouped:
			add("opt", p.ID)
		}
	}
	for _, group := range f.anyOf() {
		people.Add("any", group.count+":"+group.ids)
	}
	return people
}
