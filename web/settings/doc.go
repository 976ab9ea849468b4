// Package settings is the page on which administrators decide for their portal.
//
//	routes.go    what it needs, and its routes
//	settings.go  all of it
package settings
