#!/usr/bin/env bash
# Makes all generated files anew: pages, tables of texts, the README's table. With
# --check it fails if that changed anything; unlike git diff this is right with
# uncommitted work, too.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# As the shipped program, so that the tools are compiled once for all.
export CGO_ENABLED=0 GOFLAGS="-trimpath ${GOFLAGS:-}"

generate() {
	go tool templ generate -log-level warn
	go generate ./...
}
if [ "${1:-}" != --check ]; then
	generate
	exit
fi

# generated lists the files: those that say so in their head, and the README.
generated() {
	git ls-files -co --exclude-standard -- '*.go' | while read -r file; do
		if [ -e "$file" ] && head -n 5 "$file" | grep -q '^// Code generated .* DO NOT EDIT\.$'; then echo "$file"; fi
	done
	echo README.md
}
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
generated | xargs cp --parents -t "$before"
generate
bad=0
# Both lists: templ removes what has lost its .templ file.
while read -r file; do
	diff -uN --label "$file, as it was" --label "$file, generated" "$before/$file" "$file" || bad=1
done < <({ generated; cd "$before" && find . -type f -printf '%P\n'; } | sort -u)
[ $bad -eq 0 ] || { echo "==> generated files were out of date: commit what make generate made" >&2; exit 1; }
