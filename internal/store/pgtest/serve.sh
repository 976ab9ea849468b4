# Makes a PostgreSQL server in a folder of its own, prints the folder once the
# server answers, and lives until its input ends. Meanwhile it takes the orders down
# and up, and prints each when it is done. PATH must lead to initdb.
set -eu
dir=$(mktemp -d /tmp/pgtest-XXXXXX)
cleanup() {
	pg_ctl -D "$dir/data" -m immediate stop >/dev/null 2>&1 || :
	rm -rf "$dir"
}
trap cleanup EXIT
# PIPE: the tests may be gone before they are told the folder.
trap 'exit 1' HUP INT TERM PIPE
options="-k $dir -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB -c max_connections=200"
up() { pg_ctl -D "$dir/data" -w -t 60 -l "$dir/log" -o "$options" start; }
down() { pg_ctl -D "$dir/data" -w -t 60 -m fast stop; }
{
	initdb -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync && up
} >"$dir/out" 2>&1 </dev/null || {
	cat "$dir/out" "$dir/log" >&2 || :
	exit 1
}
echo "$dir"
# read is part of the shell, so that a signal is not kept waiting.
while read -r order; do
	case $order in
	up | down) "$order" >"$dir/out" 2>&1 </dev/null || exit 1 ;;
	esac
	echo "$order"
done
