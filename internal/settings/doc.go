// Package settings keeps what administrators decide for their whole portal: with whose
// rights everybody's searches read availability. Whether somebody is an administrator is
// asked of Bitrix24 whenever it matters.
//
//   - settings.go: Settings reads and changes the decision, and gives a search its Reader.
package settings
