#!/usr/bin/env bash
# The linters, pinned in go.mod as tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CGO_ENABLED=0 GOFLAGS="-trimpath ${GOFLAGS:-}"

# Generated files are formatted by what makes them.
files=$(git ls-files -co --exclude-standard -- '*.go' | grep -v -e '_templ\.go$' -e '_gen\.go$' | while read -r f; do [ ! -e "$f" ] || echo "$f"; done)
unformatted=$(xargs go tool gofumpt -l <<<"$files")
[ -z "$unformatted" ] || { printf '==> not formatted; run make fmt:\n%s\n' "$unformatted" >&2; exit 1; }
go vet ./...
go tool staticcheck ./...
