package hours

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/civil"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	page "slotfinder/templates/hours"
	"slotfinder/web"
)

// hours shows one's working time and, to administrators, the company's.
func (h *Handlers) hours(c echo.Context, v *web.Identity) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	sheet, err := h.timesheet(ctx, v)
	if err != nil {
		return err
	}
	web.BeginWeeks(c, sheet.WeekStart())
	view := h.hoursView(v, sheet)
	view.Saved = c.QueryParams().Has("saved")
	return h.Site.ShowApp(c, http.StatusOK, v, "hours.title", page.Page(view))
}

// saveHours does what a button of the page says: save, preview or reset. What is
// wrong is shown at its field, beside all that was typed.
func (h *Handlers) saveHours(c echo.Context, v *web.Identity) error {
	typed, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	joinRanges(typed)
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	subject, err := h.hoursSubject(ctx, v, typed)
	if err != nil {
		return err
	}
	if typed.Get("do") == "reset" {
		return h.hoursDone(c, v, h.WorkingHours.Drop(ctx, subject))
	}
	schedule, err := meet.ParseSchedule(typed)
	if typed.Has("more") && !web.WantsJSON(c) {
		return h.moreHours(ctx, c, v, subject.User, typed)
	}
	if err == nil && typed.Get("do") != "preview" {
		return h.hoursDone(c, v, h.WorkingHours.Save(ctx, subject, schedule))
	}
	if err != nil && web.WantsJSON(c) {
		return err
	}
	sheet, readErr := h.timesheet(ctx, v)
	if readErr != nil {
		return readErr
	}
	return h.hoursTyped(c, v, sheet, subject.User, typed, schedule, err)
}

// timesheet reads what holds for the visitor. Running out of time is the portal's
// slowness.
func (h *Handlers) timesheet(ctx context.Context, v *web.Identity) (finder.Timesheet, error) {
	sheet, err := h.WorkingHours.Read(ctx, v.Member)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return sheet, meet.Errorf(meet.Unavailable, "error.portal_slow", "reading hours: %w", err)
	}
	return sheet, err
}

// hoursSubject says whose hours a form speaks of. The company's are for
// administrators, as Bitrix24 says now, and have neither a zone nor a preference:
// those are people's.
func (h *Handlers) hoursSubject(ctx context.Context, v *web.Identity, typed url.Values) (meet.Member, error) {
	subject := v.Member
	if typed.Get("for") == "company" {
		if err := h.Settings.Admin(ctx, v.Member); err != nil {
			return subject, err
		}
		subject.User = meet.Everyone
		typed.Del("zone")
		typed.Del("prefer")
	}
	return subject, nil
}

// hoursDone tells open searches and leads back to the page, so that loading it
// again saves nothing twice.
func (h *Handlers) hoursDone(c echo.Context, v *web.Identity, err error) error {
	if err != nil {
		return err
	}
	h.Changes.Publish(v.Member.Portal)
	return c.Redirect(http.StatusSeeOther, "/hours?saved=1")
}

// hoursTyped shows the page with what was typed: to look at what it would mean, or
// to put it right.
func (h *Handlers) hoursTyped(c echo.Context, v *web.Identity, sheet finder.Timesheet, user int64, typed url.Values, schedule meet.Schedule, err error) error {
	status := http.StatusOK
	var fault *meet.Error
	if errors.As(err, &fault) {
		status = web.FaultOf(err).Status
	}
	web.BeginWeeks(c, sheet.WeekStart())
	view := h.hoursView(v, sheet)
	form := fillTyped(&view, sheet, user, typed, schedule)
	if fault != nil {
		form.Errors = fault.Fields
	} else {
		sheet = sheet.With(user, schedule)
		form.Zone, form.Week, form.Unsaved = sheet.Zone(user), sheet.Week(user, h.Site.Now()), true
	}
	return h.Site.ShowApp(c, status, v, "hours.title", page.Page(view))
}

// fillTyped puts what was typed into the form of the page that it is of.
func fillTyped(view *page.View, sheet finder.Timesheet, user int64, typed url.Values, schedule meet.Schedule) *page.Form {
	form := &view.Mine
	if user == meet.Everyone && view.Company != nil {
		form = view.Company
	}
	form.Values = typed
	form.Off = periodsOf(sheet.Schedule(user).Off, schedule.Off, typed["off"])
	return form
}

func (h *Handlers) hoursView(v *web.Identity, sheet finder.Timesheet) page.View {
	view := page.View{Mine: h.hoursForm(sheet, v.Member.User)}
	if v.Admin {
		company := h.hoursForm(sheet, meet.Everyone)
		view.Company = &company
	}
	return view
}

func (h *Handlers) hoursForm(sheet finder.Timesheet, user int64) page.Form {
	schedule := sheet.Schedule(user)
	values := schedule.Values()
	return page.Form{
		Company: user == meet.Everyone, Set: sheet.Has(user), Default: sheet.Has(meet.Everyone),
		Values: values, Off: periodsOf(schedule.Off, nil, values["off"]),
		Profile: sheet.Profile().String(), Zone: sheet.Zone(user), Week: sheet.Week(user, h.Site.Now()),
	}
}

// periodsOf lists the days off that are set and those that a form keeps, once each.
// One that the form adds is not among them: it stands in the form's fields.
func periodsOf(set, typed []civil.Period, kept []string) []page.Period {
	var list []page.Period
	for i, p := range slices.Concat(set, typed) {
		shown := page.Period{Period: p}
		shown.Kept = slices.Contains(kept, p.First.String()+"/"+p.Last.String())
		if (shown.Kept || i < len(set)) && !slices.Contains(list, shown) {
			list = append(list, shown)
		}
	}
	return list
}
