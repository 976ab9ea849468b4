package part

import (
	"slices"
	"strings"
	"time"
)

// Option is an entry of a select.
type Option struct {
	Value, Label string
	Chosen       bool
}

// Weekday is a day of the week to choose, by its name in parameters.
type Weekday struct {
	Value  string
	Day    time.Weekday
	Chosen bool
}

// Weekdays are the days of a week from its first on. Those are chosen that the values of
// the parameter days name, without any of them all.
func Weekdays(first time.Weekday, given []string) []Weekday {
	names := [7]string{"su", "mo", "tu", "we", "th", "fr", "sa"}
	chosen := strings.Split(strings.Join(given, ","), ",")
	all := len(chosen) == 1 && chosen[0] == ""
	var days []Weekday
	for i := range 7 {
		day := (int(first) + i) % 7
		days = append(days, Weekday{names[day], time.Weekday(day), all || slices.Contains(chosen, names[day])})
	}
	return days
}
