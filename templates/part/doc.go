// Package part holds small components that several pages use: icons, avatars,
// messages beside fields, QR codes.
//
//	face.go      a person's photo or initials
//	rich.go      texts with emphasis
//	inline.go    icons that stand in the page itself, for pages of guests
//	qr.go        an address as a drawing
//	part.templ   the components
package part
