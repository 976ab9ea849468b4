package clock

// Culture is a portal's date format.
type Culture string

// The cultures the simulator can write.
const (
	CultureDMY   Culture = "DD.MM.YYYY HH:MI:SS"
	CultureMDY   Culture = "MM/DD/YYYY H:MI:SS T"
	CultureISO   Culture = "YYYY-MM-DD HH:MI:SS"
	CultureSlash Culture = "DD/MM/YYYY HH:MI:SS"
)

// layouts has Go's layouts of a date, and of the time after it, for each culture.
// The twelve-hour clock has two digits for the hour and a lower-case am or pm.
var layouts = map[Culture][2]string{
	CultureDMY:   {"02.01.2006", " 15:04:05"},
	CultureMDY:   {"01/02/2006", " 03:04:05 pm"},
	CultureISO:   {"2006-01-02", " 15:04:05"},
	CultureSlash: {"02/01/2006", " 15:04:05"},
}

// layout is that of a date, with its time if asked for. A portal without a culture
// writes dates as in Germany and Russia.
func (c Culture) layout(withTime bool) string {
	both, ok := layouts[c]
	if !ok {
		both = layouts[CultureDMY]
	}
	if withTime {
		return both[0] + both[1]
	}
	return both[0]
}

// Write is the clock reading as the portal's REST answers show it.
func (c Culture) Write(w Wall) string { return w.UTC().Format(c.layout(true)) }

// WriteDay is the date alone: instances of all-day series and absences of whole
// days are written so.
func (c Culture) WriteDay(d Date) string { return d.At(0, 0).UTC().Format(c.layout(false)) }

// WriteEither is a clock reading, or its date alone.
func (c Culture) WriteEither(w Wall, dateOnly bool) string {
	if dateOnly {
		return c.WriteDay(w.Date)
	}
	return c.Write(w)
}

// WriteEnglish is how the *_FORMATTED fields look, whatever the culture: "Sat
// Nov 01 2025 11:59:00", without a time when it is all day.
func WriteEnglish(w Wall, allDay bool) string {
	if allDay {
		return w.UTC().Format("Mon Jan 02 2006")
	}
	return w.UTC().Format("Mon Jan 02 2006 15:04:05")
}
