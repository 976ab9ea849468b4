// Package app is the program: its commands and the wiring of its parts.
//
//	app.go          Run: the commands and their exit codes
//	wire.go         who knows whom, on one screen
//	pages.go        the features of web, and what each serves
//	serve.go        serve: the product on a database, until it ends
//	http.go         HTTP servers, and how they end
//	drain.go        a listener that closes without losing what clients have sent
//	signal.go       what ends the program
//	demo.go         demo and portal: the product beside a simulated Bitrix24
//	healthcheck.go  healthcheck: is the server of this machine ready?
//	memory.go       the limit of memory, from the container's
//	log.go          the program's log
//	version.go      version: the release, and the commit it was built from
//
// Run takes its environment and streams as values, so that tests start the real thing
// (see internal/e2e).
package app
