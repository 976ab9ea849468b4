package civil

import "time"

// Range is [Start, End) in minutes of the clock from midnight. End may exceed
// 1440: the range then runs into the next day.
type Range struct {
	Start, End int
}

// YearDay is a day that comes every year, such as a holiday.
type YearDay struct {
	Month time.Month
	Day   int
}

// Period is the days from First to Last, both inclusive.
type Period struct {
	First, Last Date
}

// Days returns how many days those are.
func (p Period) Days() int { return p.Last.Sub(p.First) + 1 }
