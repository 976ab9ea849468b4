#!/bin/sh
# Builds the program as it is shipped: static, without paths of the building machine.
# The Dockerfile, make build and make verify all build with this.
#
#	.ci/build.sh FILE      VERSION and COMMIT come from the environment, else from git
set -eu
VERSION="${VERSION:-$(git describe --tags --always --dirty 2>/dev/null || echo dev)}"
COMMIT="${COMMIT:-$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)}"
# Without -buildvcs=false a checkout that belongs to another user can't be built.
CGO_ENABLED=0 exec go build -trimpath -buildvcs=false \
	-ldflags "-s -w -X slotfinder/internal/app.version=$VERSION -X slotfinder/internal/app.commit=$COMMIT" -o "$1" .
