// Package picker finds whom to invite, with the member's own rights: whom the portal
// doesn't show to the member is not found.
//
//   - picker.go: Picker finds colleagues by name, position and department, however they
//     are spelt.
//   - audiences.go: departments, work groups and chats with their members, and which of
//     them a group of people is.
//   - groups.go: the groups that members keep, under a name or as the latest.
package picker
