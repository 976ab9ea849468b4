// Package links is for the owners of links: they make, change, pause and end them.
//
//	routes.go what it needs, and its routes
//	form.go   the forms that make and change a link
//	links.go  the list, a link's page, and what its buttons do
//	json.go   links for programs
package links
