// Package links is for the owners of links: they make, change, pause and end them.
//
//	routes.go what it needs, and its routes
//	links.go  all of it
package links
