package layout

import (
	"context"
	"time"

	"slotfinder/internal/locale"
)

// LinkClosedView is the page of a link that shows no times. Nothing of the link
// itself is in it.
type LinkClosedView struct {
	Key   string        // text key of the headline, such as share.closed.expired; Key + ".next" says what to do
	Wait  time.Duration // when it is worth trying again, for links that are only closed for now
	Retry string        // the address to try again, "" = no use
}

// wait says when to try again: "" for links that stay closed.
func (v LinkClosedView) wait(ctx context.Context) string {
	if v.Key != "share.closed.down" && v.Key != "share.closed.busy" {
		return ""
	}
	minutes := int((v.Wait + time.Minute - 1) / time.Minute)
	return locale.N(ctx, "share.again", max(minutes, 1))
}
