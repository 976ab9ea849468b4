// Package meet is the vocabulary of the domain: people, availability, the one question
// of the product and its answer. It has values, the errors, and the interfaces that use
// cases need; the use cases themselves are in finder, booker, picker, sharer and settings.
//
//   - query.go, queryform.go, bound.go: Query, the question, and its form in a URL (ParseQuery,
//     Query.Values). Bad input is reported field by field.
//   - selection.go: Selection, who is asked; typedselection.go: the same while somebody edits
//     it, with all that is wrong in it; ids.go: lists of ids.
//   - answer.go: Answer, what Finder found out, and Details, what it says when asked.
//   - spread.go: Spread, the best slots for a choice, over several days.
//   - people.go, photo.go: what portals tell of people, and Directory, Calendar and Photos,
//     which package bitrix24 implements.
//   - progress.go: how far a search is, for those who wait, and FromMemory.
//   - schedule.go, scheduleform.go: Schedule, the working time that people set in the app,
//     its form (ParseSchedule, Schedule.Values), and who keeps it.
//   - groups.go: the people whom a member keeps, under a name or as the latest.
//   - audience.go, found.go: what the picker finds: departments, work groups and chats;
//     colleagues.
//   - link.go, linkform.go: Link, which shows free times to guests, and its form (ParseLink).
//   - meeting.go, meetingform.go: Meeting, which is booked once, who keeps it, and its form
//     (ParseMeeting, MeetingForm.Values).
//   - event.go: Event, an entry in a calendar, and Events, which package bitrix24 implements.
//   - settings.go: what administrators decide for their portal, and with whose rights
//     calendars are read because of it.
//   - setup.go: what an installer sets up in a portal.
//   - error.go: the one error vocabulary. Package web maps its kinds to statuses.
//
// The arithmetic of free time is in package sweep, what a portal's answers mean in package
// bitrix24. This package knows neither HTTP nor SQL.
package meet
