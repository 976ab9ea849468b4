package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"slotfinder/internal/config"
)

const help = `Slotfinder finds the times at which colleagues on Bitrix24 are all free.

  slotfinder demo         the whole product with a simulated Bitrix24, on this machine
  slotfinder serve        production; reads the environment (see README)
  slotfinder portal       only the simulated Bitrix24, for development
  slotfinder healthcheck  exit 0 if the server at SLOTFINDER_LISTEN is ready
  slotfinder version      version, commit, Go version, time zone data
`

// Run is the program as a value. It runs the command that args name, without the
// program's own name, until it is done or ctx ends, and returns the exit code. With
// ErrTerminated as the cause of ctx it hands over before it stops. No command reads
// stdin yet.
func Run(ctx context.Context, args []string, getenv func(string) string, _ io.Reader, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprint(stderr, help)
		return 2
	}
	commands := map[string]func(context.Context, config.Config, io.Writer, *slog.Logger) error{
		"serve": serve, "demo": demo, "portal": simulatedPortal, "healthcheck": healthcheck,
	}
	command, known := commands[args[0]]
	switch {
	case args[0] == "version":
		printVersion(stdout)
		return 0
	case !known:
		fmt.Fprint(stderr, help)
		return 2
	}
	cfg, err := config.Load(getenv, config.Mode(args[0]))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	log := newLog(stderr, cfg.Log)
	if err := command(ctx, cfg, stdout, log); err != nil {
		log.Error("stopped", "error", err)
		return 1
	}
	return 0
}
