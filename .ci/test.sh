#!/usr/bin/env bash
# All tests, from a machine with nothing but Go, git and make. What is cheap and tells
# most comes first; the lines of go test come last.
#
# Everything but the race detector's tests is compiled with CGO_ENABLED=0 and -trimpath,
# as the shipped program is: the linters, the tools and the program then share one
# compilation, which is most of the time of a first run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CGO_ENABLED=0 GOFLAGS="-trimpath ${GOFLAGS:-}"
step() { printf '==> %4ds  %s\n' $SECONDS "$*" >&2; }

step "what the tests need; beside it the linters are built"
.ci/lint.sh --build >/dev/null &
building=$!
.ci/setup.sh
step "modules"
go mod download
step "lint"
wait $building
.ci/lint.sh
step "verify"
.ci/verify.sh
# Where nothing of ours runs at the same time, the race detector finds nothing and costs
# five times the time: pages, pure computing, rules of the source, and what a browser sees.
plain='/(arch|browser|browsertest|civil|config|ical|locale|seal|span|spelling|static|sweep|templates)(/|$)'
step "tests of what computes, of pages, and in a browser"
.ci/setup.sh --check
# Two packages at a time: browsers and database servers run beside the tests. Vet has
# run already, and debugging symbols would only make linking slow.
flags=(-vet=off -ldflags=-w -p 2 -timeout 20m)
status=0
go test "${flags[@]}" $(go list ./... | grep -E "$plain") || status=1
step "tests with the race detector"
race=(-race)
export CGO_ENABLED=1 GOFLAGS="${GOFLAGS#-trimpath }"
if ! command -v gcc >/dev/null && ! command -v clang >/dev/null && ! command -v cc >/dev/null; then
	race=() CGO_ENABLED=0
fi
go test "${race[@]}" "${flags[@]}" $(go list ./... | grep -vE "$plain") || status=1
step "done"
exit $status
