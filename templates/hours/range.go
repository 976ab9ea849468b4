package hours

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

const quarter = 15 // minutes between the clock readings to choose from

// timeRange is a range of clock readings in two fields: NAME_from and NAME_to.
type timeRange struct {
	name     string // of the weekday, lunch or prefer
	id       string
	from, to []part.Option
}

// emptyKeys say what it means that a range does not begin.
var emptyKeys = map[string]string{"lunch": "hours.no_lunch", "prefer": "hours.any_time"}

// ranges are the ranges of a field, an empty one without any, and one more where there is to
// be room for it. What can't be read as a range begins with all that was given.
func (f Form) ranges(ctx context.Context, name string) []timeRange {
	given := pieces(f.Values.Get(name))
	if len(given) == 0 || f.More == name && len(given) < meet.MaxRanges {
		given = append(given, "")
	}
	key := emptyKeys[name]
	if key == "" {
		key = "hours.day_off"
	}
	write := locale.From(ctx).Clock
	ranges := make([]timeRange, 0, len(given))
	for i, text := range given {
		from, to := ends(text)
		r := timeRange{name: name, id: name}
		if i > 0 {
			r.id, key = name+"-"+strconv.Itoa(i+1), "hours.no_range"
		}
		r.from = append([]part.Option{{Label: locale.T(ctx, key), Chosen: from == ""}}, part.ClockOptions(0, 24*60-quarter, quarter, from, write)...)
		r.to = append([]part.Option{{Label: "", Chosen: to == ""}}, part.ClockOptions(quarter, 24*60, quarter, to, write)...)
		ranges = append(ranges, r)
	}
	return ranges
}

// pieces are the ranges of a text, as many as a day may have.
func pieces(text string) []string {
	given := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' })
	return given[:min(len(given), meet.MaxRanges)]
}

// ends are where a range begins and ends.
func ends(text string) (from, to string) {
	at := strings.IndexAny(text, "-–—−")
	if at < 0 {
		return strings.TrimSpace(text), ""
	}
	from = strings.TrimSpace(text[:at])
	return from, strings.TrimSpace(strings.TrimLeft(text[at:], "-–—−"))
}

// canGrow reports whether a day has hours, and room for more.
func (f Form) canGrow(name string) bool {
	given := len(pieces(f.Values.Get(name)))
	return given > 0 && given < meet.MaxRanges && f.More != name
}

// labelled names one end of a range, for those who don't see where it stands, and ties it to
// its hint and fault.
func (f Form) labelled(ctx context.Context, name, hint, key string) templ.Attributes {
	a := f.described(name, hint)
	a["aria-label"] = locale.T(ctx, key)
	return a
}
