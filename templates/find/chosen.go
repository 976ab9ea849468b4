package find

import (
	"context"
	"strings"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

const (
	mostFaces    = 6 // people up to whom all are pictured
	mostPictured = 3 // of more people, those who can't come and are pictured
	mostExcused  = 3 // people who are named with their reason in one line
)

// elsewhere are the clocks in sight beside the chosen time: those that differ from the
// viewer's or, of more than two, the first and the last.
func (c *chosen) elsewhere() []clock {
	_, here := c.start.Zone()
	var others []clock
	for _, k := range c.clocks {
		if offsetOf(k) != here {
			others = append(others, k)
		}
	}
	if len(others) > 2 {
		return []clock{others[0], others[len(others)-1]}
	}
	return others
}

// between stands between the clocks in sight.
func (c *chosen) between() string {
	if len(c.clocks) > 3 {
		return "…"
	}
	return "·"
}

// place is the first city of a clock.
func (c clock) place(ctx context.Context) string { return locale.From(ctx).City(c.places[0]) }

// attending says in few words how many can come.
func (r *Result) attending(ctx context.Context, missing []meet.Verdict) string {
	if len(missing) == 0 {
		return locale.N(ctx, "card.all", len(r.people))
	}
	return locale.T(ctx, "card.some", "free", r.free(missing), "people", len(r.people))
}

// lacksRequired reports whether somebody who must be there can't come.
func (r *Result) lacksRequired(missing []meet.Verdict) bool {
	if r.answer.Query.Quorum > 0 && r.free(missing) >= r.answer.Query.Quorum {
		return false
	}
	for _, m := range missing {
		if r.person(m.Person).Required {
			return true
		}
	}
	return false
}

// absence says in one line who can't come and why or, when all can, what else is to be
// said of the slot.
func (r *Result) absence(ctx context.Context, c *chosen) string {
	if len(c.missing) == 0 {
		return r.reasons(ctx, c)
	}
	var texts []string
	for i, m := range c.missing {
		if i == mostExcused {
			texts = append(texts, locale.N(ctx, "chosen.more", len(c.missing)-i))
			break
		}
		text := r.person(m.Person).Isolated(ctx)
		if why := r.rule(ctx, m); why != "" {
			text += ": " + why
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

// face is a picture in the bar.
type face struct {
	part.Person
	out bool // can't come
}

// faces are the people to be pictured.
func (r *Result) faces(missing []meet.Verdict) (faces []face) {
	away := make(map[int64]bool, len(missing))
	for _, m := range missing {
		away[m.Person] = true
	}
	for _, p := range r.people {
		if len(r.people) <= mostFaces || away[p.ID] && len(faces) < mostPictured {
			faces = append(faces, face{p, away[p.ID]})
		}
	}
	return faces
}

// faceless counts those who can't come and are not pictured.
func (r *Result) faceless(missing []meet.Verdict) int {
	if len(r.people) <= mostFaces {
		return 0
	}
	return max(0, len(missing)-mostPictured)
}

// barID names the bar after its place: the column beside the heat map comes instead of it,
// and does not move there.
func (r *Result) barID() string {
	if r.choice.View == HeatMap {
		return "chosen-beside"
	}
	return "chosen"
}

// trayID names the tray after the view, so that it is another one there.
func (r *Result) trayID() string {
	if r.choice.viewed() {
		return "ticked-" + r.choice.View
	}
	return "ticked"
}
