// Package sharer makes links that show free times, and answers whoever has one.
//
//   - sharer.go: Sharer makes, lists, changes and closes links for their owners.
//   - token.go: the secret in a link's address, of which only a hash is kept.
//   - times.go: SharedTimes, what a link shows to guests now; nothing that its owner
//     doesn't show, and nothing at all when the portal doesn't answer.
//   - cache.go: free times that are remembered, and how many links are computed at once.
//   - views.go: how often links are looked at: for limits, and for owners. It is counted
//     in memory and written down by and by.
package sharer
