package rescue

import (
	"fmt"
	"log/slog"
	"runtime/debug"
)

// How much of a panic goes into the log, in bytes: what it was given may be as long as
// what somebody sent.
const (
	mostValue = 500
	mostStack = 8 << 10
)

// Panic is a panic as an error.
type Panic struct {
	Value any    // what panic was called with
	Stack string // of the goroutine, from the panic upwards, shortened
}

// Error returns the value, shortened, and the stack, for the log.
func (p *Panic) Error() string {
	return "panic: " + shorten(fmt.Sprint(p.Value), mostValue) + "\n" + p.Stack
}

// Err wraps work that can fail: a panic is an error of it.
func Err(do func() error) func() error {
	return func() (err error) {
		defer caught(&err)
		return do()
	}
}

// Value wraps work that has a result: a panic is an error of it.
func Value[T any](do func() (T, error)) func() (T, error) {
	return func() (value T, err error) {
		defer caught(&err)
		return do()
	}
}

// Func wraps work that can't fail: a panic is told to report, in the same goroutine.
func Func(report func(error), do func()) func() {
	return func() {
		if err := Err(func() error { do(); return nil })(); err != nil {
			report(err)
		}
	}
}

// Go does work in a goroutine of its own: a panic is told to report, there.
func Go(report func(error), do func()) { go Func(report, do)() }

// Log returns a report that writes a line of its own about work with that name.
func Log(log *slog.Logger, work string) func(error) {
	return func(err error) { log.Error("background work failed", "work", work, "error", err) }
}

// caught recovers from a panic. It must be deferred itself.
func caught(err *error) {
	if value := recover(); value != nil {
		*err = &Panic{Value: value, Stack: shorten(string(debug.Stack()), mostStack)}
	}
}

func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:most] + "…"
}
