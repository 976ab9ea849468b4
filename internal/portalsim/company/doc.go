// Package company answers the REST methods of a company's people and their work.
//
//   - methods.go: the table of methods
//   - users.go, filter.go: people, and how they are filtered and searched
//   - groups.go: departments and work groups
//   - chats.go, recent.go: the messenger
//   - work.go: tasks, deals and contacts
package company
