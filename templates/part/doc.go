// Package part holds what several pages use.
//
//	person.go      a colleague: name, photo or initials
//	suggest.go     whom the people search offers, with saved groups
//	text.go        instants, lengths and numbers as texts
//	time.go        a time as a message names it
//	zone.go        labels and lists of time zones
//	select.go      options, weekdays and clock readings to choose from
//	address.go     addresses of pages that other pages lead to
//	rich.go        texts with emphasis
//	inline.go      icons that stand in the page itself, for pages of guests
//	qr.go          an address as a drawing
//	part.templ     icons, avatars, hidden fields, messages beside fields
//	suggest.templ, keep.templ, select.templ, done.templ, pattern.templ   the same of the above
package part
