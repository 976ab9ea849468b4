package app

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"slotfinder/internal/rescue"
)

// ErrTerminated is the cause of a context that ends at SIGTERM: requests are still taken
// for a while, in which whoever distributes them learns to send them elsewhere.
var ErrTerminated = errors.New("terminated")

// UntilSignal returns a context that ends at SIGINT, or at SIGTERM with ErrTerminated as
// its cause. A SIGINT after a SIGTERM ends the program at once.
func UntilSignal() context.Context {
	ctx, end := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	rescue.Go(end, func() {
		if <-signals == syscall.SIGTERM {
			end(ErrTerminated)
			signal.Reset(os.Interrupt)
		} else {
			end(nil)
		}
	})
	return ctx
}
