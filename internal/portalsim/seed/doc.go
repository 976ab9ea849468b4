// Package seed makes two companies: a large one for the demonstration, and a small
// one that must never be mixed up with it. Everything is drawn from fixed numbers
// and the week that today lies in, so that a company looks the same all week.
//
//   - company.go: the two companies, and how random numbers are drawn
//   - people.go, photo.go, titles.go: who works there, and what they call things
//   - series.go: what recurs; week.go: what is arranged for a single week, and
//     absences
//   - meeting.go: how a meeting becomes rows
package seed
