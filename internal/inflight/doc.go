// Package inflight has searches that go on in the background while pages wait for them,
// or say how far they are and ask again. Whoever asks the same joins the search that is
// under way. An answer is handed out once and not kept: the next question deserves a new
// one.
package inflight
