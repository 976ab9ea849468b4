#!/usr/bin/env bash
# Attacks the product on this machine, one attack after the other, and prints for each
# whether it held, how many seconds that took, and its figures: what the tests log as
# "figure: ...". Servers, the database and the simulated Bitrix24 are on loopback. Each
# attack is bounded in requests and ends by itself. All but those that measure the machine
# run in make test, too.
#
#	attack.sh          all attacks
#	attack.sh WORD     those whose name has the word
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export SLOTFINDER_ATTACK=1 CGO_ENABLED=0 GOFLAGS="-trimpath ${GOFLAGS:-}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What is attacked | package | tests
attacks() {
	cat <<'LIST'
metrics: made-up methods and paths make series|./web|TestMadeUpRequestsAddNoSeries
searches: worst-case answers, slow readers|./internal/e2e|TestAttackBySearches
searches: the same from five portals|./internal/e2e|TestAttackByPortals
searches: answers that nobody reads|./web|TestSlowReadersHoldOnlyBytes|TestSpoolsAreBounded
searches: answers and queues without end|./web/find|TestSearchesInTheBackgroundAreBounded|TestAnswersAreListedUpToABound
queries: 64 kB of people and groups|./web/find|TestWhatIsSentIsReadInOneGo
queries: people and groups beyond all bounds|./internal/e2e|TestQueriesThatNameTooMuch
zones: endless spellings of a name|./internal/civil/zone|TestSpellingsAreNotKept
zones: odd names wherever one is taken|./internal/finder|TestZoneNamesWhereverAZoneIsTaken
photos: 43,000 scans, a portal full of them|./internal/bitrix24|TestExpensivePhotosAreNotDecoded|TestAttackByPhotos
sign-in: strangers, HEAD and OPTIONS fill the database|./internal/e2e|TestStrangersStoreNothing|TestHeadDoesNothing
links: a flood beside a colleague's work|./internal/e2e|TestAttackOnLinks
links: what is refused is written|./internal/sharer|TestRefusedLooksWriteNothing|TestLooksKeepLittle
tokens: the database is away when a pair is renewed|./internal/auth|TestARenewedPairOutlivesTheDatabase|TestAFirstLaunchOutlivesTheDatabase
tokens: the end of the program|./internal/e2e|TestTheEndOfTheProgramWaitsForTokens
database: full, locked, read only, away|./internal/store|TestFullDatabase|TestLockedDatabase|TestReadOnlyDatabase|TestPostgresComesBack|TestPostgresConnectionsCut
sign-in: links that lead to other portals and people|./internal/e2e|TestNobodyIsSentToAPortalByOthers|TestAnotherPersonIsAskedFor
events: a flood of forged ones hides a true one|./internal/e2e|TestAFloodOfEventsHidesNothing|TestAFloodOfRefusedEvents
shared pages: answers of 60 MB|./internal/e2e|TestSharedAnswersAreBounded
proxies: addresses with ports, chains of one's own making|./web|TestClientAddress|TestNetworkOfAClient
launches: the same first one at once, two servers|./internal/e2e|TestFirstLaunchAtOnce
engine: 500 busy people, 50 groups, 92 days|./internal/sweep|TestWorkOfTheWorstCase|TestStoppedSearchTellsNothing
engine: a search that nobody waits for|./internal/finder|TestCancelledSearchIsAnErrorAndEndsAtOnce
panics: in decoders and in the background|./internal/bitrix24|TestPanicMakesPeopleUnknown|TestPanicInASharedReadingIsAnError
panics: while a request is answered|./web/find|TestPanicInTheBackground
portals: 900 that hang beside 100 that answer|./internal/auth|TestSilentPortalsAreAskedLast|TestSilentPortalsDoNotDelayDismissals
log: attacks leave lines, and no secret|./internal/e2e|TestSecurityLog
log: a flood floods the log|./internal/audit|TestFloodGetsFewLinesAndACount|TestManyAddressesTakeBoundedMemory
networks: portals with private addresses|./internal/bitrix24|TestPrivateNetworks|TestPrivateNetworksStayOnHTTPS
leases: clocks that differ by 45 s|./internal/auth|TestLeasesHoldWhenClocksDiffer
shutdown: SIGTERM under load|./internal/e2e|TestTerminatedUnderLoad
LIST
}

# A package's tests as a program, made once.
program() {
	local file="$folder/${1//\//_}.test"
	[ -x "$file" ] || go test -vet=off -c -o "$file" "$1" >&2
	echo "$file"
}

attacks | cut -d'|' -f1 | grep -qF -- "${1:-}" || { echo "no attack has \"$1\" in its name" >&2; exit 1; }
failed=0
while IFS='|' read -r name package tests; do
	[[ "$name" == *"${1:-}"* ]] || continue
	program=$(program "$package")
	start=$SECONDS
	out=$(cd "$package" && "$program" -test.v -test.timeout 10m -test.run "^($tests)\$" 2>&1 </dev/null) && word=held || { word="NOT HELD" failed=1; }
	passed=$(grep -c '^--- PASS' <<<"$out" || true)
	[ "$word" != held ] || [ "$passed" -eq "$(tr '|' '\n' <<<"$tests" | wc -l)" ] || { word="NOT RUN" failed=1; }
	printf '%-9s %4d s  %s\n' "$word" $((SECONDS - start)) "$name"
	[ "$word" != held ] || grep -o 'figure: .*' <<<"$out" | sed 's/^figure:/                  /'
	[ "$word" = held ] || grep -vE '^(=== |--- PASS|PASS|ok )' <<<"$out" | head -n 20 | sed 's/^/                   /'
done < <(attacks)
exit $failed
