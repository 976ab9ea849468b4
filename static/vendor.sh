#!/bin/sh
# Copies what the pages take from npm into static/: htmx and the icons. The
# versions stand in package.json, the checksums in vendor/SHA256SUMS; a difference
# stops the script. Building does not need it: the copies are committed.
#
#	sh static/vendor.sh            copy and compare
#	sh static/vendor.sh -update    copy and write new checksums
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version() { sed -n "s|.*\"$1\": \"\([^\"]*\)\".*|\1|p" package.json; }
fetch() { # package name, folder
	wanted=$(version "$1")
	archive=$(cd "$work" && npm pack --silent "$1@$wanted")
	mkdir "$work/$2"
	tar xzf "$work/$archive" -C "$work/$2" --strip-components 1
}

fetch htmx.org htmx
fetch @bitrix24/b24icons-vue icons
mkdir -p vendor
cp "$work/htmx/dist/htmx.min.js" vendor/htmx.min.js
cp "$work/htmx/dist/ext/hx-sse.min.js" vendor/hx-sse.min.js
cp "$work/htmx/LICENSE" vendor/htmx.LICENSE
cp "$work/icons/LICENSE" vendor/b24icons.LICENSE
node icons/sprite.mjs "$work/icons" >icons/sprite.svg
# The maps are not shipped; without this line browsers' tools would ask for them.
sed -i '/^\/\/# sourceMappingURL=/d' vendor/*.js

files="vendor/htmx.min.js vendor/hx-sse.min.js vendor/htmx.LICENSE vendor/b24icons.LICENSE icons/sprite.svg"
if [ "${1:-}" = -update ]; then
	sha256sum $files >vendor/SHA256SUMS
fi
sha256sum --check --quiet vendor/SHA256SUMS
