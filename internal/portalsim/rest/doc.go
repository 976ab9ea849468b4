// Package rest answers REST calls to a portal. What a method does is the business
// of the packages company, calendar and apps; here is what all of them share.
//
//   - rest.go: Server, Method and Call: from the request to the answer
//   - methods.go: the methods of REST itself, and lists in pages
//   - batch.go: many calls in one
//   - limits.go: the limits of rate and of operating time
//   - log.go: what was called
//
// A method runs while the portal is locked and must not block.
package rest
