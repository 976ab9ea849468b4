// Command pack writes the compiled time zones of a folder, as Debian's package tzdata
// has them, into one file: pack FOLDER FILE. It is run by make tzdata.
package main
