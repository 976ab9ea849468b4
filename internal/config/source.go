package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// fileSuffix marks the variable that names a file holding another's value. It is
// the convention of container images for secrets mounted as files.
const fileSuffix = "_FILE"

// maxFile bounds what is read from a file. The largest honest value, the list of
// local apps, is far below; a device or a log named by mistake is not swallowed.
const maxFile = 1 << 20

// readAll finds the value of each variable, by variable name. Those without a
// value are left out.
func readAll(getenv func(string) string) (map[string]string, Faults) {
	values := map[string]string{}
	var faults Faults
	for _, v := range variables() {
		value, err := read(getenv, v.name)
		if err != nil {
			faults = append(faults, Fault{v.name, err.Error()})
		} else if value != "" {
			values[v.name] = value
		}
	}
	return values, faults
}

// read finds one value without the white space around it: an editor's newline at
// a file's end is no part of a secret.
func read(getenv func(string) string, name string) (string, error) {
	value, path := strings.TrimSpace(getenv(name)), strings.TrimSpace(getenv(name+fileSuffix))
	switch {
	case path == "":
		return value, nil
	case value != "":
		return "", fmt.Errorf("is set twice: as itself and as %s", name+fileSuffix)
	}
	text, err := readFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name+fileSuffix, err)
	}
	if value = strings.TrimSpace(text); value == "" {
		return "", fmt.Errorf("%s: %s is empty", name+fileSuffix, path)
	}
	return value, nil
}

// readFile reads a small file. Its errors are one line and name the path, never
// a byte of the content.
func readFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("cannot read %s: %w", path, reason(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return "", fmt.Errorf("cannot read %s: %w", path, reason(err))
	}
	if len(text) > maxFile {
		return "", fmt.Errorf("%s is larger than 1 MiB", path)
	}
	return string(text), nil
}

// reason is the error without the operation and path that *fs.PathError repeats.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
