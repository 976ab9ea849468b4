// Package calendar does with calendar rows what Bitrix24 does, mistakes included.
//
//   - methods.go: Calendar, the table of REST methods, and the small methods
//   - store.go, rooms.go: how rows are added, changed and deleted; invitations,
//     bookings of rooms
//   - timestamp.go: the numbers that Bitrix24 stores beside the clock readings
//   - series.go: the instances of a recurring event within a period
//   - access.go: who sees what of whose calendar
//   - entries.go: free and busy, calendar.accessibility.get
//   - events.go, record.go: calendar.event.get, getbyid and delete
//   - write.go, update.go: calendar.event.add and update
//   - settings.go: the settings and the list of calendars
//
// What is really so is in package truth, which shares no reckoning with this one.
package calendar
