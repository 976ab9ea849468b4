#!/usr/bin/env bash
# Runs every fuzz target, one after the other: go test -fuzz takes one at a time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for package in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "==> $package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "${1:-20s}" "$package"
	done
done
