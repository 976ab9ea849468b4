// Package sessions shows people where they are signed in, and signs them out.
//
//	routes.go    what it needs, and its routes
//	sessions.go  the list, and signing out
package sessions
