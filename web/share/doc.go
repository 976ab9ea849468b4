// Package share shows what a link offers to anybody who has it: as a page, as JSON, or
// as a calendar file.
//
//	routes.go       what it needs, and its routes
//	share.go        the page, the JSON, the file
//	answercache.go  answers that are made once for all who ask
//	robot.go        programs that only make a preview of a link
package share
