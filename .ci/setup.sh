#!/usr/bin/env bash
# Installs what the tests need beside Go, git and make, from Debian's packages, when
# it is missing: a C compiler (for the race detector), Chromium, fonts, PostgreSQL and Node.
# Without root it says what to install and goes on; with CI=true that is a failure.
#
#	setup.sh            installs
#	setup.sh --check    only says what the tests will leave out
set -euo pipefail

check=
[ "${1:-}" != --check ] || check=yes
packages=()
missing() { # missing WHAT FOR PACKAGE...
	packages+=("${@:3}")
	if [ $check ]; then
		echo "==> LEFT OUT: $2, for lack of $1" >&2
	else
		echo "==> missing: $1, for $2; Debian's packages: ${*:3}" >&2
	fi
}
any() { # any NAME...: is one of the programs in PATH?
	local name
	for name; do command -v "$name" >/dev/null && return; done
	return 1
}

font() { # font PATTERN: is there such a font?
	compgen -G "/usr/share/fonts/truetype/$1.ttf" >/dev/null
}

any gcc clang cc || missing "a C compiler" "the race detector" gcc libc6-dev
any chromium || missing "Chromium" "the browser tests" chromium
font noto/NotoSans-Regular && font 'liberation*/LiberationMono-Regular' && font 'droid/DroidSansFallback*' ||
	missing "fonts" "the browser tests: an ordinary one for every script, and a wide one" fonts-noto-core fonts-liberation fonts-droid-fallback
any postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null ||
	[ -n "${TEST_POSTGRES_URL:-}" ] || missing "PostgreSQL" "the store's tests" postgresql
any node && any npm ||
	missing "Node with npm" "axe-core on every page, the simulated Bitrix24 against its own JavaScript SDK" nodejs npm
[ ! $check ] || exit 0
[ ${#packages[@]} -gt 0 ] || exit 0

give_up() {
	echo "==> $1" >&2
	echo "==> install it yourself:  apt-get install ${packages[*]}" >&2
	[ "${CI:-}" != true ] || exit 1
	echo "==> GOING ON WITHOUT" >&2
	exit 0
}

command -v apt-get >/dev/null || give_up "this is no Debian"
root=()
if [ "$(id -u)" -ne 0 ]; then
	sudo -n true 2>/dev/null || give_up "not root, and no sudo without a password"
	root=(sudo -n)
fi

# RUNLEVEL=1 keeps Debian from starting a database server: the tests start their own.
apt() {
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
		apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

echo "==> installing from Debian's packages: ${packages[*]}" >&2
for try in 1 2 3; do
	if apt update && apt install -y --no-install-recommends "${packages[@]}"; then
		exit 0
	fi
	echo "==> try $try failed; repairing the package database" >&2
	"${root[@]}" dpkg --configure -a </dev/null >&2 || true
	apt -f install -y || true
done
give_up "installing failed three times"
