// Package config turns the environment into a Config: typed, validated and safe
// to print.
//
//	config.go    Config, the one list of all variables, and Load
//	source.go    where a value comes from: NAME or the file named by NAME_FILE
//	value.go     the types of the values: addresses, origins, keys, databases
//	network.go   networks: of proxies, and of portals inside a company
//	localapp.go  the JSON file with the keys of local apps
//	fault.go     everything that is wrong, reported at once, a line per variable
//	dump.go      Config as text and as a log value, without secrets
//	table.go     the Markdown table of the README
//
// The struct tags of Config are the only place where a variable's name, default
// and meaning are written; the README's table is made from them by
//
//	go generate ./internal/config
//
// and a test fails when the two differ. The package knows nothing else of the
// program: what a value is used for is decided by the caller.
package config

//go:generate go run ./gen ../../README.md
