package sweep

import (
	"time"

	"pgregory.net/rapid"

	"slotfinder/internal/civil"
	tz "slotfinder/internal/civil/zone"
)

// Zones whose clocks change in unusual ways, and days on which they do.
var (
	oddZones = []string{
		"UTC", "Europe/Berlin", "America/New_York", "Europe/Moscow", "Asia/Kolkata", "Asia/Kathmandu",
		"Pacific/Chatham", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Africa/Cairo",
		"America/Havana", "Asia/Beirut", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns",
	}
	oddDays = []civil.Date{
		{Year: 2026, Month: 3, Day: 7},  // New York, Havana
		{Year: 2026, Month: 3, Day: 28}, // Europe
		{Year: 2026, Month: 4, Day: 4},  // Chatham, Lord Howe
		{Year: 2026, Month: 9, Day: 26}, // Chatham
		{Year: 2026, Month: 10, Day: 3}, // Lord Howe
		{Year: 2026, Month: 10, Day: 24},
		{Year: 2026, Month: 10, Day: 31},
		{Year: 2011, Month: 12, Day: 29}, // Apia skips the 30th
		{Year: 2018, Month: 11, Day: 3},  // São Paulo skips midnight
		{Year: 2018, Month: 2, Day: 17},  // and repeats the hour before
		{Year: 2024, Month: 4, Day: 25},  // Cairo skips midnight
		{Year: 2010, Month: 11, Day: 6},  // St John's turns back at 00:01
		{Year: 2026, Month: 2, Day: 27},
		{Year: 2026, Month: 12, Day: 30},
	}
)

func zone(name string) *time.Location {
	z, err := tz.Load(name)
	if err != nil {
		panic(err)
	}
	return z
}

func drawZone(t *rapid.T) *time.Location { return zone(rapid.SampledFrom(oddZones).Draw(t, "zone")) }

// drawMinute draws a number of minutes, mostly on a quarter of an hour.
func drawMinute(t *rapid.T, label string, least, most int) int {
	if rapid.IntRange(0, 3).Draw(t, "odd") == 0 {
		return rapid.IntRange(least, most).Draw(t, label)
	}
	return rapid.IntRange((least+14)/15, most/15).Draw(t, label) * 15
}

// questions draws a question about a few days and people.
func questions(t *rapid.T) Input {
	r := Rules{
		Zone:     drawZone(t),
		From:     rapid.SampledFrom(oddDays).Draw(t, "from"),
		Duration: rapid.SampledFrom([]int{5, 7, 15, 30, 60, 95, 240}).Draw(t, "duration"),
		Step:     rapid.SampledFrom([]int{5, 10, 15, 25, 30, 60}).Draw(t, "step"),
		Hours:    civil.Range{Start: 0, End: 1440},
		Days:     [7]bool{true, true, true, true, true, true, true},
		Work:     rapid.Bool().Draw(t, "work"),

		TentativeFree: rapid.Bool().Draw(t, "tentative free"),
		AllDayFree:    rapid.Bool().Draw(t, "all-day free"),
		Buffer:        rapid.SampledFrom([]int{0, 0, 5, 7, 30}).Draw(t, "buffer"),
	}
	r.To = r.From
	for range rapid.IntRange(0, 3).Draw(t, "more days") {
		r.To = tomorrow(r.To)
	}
	noon := civil.Floor(time.Date(r.From.Year, r.From.Month, r.From.Day, 12, 0, 0, 0, time.UTC))
	if rapid.Bool().Draw(t, "limits") {
		r.Hours.Start = drawMinute(t, "earliest", 0, 1400)
		r.Hours.End = drawMinute(t, "latest", r.Hours.Start+15, 1440)
		r.Days[rapid.IntRange(0, 6).Draw(t, "no meetings")] = false
		r.Now = noon + civil.Minute(rapid.IntRange(-2000, 2000).Draw(t, "now"))
		r.Notice = rapid.SampledFrom([]int{0, 60, 1440}).Draw(t, "notice")
	}
	in := Input{Rules: r}
	for i := range rapid.IntRange(0, 5).Draw(t, "people") {
		in.People = append(in.People, drawPerson(t, int64(i+1), noon))
	}
	if rapid.IntRange(0, 2).Draw(t, "groups") == 0 {
		in.Rules.Quorum = rapid.IntRange(0, len(in.People)+1).Draw(t, "quorum")
		in.Rules.Any = rapid.SliceOfN(rapid.Custom(drawAny), 0, 2).Draw(t, "any")
	}
	in.Rules.Ignore = rapid.SliceOfN(rapid.Int32Range(1, 9), 0, 2).Draw(t, "ignore")
	return in
}

func drawAny(t *rapid.T) AnyOf {
	return AnyOf{
		N:   rapid.IntRange(0, 3).Draw(t, "of"),
		IDs: rapid.SliceOfNDistinct(rapid.Int64Range(1, 6), 0, 4, rapid.ID[int64]).Draw(t, "ids"),
	}
}

func drawPerson(t *rapid.T, id int64, noon civil.Minute) Person {
	p := Person{
		ID: id, Zone: drawZone(t),
		Required: rapid.IntRange(0, 2).Draw(t, "required") > 0,
		Unknown:  rapid.IntRange(0, 9).Draw(t, "unknown") == 9,
	}
	p.Gone = p.Unknown && rapid.Bool().Draw(t, "gone")
	if rapid.IntRange(0, 3).Draw(t, "has hours") > 0 {
		p.Hours = drawHours(t)
	}
	for range rapid.IntRange(0, 6).Draw(t, "blocks") {
		start := noon + civil.Minute(drawMinute(t, "start", -2000, 7000))
		p.Blocks = append(p.Blocks, Block{
			Span: civil.Span{Start: start, End: start + civil.Minute(drawMinute(t, "length", 0, 600))},
			Kind: Kind(rapid.IntRange(0, 7).Draw(t, "kind")),
			Row:  rapid.Int32Range(0, 9).Draw(t, "row"),
		})
	}
	return p
}

func drawHours(t *rapid.T) *Hours {
	h := &Hours{Extra: []civil.Range{{Start: 600, End: 1000}}}
	for day := range h.Week {
		for range rapid.SampledFrom([]int{1, 1, 2, 0}).Draw(t, "ranges") {
			start := drawMinute(t, "begin", 0, 1410)
			h.Week[day] = append(h.Week[day], civil.Range{Start: start, End: start + drawMinute(t, "work", 0, 900)})
		}
	}
	for _, days := range []*[]civil.YearDay{&h.Holidays, &h.Workdays} {
		if rapid.IntRange(0, 2).Draw(t, "special days") == 0 {
			for _, d := range rapid.SliceOfN(rapid.SampledFrom(oddDays), 0, 3).Draw(t, "days") {
				d = tomorrow(d)
				*days = append(*days, civil.YearDay{Month: d.Month, Day: d.Day})
			}
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "day off") == 0 {
		h.Off = []civil.Date{rapid.SampledFrom(oddDays).Draw(t, "off")}
	}
	return h
}
