// Package layout holds what stands around every page.
//
//	Standalone  our own window or, with Frame.Framed, the frame inside the portal
//	Public      pages for guests: no script of its own
package layout
