// Package portal holds the pages on the way in and out.
//
//	landing.go       the first page of somebody who is not signed in
//	otherperson.go   somebody has come back as another person
//	install.go       what the installer has set up
//	wayout.go        out of the portal's frame into a tab
//	*.templ          their components
package portal
