// Package share holds the page that guests see under a link: a month, and the times of a
// day. That of a link without times is layout.LinkClosed.
//
//	answer.go     a time answered by e-mail
//	share.go      View -> the month and the day shown
//	share.templ   the components
package share
