// Package fields is what the test of fields is tested with.
package fields

type Inner struct{ Deep int }

type View struct {
	Inner
	Never, OnlyRead, OnlyWritten, Keyed, Assigned, Counted, Lent int
}

type (
	Pair   struct{ A, B int }
	Source struct{ C int }
	Target struct{ C int }
)

func use() (int, Pair, Target) {
	v := View{Keyed: 1}
	v.OnlyWritten, v.Assigned = 1, 2
	v.Counted++
	v.Deep = 3
	lend(&v.Lent)
	return v.OnlyRead + v.Keyed + v.Assigned + v.Counted + v.Deep + v.Lent, Pair{1, 2}, Target(Source{})
}

func lend(*int) {}

var _ = use
