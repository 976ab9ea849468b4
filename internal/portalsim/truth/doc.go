// Package truth tells when people are really busy: what a correct reader of a
// portal must find out from its answers. It reckons from the rows alone, by
// calendar days, and shares nothing with package calendar, which renders and
// expands them for REST. So it can be an oracle for both the simulator and the
// client.
package truth
