// Package audit writes the security log: one line for each event that whoever looks
// after the program may have to look for later. Who signed in, what was refused, whose
// sessions ended.
//
//	event.go   the vocabulary: every event there is
//	log.go     Log: how an event becomes a line
//
// A line has the message "security" and the fields event, and as far as they are known
// portal, user, reason and address. The portal is its key, the user a number, the
// reason a word of ours. The address is a keyed hash: lines of one visitor can be
// found together, and nobody's address can be read. Nothing that a visitor wrote is in
// a line.
package audit
