// Package sessions shows people where they are signed in, and signs them out.
//
//	routes.go    what it needs, and its routes
//	sessions.go  the list
//	signin.go    signing out
package sessions
