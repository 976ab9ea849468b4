package portalsim

// calendarState is what the calendar remembers while a portal is served, beyond
// the portal's rows. Guarded by the portal's mu.
type calendarState struct{}

// calendarMethods are the REST methods of the calendar, by lower-case name.
func calendarMethods() map[string]method {
	return map[string]method{}
}
