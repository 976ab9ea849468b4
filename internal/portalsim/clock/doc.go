// Package clock has dates and clock readings without a zone, as Bitrix24 stores
// them, and how PHP turns them into instants and texts.
//
//   - clock.go: Date and Wall, and the instant at which a clock shows a reading
//   - zones.go: time zones by name, and which names PHP accepts
//   - strtotime.go: PHP's function that reads almost any date
//   - culture.go: how a portal writes dates
package clock
