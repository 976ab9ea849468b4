// Package meet is the domain: people, availability, queries and their answers.
//
//   - query.go, form.go: Query, the one question of the product, and its form in a
//     URL (ParseQuery, Query.Values). Bad input is reported field by field.
//   - finder.go: Finder answers queries. Searching, sharing and booking all use it;
//     there is no second way to decide that a slot is free.
//   - engine.go, relax.go: what of the engine's answers others know, and the changes
//     of a query that would help.
//   - progress.go: how far a search is, for those who wait, and FromMemory.
//   - picker.go: Picker finds colleagues by name, position and department in any
//     case and script.
//   - circle.go: the picker's departments, work groups and chats, and how names sound.
//   - groups.go: the people whom a member keeps, under a name or as the latest.
//   - photo.go: the pictures of colleagues.
//   - setup.go: what an installer sets up in a portal.
//   - schedule.go, scheduleform.go: Schedule, the working time that a person sets
//     in the app, and its form (ParseSchedule, Schedule.Values).
//   - hours.go: whose working time holds (Finder asks Hours), and Timekeeper, which
//     shows and keeps it.
//   - settings.go: what administrators decide for their portal, and Steward, which
//     keeps it and knows who is one.
//   - eyes.go: with whose rights the calendars of a search are read.
//   - link.go, linkform.go: Link, which shows free times to guests, and its form
//     (ParseLink).
//   - sharer.go, offer.go: Sharer makes links for their owners (sharer.go) and answers
//     guests with what is free now (offer.go).
//   - people.go: the values adapters deliver and the interfaces the domain needs,
//     Directory and Calendar. Package bitrix24 implements them.
//   - error.go: the one error vocabulary. Package web maps its kinds to statuses.
//
// The arithmetic of free time is in package sweep, which is pure; what a portal's
// answers mean is in package bitrix24. This package knows neither HTTP nor SQL.
package meet
