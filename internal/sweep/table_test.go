package sweep

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"slotfinder/internal/store/pgtest"
)

// BenchmarkTable measures the engine and others on the same calendars, after
// comparing their answers, and prints a table: nanoseconds per busy interval, and
// in brackets how many times the engine's cold search is faster. The times are
// the best of several runs, since other work on the machine only ever adds.
//
//	go test ./internal/sweep -run '^$' -bench Table
//
// SLOTFINDER_BENCH_SIZES (default S,M,L,XL) chooses the cases; XL takes a minute.
func BenchmarkTable(b *testing.B) {
	var server pgtest.Server
	defer server.Stop()
	t := newTable()
	wanted := os.Getenv("SLOTFINDER_BENCH_SIZES")
	if wanted == "" {
		wanted = "S,M,L,XL"
	}
	for size := range sizes {
		if !strings.Contains(","+wanted+",", ","+sizes[size].name+",") {
			continue
		}
		for _, shuffled := range []bool{false, true} {
			groups := newFixtures(b, size, shuffled)
			f := groups[0]
			if size < oracleKnows {
				agree(b, f)
			}
			b.Run(f.Name, func(b *testing.B) { t.measure(b, groups) })
			if !shuffled {
				b.Run(f.Name+"/postgres", func(b *testing.B) { t.postgres(b, f, &server) })
				b.Run(f.Name+"/npm", func(b *testing.B) { t.npm(b, f) })
				b.Run(f.Name+"/calcom", func(b *testing.B) { t.calcom(b, f) })
			}
		}
	}
	t.print()
}

// table is what was measured: nanoseconds per interval, by row and column. Another
// contestant is one more column, and a call of put for each case.
type table struct {
	rows  []string
	cells map[[2]string]float64
}

func newTable() *table { return &table{cells: map[[2]string]float64{}} }

// columns are ours, in nanoseconds, and those of rivals, also as a multiple of cold.
var columns = []struct {
	name  string
	rival bool
}{{cold, false}, {warm, false}, {first, false}, {ranked, false}, {byTextbook, true}, {byPostgres, true}, {byNPM, true}, {byCalCom, true}}

const (
	cold       = "cold"
	warm       = "warm"
	first      = "first"
	ranked     = "ranked with reasons"
	byTextbook = "sort+merge+sweep"
	byPostgres = "PostgreSQL"
	byNPM      = "slot-calculator"
	byCalCom   = "cal.com"
)

// measure compares and measures the engine and the textbook. The engine answers a first
// search, which has everything to lay out; another one in the same memory, to which the
// table compares all others; the same with the ranking and its reasons; and a changed
// question.
func (t *table) measure(b *testing.B, groups []fixture) {
	var books []textbook
	var contests []*contest
	for i, in := range inputs(groups) {
		book, c := newTextbook(in, groups[i].Quorum), newContest(in, groups[i].Quorum)
		compare(b, groups[i].Name, book.answer(), c.withCounts(c.cold()))
		books, contests = append(books, book), append(contests, c)
	}
	memory := contests[0].search
	for b.Loop() {
		t.put(groups, byTextbook, quickest(each(books, func(t textbook) { t.answer() })))
		t.put(groups, first, quickest(each(contests, func(c *contest) { c.search = &Search{}; c.cold() })))
		t.put(groups, warm, quickest(each(contests, func(c *contest) { c.warm() })))
		t.put(groups, cold, quickest(each(contests, func(c *contest) { c.search = memory; c.cold() })))
		t.put(groups, ranked, quickest(each(contests, func(c *contest) { c.cold(); c.search.top(50) })))
	}
}

// each does something with all of them, in turn.
func each[T any](all []T, do func(T)) func() {
	return func() {
		for _, x := range all {
			do(x)
		}
	}
}

func (t *table) put(groups []fixture, column string, took time.Duration) {
	name := groups[0].Name
	if !slices.Contains(t.rows, name) {
		t.rows = append(t.rows, name)
	}
	t.cells[[2]string{name, column}] = float64(took.Nanoseconds()) / float64(intervals(groups))
}

// quickest returns the shortest of the runs that fit into half a second, at
// least three.
func quickest(run func()) time.Duration {
	best := time.Duration(1<<63 - 1)
	for n, begin := 0, time.Now(); n < 3 || time.Since(begin) < 500*time.Millisecond; n++ {
		start := time.Now()
		run()
		best = min(best, time.Since(start))
	}
	return best
}

func (t *table) print() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	fmt.Fprint(w, "\nns per busy interval\t")
	for _, column := range columns {
		fmt.Fprintf(w, "%s\t", column.name)
	}
	for _, name := range t.rows {
		fmt.Fprintf(w, "\n%s\t", name)
		for _, column := range columns {
			ns, known := t.cells[[2]string{name, column.name}]
			switch {
			case !known:
				fmt.Fprint(w, "–\t")
			case column.rival:
				fmt.Fprintf(w, "%.0f (%.0f×)\t", ns, ns/t.cells[[2]string{name, cold}])
			default:
				fmt.Fprintf(w, "%.1f\t", ns)
			}
		}
	}
	fmt.Fprintln(w)
}
