#!/usr/bin/env bash
# What is fast and needs nothing but Go: the linters, and the tests without a browser, a
# database server or the whole product. For every few minutes of work; make test does all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CGO_ENABLED=0 GOFLAGS="-trimpath ${GOFLAGS:-}"
.ci/lint.sh
slow='/(e2e|portalsim|bitrix24|auth|store|templates|app|static|job)(/|$)'
go test -short -vet=off $(go list ./... | grep -vE "$slow")
