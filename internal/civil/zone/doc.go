// Package zone has the rules of time zones: the one list of their names and the one
// loader.
//
//	zone.go   Load, Names, InUse: what the program uses
//	rules.go  Rules, one version of the data
//	host.go   the data of the machine, as Debian and others install it
//	name.go   fixed offsets, and which names mean the same zone
//	pack/     makes tzdata.zip out of Debian's package (make tzdata)
//
// Laws about clocks change several times a year, often weeks before they hold, so the
// data that comes with the Go release is too old. The program carries its own copy of
// the newest tzdata in tzdata.zip. Where the machine has a newer one, that is used, and
// then for every zone: two versions side by side would disagree about the same meeting.
//
// tzdata.zip holds the compiled files of Debian's package tzdata (TZif, RFC 9636), the
// version in the file +VERSION, and in +LINKS the names that are another name of a zone,
// as lines of name and zone. The data is in the public domain.
//
// It is an area of its own below everything else: whoever asks when a clock shows
// something asks here.
package zone
