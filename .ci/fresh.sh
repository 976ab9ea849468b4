#!/usr/bin/env bash
# Runs the README's make test where nothing was ever installed: in a Debian with the
# bare minimum, git, make and Go, made anew in a temporary folder and removed after.
# Needs root, Debian's debootstrap and some 6 GB; takes a good quarter of an hour.
# What is committed is tested. KEEP=1 keeps the folder, to look at what failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ "$(id -u)" -eq 0 ] || { echo "==> needs root: a bare machine is a change of root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "==> install it first:  apt-get install debootstrap" >&2; exit 1; }

suite=${FRESH_SUITE:-bookworm}
mirror=${FRESH_MIRROR:-http://deb.debian.org/debian}
root=$(mktemp -d -t slotfinder-fresh-XXXXXX)
chmod 755 "$root" # it becomes /, which everybody on the machine must be able to enter
mounted=()
clean() {
	local i
	for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do umount -l "${mounted[$i]}" || true; done
	[ "${KEEP:-}" ] && echo "==> kept: $root" >&2 || rm -rf --one-file-system "$root"
}
trap clean EXIT

echo "==> Debian $suite, the bare minimum, in $root" >&2
debootstrap --variant=minbase --include=git,make,ca-certificates "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
	{ tail -n 20 "$root.log" >&2; exit 1; }
rm -f "$root.log"
for place in proc sys dev dev/pts dev/shm; do
	mkdir -p "$root/$place"
	mount --bind "/$place" "$root/$place" && mounted+=("$root/$place")
done

# How this machine reaches the registries belongs to the machine, not to the project.
# The registries of packages that the project doesn't use stay out.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null || true
[ ! -d /usr/local/share/ca-certificates ] || cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
chroot "$root" update-ca-certificates >/dev/null 2>&1 || true
! compgen -G '/etc/apt/apt.conf.d/*proxy*' >/dev/null || cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/"
[ ! -e "$HOME/.npmrc" ] || cp "$HOME/.npmrc" "$root/root/.npmrc"

cp -a "$(go env GOROOT)" "$root/usr/local/go"
git clone --quiet --no-hardlinks . "$root/root/slotfinder"

echo "==> make test" >&2
SECONDS=0
env -i HOME=/root LANG=C.UTF-8 CI=true PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	GOPROXY="$(go env GOPROXY)" GOSUMDB="$(go env GOSUMDB)" GOTOOLCHAIN=local ${FRESH_ENV:-} \
	chroot "$root" sh -c 'cd /root/slotfinder && make test' </dev/null && status=0 || status=$?
echo "==> make test on a bare machine: exit $status after $((SECONDS / 60)) min $((SECONDS % 60)) s" >&2
exit $status
