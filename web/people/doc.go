// Package people is the people search of the picker, the photos of colleagues, and the
// groups that people keep.
//
//	routes.go  what it needs, and its routes
//	people.go  the people search
//	groups.go  the groups that somebody keeps
//	photo.go   photos, one by one and several on one sheet
package people
