package find

import (
	"net/url"
	"slices"
	"strings"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// moveAlong mends what contradicts itself because one of two fields was changed: the
// other one moves along. was is what the form showed for from, to, hours and days when it
// was sent; an address that was typed has none, and stays as it is.
//
//	was=QUERY  what the form showed
//	pick=DAY   from=DAY, to=DAY
func moveAlong(values url.Values) (edited bool) {
	if day := pluck(values, "pick"); len(day) > 0 {
		values["from"], values["to"], edited = day[:1], day[:1], true
	}
	given := pluck(values, "was")
	if len(given) == 0 {
		return edited
	}
	was, err := url.ParseQuery(given[0])
	if err != nil {
		return edited
	}
	moveDays(values, was)
	moveHours(values, was)
	chooseDays(values, was)
	return true
}

// moveDays keeps the last day from being before the first. A first day that was set after
// the last one takes it along, by the length that the range had.
func moveDays(values, was url.Values) {
	from, err1 := civil.ParseDate(values.Get("from"))
	to, err2 := civil.ParseDate(values.Get("to"))
	if err1 != nil || err2 != nil || !to.Before(from) || unchanged(values, was, "from", "to") {
		return
	}
	if values.Get("to") != was.Get("to") {
		values.Set("from", values.Get("to"))
		return
	}
	length := 0
	if before, err := civil.ParseDate(was.Get("from")); err == nil {
		length = max(0, to.Sub(before))
	}
	values.Set("to", from.Add(length).String())
}

// moveHours does the same to the earliest and the latest time, and drops the wrong one of
// both when the other is chosen.
func moveHours(values, was url.Values) {
	wasAfter, wasBefore, _ := strings.Cut(first(was["hours"], wholeDay), "-")
	after, before := first(values["after"], "00:00"), first(values["before"], "24:00")
	if after == wasAfter && before == wasBefore {
		return
	}
	a, ok1 := part.ReadClock(after)
	b, ok2 := part.ReadClock(before)
	switch {
	case !ok1 && ok2:
		a = 0
	case ok1 && !ok2:
		b = 24 * 60
	case !ok1 && !ok2:
		return
	}
	if a >= b {
		length := hoursBetween(wasAfter, wasBefore)
		if before == wasBefore {
			a = min(a, 23*60)
			b = min(a+length, 24*60)
		} else {
			a = max(b-length, 0)
		}
	}
	values["after"], values["before"] = []string{part.ClockValue(a)}, []string{part.ClockValue(b)}
}

const wholeDay = "00:00-24:00"

// hoursBetween is how long the hours were, an hour at least.
func hoursBetween(after, before string) int {
	a, ok1 := part.ReadClock(after)
	b, ok2 := part.ReadClock(before)
	if !ok1 || !ok2 {
		return 60
	}
	return max(b-a, 60)
}

// chooseDays tells no day, when all were switched off, from days that were never named,
// which are all. The first choice after a wrong value replaces it.
func chooseDays(values, was url.Values) {
	days, shown := meet.Items(values["days"]), meet.Items(was["days"])
	known := slices.DeleteFunc(slices.Clone(days), func(day string) bool { return !meet.IsWeekday(day) })
	wrong := slices.ContainsFunc(shown, func(day string) bool { return !meet.IsWeekday(day) && day != meet.NoDays })
	switch {
	case wrong && slices.Equal(days, shown):
	case wrong && len(known) == 0:
		values.Del("days")
	case wrong:
		values["days"] = known
	case len(days) == 0:
		values.Set("days", meet.NoDays)
	}
}

func unchanged(values, was url.Values, names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return values.Get(name) != was.Get(name) })
}
