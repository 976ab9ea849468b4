package bitrix24

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

// office is a portal's working time, and the clock of the member who asks.
type office struct {
	meet.Office
	viewer viewerClock
}

// viewerClock is the clock of the user whom a token belongs to. Times of absences (FACTS.md fact
// 49) and events in unknown zones (fact 39) are relative to it.
type viewerClock struct {
	zone        *time.Location // nil: unknown
	offset      int            // seconds east of UTC, now, by the portal's calendar
	offsetKnown bool
	zoneNamed   bool // the portal named zone; otherwise it is only the offset
}

// Office implements meet.Calendar. It costs one request and is cached for five minutes.
func (c *Client) Office(ctx context.Context, m meet.Member) (meet.Office, error) {
	o, err := c.office(ctx, m)
	return o.Office, toMeetError(err)
}

func (c *Client) office(ctx context.Context, m meet.Member) (office, error) {
	if o, ok := c.offices.get(m); ok {
		return o, nil
	}
	return coalesce(ctx, c, fmt.Sprint("office", m), func(ctx context.Context) (office, error) {
		began := c.cfg.Now()
		outcomes, at, err := c.batch(ctx, m, []command{
			{"calendar.settings.get", url.Values{}},
			{"calendar.user.settings.get", url.Values{}},
		})
		if err != nil {
			return office{}, err
		}
		o, err := c.readOffice(outcomes[0], outcomes[1], at)
		c.logDisputes(ctx, m.Portal, o.Disputed)
		if err == nil && outcomes[1].err == nil {
			c.offices.put(m, o, 1, began)
		}
		return o, err
	})
}

// readOffice reads the answers of calendar.settings.get and calendar.user.settings.get.
// Without the latter the server's clock is still known.
func (c *Client) readOffice(common, personal outcome, at timeBlock) (office, error) {
	var hours settings
	if err := common.into(&hours); err != nil {
		return office{}, err
	}
	var own userSettings
	_ = personal.into(&own)
	o := office{viewer: c.readViewerClock(own)}
	var ok bool
	if o.Office, ok = hours.office(); !ok {
		return office{}, &Error{Method: "calendar.settings.get", Status: http.StatusOK, Err: errNotJSON}
	}
	if o.Zone = o.viewer.zone; o.Zone == nil {
		o.Zone = serverZone(at)
	}
	if o.viewer.zoneNamed && o.viewer.offsetKnown {
		o.Disputed = disputedZones(o.viewer.zone, o.viewer.offset, c.cfg.Now())
	}
	return o, nil
}

// userSettings is the answer of calendar.user.settings.get.
type userSettings struct {
	Zone   text `json:"timezoneName"`
	Offset text `json:"timezoneOffsetUTC"` // seconds, now
}

// readViewerClock reads the member's clock. Its offset is only ever the one that the portal
// tells: times of absences are shifted by it, and the zone named beside it may have another
// one (FACTS.md fact 49).
func (c *Client) readViewerClock(own userSettings) viewerClock {
	var v viewerClock
	if seconds, err := strconv.Atoi(strings.TrimSpace(string(own.Offset))); err == nil && plausibleOffset(seconds) {
		v.offset, v.offsetKnown = seconds, true
	}
	if found, err := zone.Load(string(own.Zone)); err == nil {
		v.zone, v.zoneNamed = found, true
	} else if v.offsetKnown {
		v.zone = zone.Fixed(v.offset)
	}
	return v
}

// serverZone reads the offset of the portal's server from the time block (FACTS.md fact 14).
func serverZone(at timeBlock) *time.Location {
	t, err := time.Parse(time.RFC3339, string(at.DateStart))
	if err != nil {
		return time.UTC
	}
	_, offset := t.Zone()
	if !plausibleOffset(offset) {
		return time.UTC
	}
	return zone.Fixed(offset)
}

// settings is the answer of calendar.settings.get. Guests get the hours only, but nobody
// gets less (FACTS.md facts 56 and 57).
type settings struct {
	WorkStart    text         `json:"work_time_start"`
	WorkEnd      text         `json:"work_time_end"`
	Holidays     text         `json:"year_holidays"`
	Workdays     text         `json:"year_workdays"`
	WeekHolidays *array[text] `json:"week_holidays"`
	WeekStart    text         `json:"week_start"`
}

// office returns the working time. It is not ok without working hours, which must not be made
// up.
func (s settings) office() (o meet.Office, ok bool) {
	start, ok1 := minuteOfDay(string(s.WorkStart))
	end, ok2 := minuteOfDay(string(s.WorkEnd))
	if !ok1 || !ok2 || start == 24*60 {
		return o, false
	}
	if end <= start {
		end = min(start+60, 24*60) // as the portal itself does (FACTS.md fact 56)
	}
	o = meet.Office{
		WorkStart: start,
		WorkEnd:   end,
		Holidays:  yearDays(string(s.Holidays)),
		Workdays:  yearDays(string(s.Workdays)),
		WeekStart: time.Monday,
	}
	if day, ok := weekday(string(s.WeekStart)); ok {
		o.WeekStart = day
	}
	if s.WeekHolidays == nil {
		o.Guest = true // an employee gets a list, even if it is empty (FACTS.md fact 57)
		o.Weekend[time.Saturday], o.Weekend[time.Sunday] = true, true
		return o, true
	}
	for _, name := range *s.WeekHolidays {
		if day, ok := weekday(string(name)); ok {
			o.Weekend[day] = true
		}
	}
	return o, true
}

// minuteOfDay reads a time of day: "9", "9.30" and "09:30", which are half past nine, or the
// number 23.3, which is half past eleven (FACTS.md fact 56).
func minuteOfDay(s string) (int, bool) {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(s), ":", ".", 1), 64)
	if err != nil || v < 0 || v > 24 {
		return 0, false
	}
	hour, fraction := math.Modf(v)
	minute := int(math.Round(fraction * 100))
	total := int(hour)*60 + minute
	return total, minute < 60 && total <= 24*60
}

// yearDays reads "1.01,23.02": days and months, day first in every culture (FACTS.md fact 58).
// What isn't a date is left out, and so are repetitions: a year has 366 days, however long the
// text is.
func yearDays(s string) []civil.YearDay {
	var days []civil.YearDay
	var seen [13][32]bool // by month and day
	for item := range strings.SplitSeq(s, ",") {
		d, m, _ := strings.Cut(strings.TrimSpace(item), ".")
		day, err1 := strconv.Atoi(strings.TrimSpace(d))
		month, err2 := strconv.Atoi(strings.Trim(m, " ."))
		if err1 != nil || err2 != nil || month < 1 || month > 12 || day < 1 || day > daysIn(2000, month) {
			continue
		}
		if seen[month][day] {
			continue
		}
		seen[month][day] = true
		days = append(days, civil.YearDay{Month: time.Month(month), Day: day})
	}
	return days
}

func weekday(name string) (time.Weekday, bool) {
	switch strings.ToUpper(strings.TrimSpace(name)) {
	case "MO":
		return time.Monday, true
	case "TU":
		return time.Tuesday, true
	case "WE":
		return time.Wednesday, true
	case "TH":
		return time.Thursday, true
	case "FR":
		return time.Friday, true
	case "SA":
		return time.Saturday, true
	case "SU":
		return time.Sunday, true
	}
	return 0, false
}
