// Package simtest has the small portal that the simulator's tests share: two
// employees, two guests, one app, and a clock that stands still.
//
//   - world.go: World with its people and its app
//   - request.go: calls, pages and forms, and how answers are compared
//   - oauth.go: the way to a token
package simtest
