// Package audit writes the security log: one line for each event that an operator may have
// to look up later. Who signed in, what was refused, whose sessions ended.
//
//	event.go   the vocabulary: every event there is
//	log.go     Log: how an event becomes a line
//
// A line has the message "security" and the fields event, and as far as they are known
// portal, user, reason and address. The portal is its member_id, the user a number, the
// reason a fixed word. The address is a keyed hash: the lines of one visitor can be found
// together, and nobody's address can be read. No line holds anything a visitor wrote.
package audit
