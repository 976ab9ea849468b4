package portal

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	"slotfinder/web"
)

// placementLimit bounds the look at who belongs to a group or a chat. A launch that
// has taken so long already opens the plain search instead.
const placementLimit = 4 * time.Second

// options are what the portal tells of the place where the app was opened, as far as
// they are texts or numbers. Whoever made a link to the app may have chosen them.
type options map[string]string

// readOptions reads the options of a launch. Portals also send "", "[]" and
// "undefined"; whatever is no object has none.
func readOptions(raw string) options {
	var values map[string]json.RawMessage
	if json.Unmarshal([]byte(raw), &values) != nil {
		return nil
	}
	o := options{}
	for name, value := range values {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		o[name] = text
	}
	return o
}

// id reads an option that is the number of something, 0 when it is none.
func (o options) id(name string) int64 {
	n, err := strconv.ParseInt(o[name], 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// destination is the page that a launch leads to. Where the portal does not tell who
// or what the place is about, it is the plain search.
func (h *Handlers) destination(ctx context.Context, v *web.Identity, l auth.Launch) string {
	o := readOptions(l.Options)
	ctx, cancel := context.WithTimeout(ctx, placementLimit)
	defer cancel()
	switch l.Placement {
	case "CALENDAR_GRIDVIEW":
		return h.period(v, o)
	case "USER_PROFILE_TOOLBAR", "USER_PROFILE_MENU":
		return withPeople(v, []int64{o.id("USER_ID")}, nil)
	case "SONET_GROUP_DETAIL_TAB":
		return h.members(ctx, v, meet.AudienceGroup, o.id("GROUP_ID"))
	case "IM_SIDEBAR", "IM_TEXTAREA":
		return h.dialog(ctx, v, o["dialogId"])
	case "TASK_VIEW_TAB":
		return h.members(ctx, v, meet.AudienceTask, max(o.id("taskId"), o.id("TASK_ID")))
	case "CRM_DEAL_DETAIL_TAB":
		return h.members(ctx, v, meet.AudienceDeal, o.id("ID"))
	case "REST_APP_URI":
		return web.SafeNext(o["path"])
	}
	return web.SafeNext("")
}

// period is the search in the days that the calendar shows, from today on. The end of
// its range is exclusive: a month's view tells of whole weeks, such as from 26 July to
// 6 September, which are 42 days.
func (h *Handlers) period(v *web.Identity, o options) string {
	from, err1 := time.Parse(time.DateOnly, o["viewRangeFrom"])
	end, err2 := time.Parse(time.DateOnly, o["viewRangeTo"])
	to := end.AddDate(0, 0, -1)
	y, m, d := h.Site.Now().In(web.ZoneOf(v, time.UTC)).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if err1 != nil || err2 != nil || to.Before(today) || to.Before(from) {
		return web.SafeNext("")
	}
	if from.Before(today) {
		from = today
	}
	if last := from.AddDate(0, 0, meet.MaxDays-1); to.After(last) {
		to = last
	}
	return "/find?" + url.Values{"from": {from.Format(time.DateOnly)}, "to": {to.Format(time.DateOnly)}}.Encode()
}

// dialog is the search with those who take part in a dialogue: "7" is the one with
// user 7, "chat71" a chat, "sg31" that of work group 31.
func (h *Handlers) dialog(ctx context.Context, v *web.Identity, dialog string) string {
	o := options{"dialog": dialog}
	if user := o.id("dialog"); user > 0 {
		return withPeople(v, []int64{user}, nil)
	}
	for prefix, kind := range map[string]meet.AudienceKind{"chat": meet.AudienceChat, "sg": meet.AudienceGroup} {
		if id, found := strings.CutPrefix(dialog, prefix); found {
			return h.members(ctx, v, kind, options{"id": id}.id("id"))
		}
	}
	return web.SafeNext("")
}

// members is the search with all who belong to an audience, as far as the portal shows
// them to the person.
func (h *Handlers) members(ctx context.Context, v *web.Identity, kind meet.AudienceKind, id int64) string {
	if id == 0 {
		return web.SafeNext("")
	}
	audience, err := h.Picker.Members(ctx, v.Member, meet.Audience{Kind: kind, ID: id})
	if err != nil {
		h.Site.Log.Warn("a launch goes without its people", "kind", kind, "error", err)
		return web.SafeNext("")
	}
	return withPeople(v, audience.Members, audience.Outside)
}

// withPeople is the search with the person and some others. Those who are left out are
// told on the page.
func withPeople(v *web.Identity, people, left []int64) string {
	var who []string
	for _, id := range people {
		if text := strconv.FormatInt(id, 10); id > 0 && id != v.Member.User && !slices.Contains(who, text) {
			who = append(who, text)
		}
	}
	var parameters []string
	if len(who) > 0 && len(who) < meet.MaxPeople {
		parameters = append(parameters, "who="+strings.Join(who, ","))
	}
	if len(left) > 0 {
		parameters = append(parameters, "left="+meet.JoinIDs(left[:min(len(left), picker.MaxOutsiders)]))
	}
	if len(parameters) == 0 {
		return web.SafeNext("")
	}
	return "/find?" + strings.Join(parameters, "&")
}
