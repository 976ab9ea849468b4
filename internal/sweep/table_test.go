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
// SLOTFINDER_BENCH_SIZES (default S,M,L) chooses the cases; XL takes a minute.
func BenchmarkTable(b *testing.B) {
	var server pgtest.Server
	defer server.Stop()
	t := newTable()
	wanted := os.Getenv("SLOTFINDER_BENCH_SIZES")
	if wanted == "" {
		wanted = "S,M,L"
	}
	for size := range sizes {
		if !strings.Contains(","+wanted+",", ","+sizes[size].name+",") {
			continue
		}
		for _, shuffled := range []bool{false, true} {
			f := newFixture(b, size, shuffled)
			b.Run(f.Name, func(b *testing.B) { t.measure(b, f) })
			if !shuffled {
				b.Run(f.Name+"/postgres", func(b *testing.B) { t.postgres(b, f, &server) })
				b.Run(f.Name+"/npm", func(b *testing.B) { t.npm(b, f) })
			}
		}
	}
	t.print()
}

// table is what was measured: by row and column, nanoseconds per interval. Another
// contestant is one more column, and a call of put for each case.
type table struct {
	rows  []string
	cells map[[2]string]float64
}

func newTable() *table { return &table{cells: map[[2]string]float64{}} }

// columns are ours, in nanoseconds, and the rivals', also as a multiple of cold.
var columns = []struct {
	name  string
	rival bool
}{{cold, false}, {warm, false}, {ranked, false}, {byTextbook, true}, {byPostgres, true}, {byNPM, true}}

const (
	cold       = "cold"
	warm       = "warm"
	ranked     = "ranked with reasons"
	byTextbook = "sort+merge+sweep"
	byPostgres = "PostgreSQL"
	byNPM      = "slot-calculator"
)

// measure compares and measures the engine and the textbook.
func (t *table) measure(b *testing.B, f fixture) {
	in := f.input()
	book, c := newTextbook(in, f.Quorum), newContest(in, f.Quorum)
	compare(b, f.Name, book.answer(), c.withCounts(c.cold()))
	for b.Loop() {
		t.put(f, byTextbook, quickest(func() { book.answer() }))
		t.put(f, cold, quickest(func() { c.cold() }))
		t.put(f, warm, quickest(func() { c.warm() }))
		t.put(f, ranked, quickest(func() { c.cold(); c.search.Best(50) }))
	}
}

func (t *table) put(f fixture, column string, took time.Duration) {
	if !slices.Contains(t.rows, f.Name) {
		t.rows = append(t.rows, f.Name)
	}
	t.cells[[2]string{f.Name, column}] = float64(took.Nanoseconds()) / float64(f.intervals())
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
