#!/usr/bin/env bash
# Does what the Dockerfile does, without Docker: builds from the same files with the same
# script, and holds the program to what the image promises: static, tells its version,
# serves with nothing but its environment, and its health check tells the truth.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tmp=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true; rm -rf "$tmp"' EXIT
fail() {
	echo "==> image: $*" >&2
	[ ! -s "$tmp/log" ] || cat "$tmp/log" >&2
	exit 1
}

# The build context: the work tree without what .dockerignore leaves out.
mkdir "$tmp/src"
comm -23 <(git ls-files -co --exclude-standard | sort) <(git ls-files -cio -X .dockerignore | sort) |
	while read -r file; do [ ! -e "$file" ] || echo "$file"; done |
	xargs -d '\n' cp --parents -t "$tmp/src"
for source in $(awk '/^COPY/ && !/--from/ { for (i = 2; i < NF; i++) print $i }' Dockerfile); do
	[ -e "$tmp/src/$source" ] || fail "the Dockerfile copies $source, which is not in the build context"
done
export COMMIT=0123456789ab
(cd "$tmp/src" && .ci/build.sh "$tmp/slotfinder") || fail "the build failed"

# ldd fails for a static program, and says why.
[[ $(ldd "$tmp/slotfinder" 2>&1 || true) == *"not a dynamic executable"* ]] || fail "the program is not static"
[[ $("$tmp/slotfinder" version) == *"commit $COMMIT"* ]] || fail "version doesn't tell the commit"
[[ $("$tmp/slotfinder" version) == *"tzdata 20"* ]] || fail "version doesn't tell the time zone data"

# The image has no environment but its own: nothing of ours may leak in.
secret=$(head -c 32 /dev/urandom | base64)
program() {
	exec env -i SLOTFINDER_LISTEN="127.0.0.1:$port" SLOTFINDER_PUBLIC_URL=https://slots.example.com \
		SLOTFINDER_DATABASE="sqlite:$tmp/data.db" SLOTFINDER_SECRET="$secret" \
		BITRIX24_CLIENT_ID=app.verify BITRIX24_CLIENT_SECRET=verify "$tmp/slotfinder" "$@"
}
healthcheck() { (program healthcheck) 2>/dev/null; }
# healthy waits until the server says so: until it has ended, and at most 15 seconds.
healthy() {
	for _ in $(seq 150); do
		! healthcheck || return 0
		kill -0 "$server" 2>/dev/null || return 1
		sleep 0.1
	done
	return 1
}
for _ in 1 2 3 4 5; do # another program may have the port
	port=$((20000 + RANDOM % 10000))
	! healthcheck || continue
	program serve 2>"$tmp/log" &
	server=$!
	! healthy || break
	kill -KILL "$server" 2>/dev/null || true
	server=
done
[ -n "$server" ] || fail "the server didn't become healthy"
kill -TERM "$server"
wait "$server" || fail "SIGTERM must end the server with exit 0, not $?"
server=
! healthcheck || fail "the health check must fail without a server"
echo "==> image: ok, $(du -h "$tmp/slotfinder" | cut -f 1)"
