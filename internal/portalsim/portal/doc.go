// Package portal has what a portal consists of: its rows as Bitrix24 keeps them,
// and one lock for all of it.
//
//   - data.go: configuration, people, groups, rooms, events, absences
//   - portal.go: Portal, the data with its lock, addresses and look-ups
//   - user.go: what follows from a single row
//   - section.go: how calendars and bookings of rooms are numbered
//
// Other packages embed *Portal and keep what they remember beside it, under the
// same lock.
package portal
