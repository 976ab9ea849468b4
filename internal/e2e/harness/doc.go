// Package harness starts the whole product for tests: the real program on a free port,
// with a database of its own, on a simulated Bitrix24.
//
//	product.go       Start: a running program, its company and its log
//	request.go       the one HTTP client of the tests, and what browsers send
//	signin.go        signing in, as a person does it
//	frame.go         opening the app inside of the portal
//	answer.go        the JSON of a search
//	links.go         shared links
//	portal.go        more portals, and portals in trouble
//	people.go        whom the company has
//	hidden.go        a calendar that one person may not see
//	events.go        what the portal tells the app, and the program's database
//	requestcount.go  how often the authorization server was asked
//	log.go           what the program says
package harness
