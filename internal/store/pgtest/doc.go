// Package pgtest gives tests a PostgreSQL server. Only tests import it.
//
// The server is the one at TEST_POSTGRES_URL, if that is set. Otherwise a private
// one is started on the first use from the programs in PATH or in
// /usr/lib/postgresql: its data in a folder of its own, reachable through a socket
// in that folder and nothing else, with no care for crashes. Without either the
// test is skipped with a word on what is missing, or fails when CI=true.
//
// A test package uses it so:
//
//	var postgres pgtest.Server
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		postgres.Stop()
//		os.Exit(code)
//	}
//
//	func TestX(t *testing.T) {
//		address := postgres.Schema(t) // a schema for this test alone
//
// The private server can't outlive the tests, not even tests that are killed: a
// small shell script holds it, and ends it when its input, a pipe from the tests,
// is closed. For root, which PostgreSQL refuses, the script runs as user postgres.
//
//	pgtest.go   Server: Schema, Down, Up, Stop
//	serve.sh    makes, starts, guards and removes the private server
package pgtest
