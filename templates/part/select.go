package part

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
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

// ReadClock reads what a choice of clock readings was sent with, in minutes from midnight up
// to 24:00. Full hours may stand alone, as people type them into addresses.
func ReadClock(text string) (minutes int, ok bool) {
	h, m, _ := strings.Cut(text, ":")
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(cmp.Or(m, "0"))
	minutes = hour*60 + minute
	return minutes, err == nil && err2 == nil && hour >= 0 && minute >= 0 && minute < 60 && minutes <= 24*60
}

// ClockValue writes minutes from midnight as ReadClock reads them.
func ClockValue(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// ClockOptions are the clock readings from first to last, each so many minutes after the one
// before, and among them the chosen one, which may be no clock reading at all.
func ClockOptions(first, last, step int, chosen string, write func(int) string) []Option {
	var options []Option
	at, ok := ReadClock(chosen)
	if !ok && chosen != "" {
		options = append(options, Option{Value: chosen, Label: chosen, Chosen: true})
	}
	for m := first; m <= last; m += step {
		if ok && m-step < at && at < m {
			options = append(options, clockOption(at, true, write))
		}
		options = append(options, clockOption(m, ok && m == at, write))
	}
	return options
}

func clockOption(minutes int, chosen bool, write func(int) string) Option {
	return Option{Value: ClockValue(minutes), Label: write(minutes), Chosen: chosen}
}
