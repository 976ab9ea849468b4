// Command gen writes the table of variables into the Markdown file named by its
// argument, between the markers that are there. It is run by go generate.
package main
