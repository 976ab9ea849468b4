package main

import (
	"bytes"
	"fmt"
	"os"

	"slotfinder/internal/civil/zone"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "pack FOLDER FILE")
		os.Exit(2)
	}
	if err := pack(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pack(folder, path string) error {
	var packed bytes.Buffer
	version, err := zone.Pack(folder, &packed)
	if err != nil {
		return err
	}
	fmt.Println(version)
	return os.WriteFile(path, packed.Bytes(), 0o644)
}
