package sweep

import (
	"database/sql"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/store/pgtest"
)

// setUp is the SQL that makes each person's unavailable times from JSON rows
// [person, start, end], in minutes.
const setUp = `
CREATE TABLE taken (person int, during int4range);
INSERT INTO taken SELECT (r->>0)::int, int4range((r->>1)::int, (r->>2)::int) FROM json_array_elements($1::json) r
	WHERE (r->>1)::int < (r->>2)::int`

// The question in SQL, with multiranges. $1 and $2 are the range, $3 the length,
// $4 how many people may be missing or, in the last, the step, and $5 the people.
const (
	windowsForAll = `
SELECT lower(w), upper(w) FROM unnest(
	int4multirange(int4range($1::int, $2::int)) - (SELECT range_agg(during) FROM taken)
) w WHERE upper(w) - lower(w) >= $3::int ORDER BY 1`

	windowsForQuorum = `
WITH edge AS (
	SELECT lower(r) AS at, 1 AS by FROM (SELECT unnest(range_agg(during)) r FROM taken GROUP BY person) p
	UNION ALL SELECT upper(r), -1 FROM (SELECT unnest(range_agg(during)) r FROM taken GROUP BY person) p
	UNION ALL VALUES ($1::int, 0), ($2::int, 0)
), step AS (
	SELECT at, lead(at) OVER (ORDER BY at) AS next, sum(sum(by)) OVER (ORDER BY at) AS missing FROM edge GROUP BY at
)
SELECT lower(w), upper(w) FROM (
	SELECT unnest(range_agg(int4range(at, next)) * int4multirange(int4range($1, $2))) w FROM step WHERE missing <= $4::int AND next IS NOT NULL
) good WHERE upper(w) - lower(w) >= $3::int ORDER BY 1`

	countsByStart = `
WITH person AS MATERIALIZED (SELECT range_agg(during) AS off FROM taken GROUP BY person)
SELECT start, $5::int - count(off) FROM generate_series($1::int, $2::int - $3::int, $4::int) start
	LEFT JOIN person ON off && int4range(start, start + $3::int) GROUP BY start ORDER BY start`
)

// postgres compares and measures what a database would do.
func (t *table) postgres(b *testing.B, f fixture, server *pgtest.Server) {
	book := newTextbook(f.input(), f.Quorum)
	if len(book.busy) > 500 {
		b.Skip("too long for a database")
	}
	db, err := sql.Open("pgx", server.Schema(b))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var rows [][3]int64
	for p := range book.busy {
		for _, m := range slices.Concat(book.busy[p], book.outside[p]) {
			rows = append(rows, [3]int64{int64(p), m.start, m.end})
		}
	}
	body, err := json.Marshal(rows)
	if err != nil {
		b.Fatal(err)
	}
	create, insert := setUp[:len("\nCREATE TABLE taken (person int, during int4range);")], setUp[len("\nCREATE TABLE taken (person int, during int4range);"):]
	for _, x := range []struct {
		sql  string
		args []any
	}{{create, nil}, {insert, []any{string(body)}}, {"ANALYZE taken", nil}} {
		if _, err := db.ExecContext(b.Context(), x.sql, x.args...); err != nil {
			b.Fatal(err)
		}
	}
	answer := func() (o outcome) {
		o.all = pairs(b, db, windowsForAll, book.from, book.to, book.duration)
		o.quorum = pairs(b, db, windowsForQuorum, book.from, book.to, book.duration, len(book.busy)-book.need)
		for _, x := range pairs(b, db, countsByStart, book.from, book.to, book.duration, book.step, len(book.busy)) {
			o.counts = append(o.counts, int(x.End))
		}
		o.best = book.best(o.counts)
		return o
	}
	compare(b, f.Name+" in SQL", book.answer(), answer())
	for b.Loop() {
		t.put([]fixture{f}, byPostgres, quickest(func() { answer() }))
	}
}

// pairs runs a query that returns two numbers in each row.
func pairs(b *testing.B, db *sql.DB, query string, args ...any) (list []civil.Span) {
	rows, err := db.QueryContext(b.Context(), query, args...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s civil.Span
		if err := rows.Scan(&s.Start, &s.End); err != nil {
			b.Fatal(err)
		}
		list = append(list, s)
	}
	if rows.Err() != nil {
		b.Fatal(rows.Err())
	}
	return list
}

