// Package apps is what a portal does with its applications.
//
//   - apps.go: Apps and the table of REST methods
//   - install.go: how an app gets onto a portal, is updated and leaves it
//   - launch.go: how a browser is told to open an app
//   - handlers.go, events.go: the handlers of events, and how events are sent
//   - placements.go: the widgets
package apps
