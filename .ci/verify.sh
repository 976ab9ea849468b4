#!/usr/bin/env bash
# Verifies what is committed but made by something else: generated files, the files of
# others, and the image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

echo "==> generated files" >&2
.ci/generate.sh --check

echo "==> vendored files" >&2
(cd static && sha256sum --check --quiet --strict vendor/SHA256SUMS)
# A file of which nobody can say where it is from must not be served.
unlisted=$(comm -13 <(awk '{print $2}' static/vendor/SHA256SUMS | sort) \
	<(cd static && find vendor -type f ! -name SHA256SUMS | sort))
[ -z "$unlisted" ] || { echo "==> not in static/vendor/SHA256SUMS: $unlisted" >&2; exit 1; }

echo "==> time zone data" >&2
(cd internal/civil/zone && sha256sum --check --quiet --strict tzdata.zip.sha256)

echo "==> image" >&2
.ci/image.sh
