// Package webtest supports tests of the features of web: a server of production's kind,
// with sessions in memory, and the cookies of people who are signed in.
package webtest
