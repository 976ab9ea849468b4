package find

import (
	"context"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// mostMonths is how many months the calendar turns to, this one included.
const mostMonths = 25

// calendar is the month from which a range of days is chosen. What it shows of a day is what
// the answer says. It asks the portal for nothing.
type calendar struct {
	first          civil.Date // of the month
	weeks          [][]calendarDay
	earlier, later string // addresses of the page with the months beside it, "" = none
}

// calendarDay is a day of the calendar. A day of another month is the zero one.
type calendarDay struct {
	date   civil.Date
	level  int // of its openings; -1: the answer says nothing of it
	inside bool
	edge   bool // first or last of the range
	today  bool
	past   bool
}

func (d calendarDay) none() bool { return d.date == civil.Date{} }

// calendar is the month that was turned to, else that in which the range begins.
func (g ranges) calendar() calendar {
	now := monthOf(g.today)
	c := calendar{first: now}
	if g.known() && now.Before(monthOf(g.from)) {
		c.first = monthOf(g.from)
	}
	if turned, err := civil.ParseDate(g.choice.Month + "-01"); err == nil && !turned.Before(now) && turned.Before(monthsLater(now, mostMonths)) {
		c.first = turned
	}
	next := monthsLater(c.first, 1)
	for week := weekOf(c.first, g.weekStart); week.Before(next); week = week.Add(7) {
		var all []calendarDay
		for i := range 7 {
			if date := week.Add(i); monthOf(date) == c.first {
				all = append(all, g.day(date))
			} else {
				all = append(all, calendarDay{})
			}
		}
		c.weeks = append(c.weeks, all)
	}
	if now.Before(c.first) {
		c.earlier = g.turned(monthsLater(c.first, -1))
	}
	if next.Before(monthsLater(now, mostMonths)) {
		c.later = g.turned(next)
	}
	return c
}

func (g ranges) day(date civil.Date) calendarDay {
	d := calendarDay{date: date, level: -1, today: date == g.today, past: date.Before(g.today)}
	if g.known() {
		d.inside, d.edge = !date.Before(g.from) && !g.to.Before(date), date == g.from || date == g.to
	}
	if g.levels != nil {
		d.level = g.levels(date)
	}
	return d
}

func monthOf(d civil.Date) civil.Date { return civil.Date{Year: d.Year, Month: d.Month, Day: 1} }

func monthsLater(first civil.Date, by int) civil.Date {
	return civil.DateOf(time.Date(first.Year, first.Month+time.Month(by), 1, 0, 0, 0, 0, time.UTC))
}

// monthText names a month in addresses.
func monthText(first civil.Date) string { return first.String()[:len("2006-01")] }

// turned is the address of this page with another month.
func (g ranges) turned(first civil.Date) string {
	c := g.choice
	c.Month = monthText(first)
	return c.Append(g.query.Encode())
}

// said are the levels of the days of the range, each a digit from 0 = unknown, for the script
// that turns months.
func (g ranges) said() string {
	if g.levels == nil || !g.known() {
		return ""
	}
	var b strings.Builder
	for i := range min(g.to.Sub(g.from)+1, meet.MaxDays) {
		b.WriteString(strconv.Itoa(g.levels(g.from.Add(i)) + 1))
	}
	return b.String()
}

// dayLabel names a day and what is open on it.
func (g ranges) dayLabel(ctx context.Context, d calendarDay) string {
	day := locale.From(ctx).DayLong(d.date.Noon(time.UTC))
	if d.level < 0 {
		return day
	}
	return day + ": " + g.text(ctx, d.date)
}