// npm compares and measures the package slot-calculator, which finds only slots for
// everybody, one directly after another.
func (t *table) npm(b *testing.B, f fixture) {
	in := f.input()
	dir := nodeFolder(b, f, "slot-calculator@2.2.1")
	var want []string // one after another from the start of each window
	for _, w := range Find(in).Windows {
		for at := w.Start; at+civil.Minute(in.Rules.Duration) <= w.End; at += civil.Minute(in.Rules.Duration) {
			want = append(want, at.Time().Format(time.RFC3339))
		}
	}
	for b.Loop() {
		var got struct {
			Nanoseconds int64    `json:"nanoseconds"`
			Starts      []string `json:"starts"`
		}
		runNode(b, dir, "slot-calculator.mjs", unavailable(in), &got)
		if !slices.Equal(want, got.Starts) {
			b.Fatalf("slot-calculator finds %v, the engine %v", got.Starts, want)
		}
		t.put([]fixture{f}, byNPM, time.Duration(got.Nanoseconds))
	}
}

// calcom compares and measures what cal.com publishes of its slot code, which finds the
// windows of all. Its package imports others that are not published, so only this one file
// is used.
func (t *table) calcom(b *testing.B, f fixture) {
	dir := nodeFolder(b, f, "dayjs@1.11.19")
	script := `set -e
		npm pack --silent @calcom/platform-libraries@0.0.360 >/dev/null
		tar xzf *.tgz
		sed 's#^require("./index-Br7AzmuA.cjs");##' package/dist/date-ranges-Uz4z3i_9.cjs >date-ranges.cjs`
	unpack := exec.CommandContext(b.Context(), "sh", "-c", script)
	unpack.Dir = dir
	if out, err := unpack.CombinedOutput(); err != nil {
		b.Skipf("LEFT OUT cal.com: npm can't fetch it: %v %s", err, out)
	}
	question, err := json.Marshal(f)
	if err != nil {
		b.Fatal(err)
	}
	var want [][2]int64
	for _, w := range Find(f.input()).Windows {
		want = append(want, [2]int64{w.Start.Time().Unix(), w.End.Time().Unix()})
	}
	for b.Loop() {
		var got struct {
			Nanoseconds int64      `json:"nanoseconds"`
			Windows     [][2]int64 `json:"windows"`
		}
		runNode(b, dir, "cal.com.cjs", question, &got)
		if !slices.Equal(want, got.Windows) {
			b.Fatalf("cal.com finds %v, the engine %v", got.Windows, want)
		}
		t.put([]fixture{f}, byCalCom, time.Duration(got.Nanoseconds))
	}
}

// nodeFolder installs a package into a temporary folder.
func nodeFolder(b *testing.B, f fixture, pinned string) (dir string) {
	if _, err := exec.LookPath("npm"); err != nil {
		b.Skip("LEFT OUT: no npm here")
	}
	if len(f.People) > 50 {
		b.Skip("too long for Node")
	}
	dir = b.TempDir()
	install := exec.CommandContext(b.Context(), "npm", "install", "--silent", "--no-audit", "--no-fund", pinned)
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		b.Skipf("LEFT OUT: npm can't install %s: %v %s", pinned, err, out)
	}
	return dir
}

// runNode has a script of testdata answer a question, beside the packages, where Node
// looks for them.
func runNode(b *testing.B, dir, script string, question []byte, answer any) {
	body, err := os.ReadFile(filepath.Join("testdata", script))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, script), body, 0o600)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "question.json"), question, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
	run := exec.CommandContext(b.Context(), "node", script, "question.json")
	run.Dir, run.Env = dir, append(os.Environ(), "TZ=UTC")
	out, err := run.Output()
	if err == nil {
		err = json.Unmarshal(out, answer)
	}
	if err != nil {
		b.Fatalf("%s: %v", script, err)
	}
}

// unavailable writes a question in the form that slot-calculator reads.
func unavailable(in Input) []byte {
	book := newTextbook(in, 0)
	type slot struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	iso := func(m int64) string { return civil.Minute(m).Time().Format(time.RFC3339) }
	question := struct {
		slot
		Duration int64  `json:"duration"`
		Taken    []slot `json:"unavailability"`
	}{slot{iso(book.from), iso(book.to)}, book.duration, nil}
	for p := range book.busy {
		for _, m := range slices.Concat(book.busy[p], book.outside[p]) {
			question.Taken = append(question.Taken, slot{iso(max(m.start, book.from)), iso(min(m.end, book.to))})
		}
	}
	body, err := json.Marshal(question)
	if err != nil {
		panic(err)
	}
	return body
}
