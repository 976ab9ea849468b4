// Package finder answers queries: it reads people, hours and calendars, and asks the engine.
// It is the one place that decides that a slot is free: searching, sharing and showing
// working time all come here.
//
//   - finder.go: Finder, from a query to an answer.
//   - check.go: Check, which decides about one time with what is read now.
//   - ignore.go: the events that keep nobody, because they are to move.
//   - reader.go: with whose rights the calendars of a search are read.
//   - engine.go: people, busy times and rules as package sweep reads them, and the search
//     behind an answer.
//   - hoursbyperson.go: whose working time holds, as the engine reads it.
//   - relax.go: the changes of a query that would help when nothing is free.
//   - budget.go: how long the engine may look for what goes beyond the free times.
//   - workinghours.go: WorkingHours, which shows and keeps the hours that people set.
//
// What can't be read makes a person unknown, and who is unknown is never free.
package finder
