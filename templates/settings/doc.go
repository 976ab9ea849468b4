// Package settings holds the page of settings for the whole portal.
//
//	settings.go      what it shows
//	settings.templ   the components
package settings
