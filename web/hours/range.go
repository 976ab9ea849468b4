package hours

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	page "slotfinder/templates/hours"
	"slotfinder/web"
)

// ranged are the fields of which each range is chosen in two: NAME_from and NAME_to.
var ranged = []string{"mo", "tu", "we", "th", "fr", "sa", "su", "lunch", "prefer"}

// joinRanges writes what was chosen as ParseSchedule of meet reads it. Programs send that at
// once.
func joinRanges(values url.Values) {
	for _, name := range ranged {
		from, to := values[name+"_from"], values[name+"_to"]
		if from == nil && to == nil {
			continue
		}
		delete(values, name+"_from")
		delete(values, name+"_to")
		var ranges []string
		for i := range min(max(len(from), len(to)), meet.MaxRanges) {
			if first, last := at(from, i), at(to, i); first != "" {
				ranges = append(ranges, first+"-"+last)
			}
		}
		values.Set(name, strings.Join(ranges, ", "))
	}
}

func at(texts []string, i int) string {
	if i >= len(texts) {
		return ""
	}
	return strings.TrimSpace(texts[i])
}

// moreHours shows the form, as it is, with room for one more range on a day.
func (h *Handlers) moreHours(ctx context.Context, c echo.Context, v *web.Identity, user int64, typed url.Values) error {
	sheet, err := h.timesheet(ctx, v)
	if err != nil {
		return err
	}
	web.BeginWeeks(c, sheet.WeekStart())
	schedule, _ := meet.ParseSchedule(typed) // what is wrong is said when it is saved
	view := h.hoursView(v, sheet)
	fillTyped(&view, sheet, user, typed, schedule).More = typed.Get("more")
	return h.Site.ShowApp(c, http.StatusOK, v, "hours.title", page.Page(view))
}
