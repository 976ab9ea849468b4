#!/usr/bin/env bash
# The linters and the format, as .golangci.yml has them. golangci-lint is pinned in a
# module of its own, so that its two hundred libraries are none of the product's. Go
# builds it once, which takes minutes, and keeps it in its cache.
#
#	lint.sh            lints
#	lint.sh --build    only builds
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CGO_ENABLED=0 GOFLAGS="-trimpath ${GOFLAGS:-}"

arguments=(run ./...)
[ "${1:-}" != --build ] || arguments=(version --short)
go tool -modfile=.ci/lint/go.mod golangci-lint "${arguments[@]}"
