#!/bin/sh
# Builds the program as it is shipped: static, without paths of the building machine.
# The Dockerfile, make build and make verify all build with this.
#
#	.ci/build.sh FILE      COMMIT comes from the environment, else from git
set -eu
COMMIT="${COMMIT:-$(git describe --always --abbrev=12 --exclude="*" --dirty 2>/dev/null || echo unknown)}"
# Without -buildvcs=false a checkout that belongs to another user can't be built.
CGO_ENABLED=0 exec go build -trimpath -buildvcs=false \
	-ldflags "-s -w -X slotfinder/internal/app.commit=$COMMIT" -o "$1" .
