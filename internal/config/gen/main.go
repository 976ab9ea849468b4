package main

import (
	"fmt"
	"os"

	"slotfinder/internal/config"
)

func main() {
	if err := update(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func update(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := config.Replace(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}
