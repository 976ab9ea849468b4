// Package arch holds the rules of the house by tests of the source:
//
//	arch_test.go    who may import whom, sizes, comments, maps of packages
//	fields_test.go  what pages read is written by somebody, and the other way round
//	rescue_test.go  no goroutine ends the program by a panic
//	documents_test.go  links of documents lead somewhere
//	attacks_test.go the attacks of make attack are tests that exist
//	words_test.go   whatever the engine says has a text in every language
package arch
