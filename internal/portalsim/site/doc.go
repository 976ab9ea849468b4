// Package site is what a portal shows to people: pages, the sign-in, and apps
// inside frames.
//
//   - site.go: the addresses, the sessions and the photographs
//   - authorize.go: the portal's half of OAuth
//   - pages.go: what all pages share, and the first page
//   - frame.go: the apps on the pages
//   - calendar.go, people.go, work.go, market.go: one kind of page each
//   - tools.go: the simulator's own page, and what apps said to the portal
//   - pages/: the templates, their style, and the script that answers apps
package site
