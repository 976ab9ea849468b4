package find

import (
	"context"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/templates/layout"
)

// text says how far the search is.
func (r Reading) text(ctx context.Context) string {
	if r.Asked == 0 {
		return locale.T(ctx, "progress.people")
	}
	return locale.N(ctx, "progress.count", r.Asked, "read", r.Read)
}

// headers are what the page says when it asks again, as htmx wants them.
func (r Reading) headers() string { return `{"` + layout.ReadingHeader + `":"` + r.Mark + `"}` }

// days are those asked for, as far as they are known. The line has its height before it
// has text, so that nothing moves.
func (v View) days(ctx context.Context) string {
	if v.Result != nil {
		return v.Result.days(ctx)
	}
	from, err1 := time.Parse(time.DateOnly, v.Form.value("from", ""))
	to, err2 := time.Parse(time.DateOnly, v.Form.value("to", ""))
	switch {
	case v.Reading == nil:
		return ""
	case err1 != nil || err2 != nil:
		return "\u00a0"
	}
	return locale.From(ctx).DayRange(from, to)
}
