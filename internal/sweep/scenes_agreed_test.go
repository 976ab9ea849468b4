package sweep

// agreedScenes are those that users of the first edition were asked about.
var agreedScenes = []scene{
	{
		name: "nobody has any event", first: "Mon 09:30–11:30 or Mon 14:00–16:00 or Tue 09:30–11:30 or Tue 14:00–16:00",
		because: "soon, and neither the edge of a day nor lunch",
		people:  []Person{tom, anna, lukas},
	},
	{
		name: "lunch or a day later", first: "Tue 15:00",
		because: "a day's wait is less than a lunch",
		people:  everybody("Mon 12:00–13:00", "Tue 15:00–16:00"),
	},
	{
		name: "the last hour or a day later", first: "Tue 10:00 or Tue 10:30",
		because: "the last hour of a day is a poor hour, and a day is a short wait",
		people:  everybody("Mon 17:00–18:00", "Tue 10:00–12:00"),
	},
	{
		name: "the last hour or two weeks later", first: "Mon 17:00",
		because: "two weeks are no short wait",
		people:  everybody("Mon 17:00–18:00", "Fri2 10:00–11:00"), ask: twoWeeks,
	},
	{
		name: "all five or the two who must", first: "Thu 14:00",
		because: "people before earliness",
		people: []Person{
			only(tom, "Mon 10:00–11:00", "Thu 14:00–15:00"), only(anna, "Mon 10:00–11:00", "Thu 14:00–15:00"),
			notNeeded(only(lukas, "Thu 14:00–15:00")), notNeeded(only(colleague(4, "Europe/Berlin", nineToSix), "Thu 14:00–15:00")),
			notNeeded(only(colleague(5, "Europe/Berlin", nineToSix), "Thu 14:00–15:00")),
		},
	},
	{
		name: "Berlin and New York", first: "Mon 15:30 or Mon 16:00",
		because: "half-past nine is no dawn, and Berlin's evening isn't used up",
		people:  []Person{tom, colleague(2, "America/New_York", nineToSix)},
	},
	{
		name: "Berlin, London and Kolkata", first: "Mon 10:30 or Mon 11:00",
		because: "who bears most is spared: Kolkata's evening, London's morning",
		people:  []Person{tom, colleague(2, "Europe/London", nineToSix), colleague(3, "Asia/Kolkata", nineToSix)},
	},
	{
		name: "a gap between two meetings", first: "Mon 10:00",
		because: "a gap is filled, an afternoon stays whole",
		people:  []Person{meets(tom, "Mon 09:00–10:00", "Mon 11:00–12:00"), only(anna, "Mon 10:00–11:00", "Mon 14:00–15:00")},
	},
	{
		name: "a gap that would make the fifth hour in a row", first: "Mon 14:00",
		because: "nobody sits five hours",
		people: []Person{
			meets(colleague(1, "Europe/Berlin", weekdays(hours(8, 18))), "Mon 08:00–10:00", "Mon 11:00–13:00"),
			only(anna, "Mon 10:00–11:00", "Mon 14:00–15:00"),
		},
	},
	{
		name: "over a tentative event or over none", first: "Mon 14:00",
		because: "it may turn real",
		people:  []Person{maybe(tom, "Mon 10:00–11:00"), only(anna, "Mon 10:00–11:00", "Mon 14:00–15:00"), lukas}, ask: tentative,
	},
	{
		name: "in ten minutes or at half past eleven", first: "Mon 11:30",
		because: "people need an hour's notice unless nothing else is near",
		people:  everybody("Mon 10:00–11:00", "Mon 11:30–12:30"), ask: tenToTen,
	},
	{
		name: "the end of the week or after the weekend", first: "Mon2 10:00 or Mon2 10:30",
		because: "Friday's last hour is everybody's worst",
		people:  everybody("Fri 16:30–18:00", "Mon2 10:00–12:00"), ask: twoWeeks,
	},
	{
		name: "a preferred time of day", first: "Mon 09:00 or Mon 10:00",
		because: "a stated wish beats a general rule",
		people:  []Person{tom, anna}, ask: func(r *Rules) { r.Prefer = hours(9, 11) },
	},
}
