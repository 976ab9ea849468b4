// Package hours is the page on which people set their working time, and administrators
// that of their company.
//
//	routes.go what it needs, and its routes
//	hours.go  the page, and what its buttons do
//	range.go  ranges that are chosen in two fields
package hours
