// Package rescue keeps a panic in one piece of work from ending the program, which
// serves many companies at once.
//
// net/http recovers from a panic of a handler. Nobody does in a goroutine that a
// handler starts, and in what singleflight and errgroup call, a panic ends the program
// wherever it is. There, the work is wrapped:
//
//	group.Go(rescue.Err(func() error { … }))
//	flights.DoChan(key, rescue.Value(func() (any, error) { … }))
//	running.Go(rescue.Func(report, func() { … }))
//	rescue.Go(report, func() { … })
//
// A panic becomes an error of type *Panic, which holds the stack for the log. It is an
// error that nobody classified, so that pages say that the fault is ours, and no more.
// A test of the whole program finds goroutines that are not wrapped.
//
// Some ends of a program are none of a panic, and can't be recovered from: memory that
// has run out, a stack of a gigabyte, a map that is written by two at once.
package rescue
