#!/usr/bin/env bash
# Renews the program's own copy of tzdata from the newest of Debian's packages that
# apt-get offers here, and its checksum. The data is in the public domain.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
zone=$PWD/internal/civil/zone
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

[ "$(id -u)" -ne 0 ] || apt-get -qq update || echo "==> tzdata: the lists of packages are as they were" >&2
(cd "$tmp" && apt-get -qq download tzdata 2>/dev/null && dpkg-deb -x tzdata_*.deb tree)
version=$(CGO_ENABLED=0 go run ./internal/civil/zone/pack "$tmp/tree/usr/share/zoneinfo" "$tmp/tzdata.zip")
mv "$tmp/tzdata.zip" "$zone/tzdata.zip"
(cd "$zone" && sha256sum tzdata.zip >tzdata.zip.sha256)
echo "==> tzdata: $version, from $(basename "$tmp"/tzdata_*.deb)"
