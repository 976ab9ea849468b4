package find

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// TextView is the page of chosen times as text.
type TextView struct {
	Starts []time.Time // in order, each once
	Answer meet.Answer // of the search that they were chosen from
	Back   string      // address of that search
}

// mostTextRows bounds the height of the field.
const mostTextRows = 20

func (v TextView) rows() string { return strconv.Itoa(min(len(v.Starts)+2, mostTextRows)) }

// text has a line for each time, with everybody's clock.
func (v TextView) text(ctx context.Context) string {
	r := &Result{zone: v.Answer.Query.Zone}
	for _, attendee := range v.Answer.People {
		r.people = append(r.people, part.Person{Attendee: attendee})
	}
	lines := []string{locale.T(ctx, "links.message_lead")}
	for _, start := range v.Starts {
		lines = append(lines, part.TimeLine(locale.From(ctx), start, v.Answer.Query.Duration, r.everyClock(start)))
	}
	return strings.Join(lines, "\n")
}

// ReadStarts are the times that the parameter slot names, in order and each once, as many as
// a link may have. Wrong ones are left out.
func ReadStarts(texts []string) (starts []time.Time) {
	for _, text := range texts {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			starts = append(starts, at.UTC().Truncate(time.Minute))
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	starts = slices.CompactFunc(starts, time.Time.Equal)
	return starts[:min(len(starts), meet.MaxPicks)]
}
