package links

import (
	"context"
	"strings"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

// mostMessageTimes bounds the times that a message names; the link has them all.
const mostMessageTimes = 20

// Message is the text to send along with a link, in the recipient's language.
type Message struct {
	Title    string           // of the link, "" = none
	Duration int              // minutes
	Starts   []time.Time      // the best, or those that the owner ticked
	Zones    []*time.Location // the first one says the day; none = UTC
	URL      string           // absolute
}

// Text writes the message in a language: a line for each time with the clock of
// every zone, then the link.
func (m Message) Text(c *locale.Catalogue) string {
	ctx := locale.With(context.Background(), c)
	title := strings.Join(strings.Fields(m.Title), " ")
	if title == "" {
		title = c.T("share.untitled")
	}
	lines := []string{title + " (" + part.Duration(ctx, m.Duration) + ")"}
	if len(m.Starts) > 0 {
		lines = append(lines, "", c.T("links.message_lead"))
		for _, start := range m.Starts[:min(len(m.Starts), mostMessageTimes)] {
			lines = append(lines, part.TimeLine(c, start, m.Duration, m.Zones))
		}
		if more := len(m.Starts) - mostMessageTimes; more > 0 {
			lines = append(lines, c.N("links.message_more", more))
		}
	}
	return strings.Join(append(lines, "", c.T("links.message_link"), m.URL), "\n")
}
