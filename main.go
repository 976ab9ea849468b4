// Command slotfinder finds the times at which colleagues on Bitrix24 are all free.
package main

import (
	"os"

	"slotfinder/internal/app"
)

func main() {
	os.Exit(app.Run(app.UntilSignal(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}
