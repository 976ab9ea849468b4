// Package sessions holds the page of somebody's own sessions.
//
//	sessions.go      what it shows
//	sessions.templ   the components
package sessions
