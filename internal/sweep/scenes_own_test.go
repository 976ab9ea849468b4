package sweep

import "slotfinder/internal/civil"

// ownScenes continue the agreed ones, each beside the one that it bounds.
var ownScenes = []scene{
	{
		name: "lunch or the last hour", first: "Mon 17:00",
		because: "a late hour is better than no lunch",
		people:  []Person{tom, only(anna, "Mon 12:00–13:00", "Mon 17:00–18:00")},
	},
	{
		name: "lunch or a week later", first: "Mon 12:00",
		because: "a lunch is worth some days, not a week",
		people:  []Person{tom, only(anna, "Mon 12:00–13:00", "Mon2 10:00–11:00")}, ask: twoWeeks,
	},
	{
		name: "somebody whose lunch is at one", first: "Mon 12:00",
		because: "who eats at one is free at twelve",
		people:  []Person{only(colleague(1, "Europe/Berlin", weekdays(hours(9, 13), hours(14, 18))), "Mon 12:00–13:00", "Tue 15:00–16:00")},
	},
	{
		name: "lunch in Helsinki", first: "Mon 14:00",
		because: "lunch is on each person's own clock",
		people:  []Person{tom, only(colleague(2, "Europe/Helsinki", nineToSix), "Mon 11:00–12:00", "Mon 14:00–15:00")},
	},
	{
		name: "the first two hours of a day", first: "Mon 09:30–10:00",
		because: "people arrive first",
		people:  []Person{tom, only(anna, "Mon 09:00–11:00")},
	},
	{
		name: "dawn or two days later", first: "Wed 10:00",
		because: "two days are less than an hour at dawn",
		people: []Person{
			colleague(1, "Europe/Berlin", weekdays(hours(7, 18))),
			only(colleague(2, "Europe/Berlin", weekdays(hours(7, 18))), "Mon 08:00–09:00", "Wed 10:00–11:00"),
		},
	},
	{
		name: "an evening or three days later", first: "Thu 10:00",
		because: "evenings belong to people",
		people:  []Person{only(colleague(1, "Europe/Berlin", weekdays(hours(9, 20))), "Mon 18:30–19:30", "Thu 10:00–11:00")},
	},
	{
		name: "Berlin and Los Angeles at any hour", first: "Mon 17:30",
		because: "they meet halfway: half an hour early here, half an hour late there",
		people:  []Person{colleague(1, "Europe/Berlin", nil), colleague(2, "America/Los_Angeles", nil)},
	},
	{
		name: "an hour and a half between meetings", first: "Mon 10:00 or Mon 10:30",
		because: "half an hour in one piece is more than two quarters",
		people:  []Person{tom, only(anna, "Mon 10:00–11:30")},
	},
	{
		name: "free from quarter past", first: "Mon 10:30",
		because: "people meet on the half hour",
		people:  []Person{tom, only(anna, "Mon 10:15–11:45")},
	},
	{
		name: "four hours of meetings behind", first: "Mon 13:30–16:00",
		because: "nobody sits five hours, and a pause costs nothing",
		people:  []Person{meets(tom, "Mon 09:00–13:00")}, ask: oneDay,
	},
	{
		name: "three of four, or all four a day later", first: "Tue 10:00",
		because: "one more person is worth a day",
		people: []Person{
			tom, anna, notNeeded(lukas), notNeeded(only(colleague(4, "Europe/Berlin", nineToSix), "Tue 10:00–11:00")),
		},
		ask: func(r *Rules) { r.Quorum, r.Hours = 3, hours(10, 11) },
	},
	{
		name: "the evening before a holiday", first: "Mon2 10:00",
		because: "the evening before days off is as bad as Friday's",
		people:  []Person{only(colleague(1, "Europe/Berlin", fridayOff()), "Thu 16:30–17:30", "Mon2 10:00–11:00")}, ask: twoWeeks,
	},
	{
		name: "Friday morning", first: "Fri 10:00",
		because: "a Friday is a day like others until the afternoon",
		people:  []Person{tom, only(anna, "Fri 10:00–11:00", "Mon2 10:00–11:00")}, ask: twoWeeks,
	},
	{
		name: "the last hour or a week later", first: "Mon 17:00",
		because: "a week is long",
		people:  []Person{tom, only(anna, "Mon 17:00–18:00", "Mon2 10:00–11:00")}, ask: twoWeeks,
	},
	{
		name: "a tentative event of one of five or a day later", first: "Tue 10:00",
		because: "one meeting that turns real moves the meeting of all five",
		people: []Person{
			maybe(tom, "Mon 10:00–11:00"), only(anna, "Mon 10:00–11:00", "Tue 10:00–11:00"), lukas,
			colleague(4, "Europe/Berlin", nineToSix), colleague(5, "Europe/Berlin", nineToSix),
		},
		ask: tentative,
	},
	{
		name: "a tentative event or a week later", first: "Mon 10:00",
		because: "a week's wait is worse than a maybe",
		people:  []Person{maybe(tom, "Mon 10:00–11:00"), only(anna, "Mon 10:00–11:00", "Mon2 10:00–11:00")},
		ask:     func(r *Rules) { tentative(r); twoWeeks(r) },
	},
	{
		name: "in ten minutes or a week later", first: "Mon 10:00",
		because: "where nothing else is near, ten minutes have to do",
		people:  []Person{tom, only(anna, "Mon 10:00–11:00", "Mon2 10:00–11:00")},
		ask:     func(r *Rules) { tenToTen(r); twoWeeks(r) },
	},
	{
		name: "in ten minutes or tomorrow", first: "Tue 10:00",
		because: "tomorrow is near",
		people:  []Person{tom, only(anna, "Mon 10:00–11:00", "Tue 10:00–11:00")}, ask: tenToTen,
	},
	{
		name: "afternoons preferred", first: "Mon 14:00–15:00",
		because: "the whole meeting lies in the preferred hours",
		people:  []Person{tom, anna}, ask: func(r *Rules) { r.Prefer = hours(14, 16) },
	},
	{
		name: "a wish that is dawn in London", first: "Mon 10:00–10:30",
		because: "a wish yields to the comfort of others",
		people:  []Person{tom, colleague(2, "Europe/London", weekdays(hours(8, 18)))},
		ask:     func(r *Rules) { r.Prefer = hours(9, 10) },
	},
	{
		name: "three hours", first: "Mon 13:00–14:00",
		because: "a long meeting fits between lunch and the evening",
		people:  []Person{tom, anna}, ask: func(r *Rules) { r.Duration = 180 },
	},
}

// fridayOff are office hours with a holiday on the first Friday.
func fridayOff() *Hours {
	h := *nineToSix
	friday := sceneDay("Fri")
	h.Holidays = []civil.YearDay{{Month: friday.Month, Day: friday.Day}}
	return &h
}
