package portalsim

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// portalAppInfo is app.info at the portal. What it says proves nothing to an app
// that does not trust the portal.
func portalAppInfo(c *call) (result, error) {
	in := c.portal.installation(c.app.ClientID)
	return result{value: obj{
		{"ID", 1},
		{"CODE", c.app.Code},
		{"VERSION", in.version},
		{"STATUS", c.portal.statusOf(c.app)},
		{"INSTALLED", !in.pending},
		{"PAYMENT_EXPIRED", "N"},
		{"DAYS", nil},
		{"LANGUAGE_ID", c.portal.Lang},
		{"LICENSE", c.portal.Lang + "_company"},
		{"LICENSE_TYPE", "company"},
		{"LICENSE_FAMILY", "company"},
	}}, nil
}

// eventNames is events: what the app may bind.
func eventNames(c *call) (result, error) {
	names := []string{}
	for name, scope := range eventScopes() {
		if c.app.may(scope) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return result{value: names}, nil
}

// handlerBind is event.bind for online events; offline ones are not simulated and
// refused. Who is no administrator binds for himself alone.
func handlerBind(c *call) (result, error) {
	sent := c.params.upper()
	event := strings.ToUpper(sent.str("EVENT"))
	if event == "" {
		return result{}, argumentError("EVENT", "Argument 'EVENT' is null or empty")
	}
	scope, exists := eventScopes()[event]
	if !exists || !c.app.may(scope) {
		return result{}, &restError{Code: "ERROR_EVENT_NOT_FOUND", Text: "Event not found", Status: http.StatusBadRequest}
	}
	if strings.EqualFold(sent.str("EVENT_TYPE"), "offline") {
		return result{}, accessDenied("Access denied! Offline events are not available")
	}
	address := sent.str("HANDLER")
	if err := checkHandler(address); err != nil {
		return result{}, err
	}
	h := handler{clientID: c.app.ClientID, event: event, url: address, userID: c.handlerUser(sent)}
	same := func(old handler) bool {
		old.id = 0
		return old == h
	}
	if slices.ContainsFunc(c.portal.state.handlers, same) {
		return result{}, coreError("Unable to set event handler: Handler already binded")
	}
	h.id = c.portal.nextID()
	c.portal.state.handlers = append(c.portal.state.handlers, h)
	return result{value: true}, nil
}

// handlerUser is whose token a handler wants.
func (c *call) handlerUser(sent params) int {
	if !c.user.Admin {
		return c.user.ID
	}
	return sent.num("AUTH_TYPE")
}

// checkHandler refuses what Bitrix24 refuses as a handler's address.
func checkHandler(address string) error {
	wrong := func(code, text string) error {
		return &restError{Code: code, Text: text, Status: http.StatusBadRequest}
	}
	if address == "" {
		return argumentError("HANDLER", "Argument 'HANDLER' is null or empty")
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || !strings.Contains(u.Hostname(), "."):
		return wrong("ERROR_WRONG_HANDLER_URL", "Wrong handler URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return wrong("ERROR_UNSUPPORTED_PROTOCOL", "Unsupported event handler protocol")
	}
	return nil
}

// handlerUnbind is event.unbind.
func handlerUnbind(c *call) (result, error) {
	sent := c.params.upper()
	event, address := strings.ToUpper(sent.str("EVENT")), sent.str("HANDLER")
	if event == "" {
		return result{}, argumentError("EVENT", "Argument 'EVENT' is null or empty")
	}
	handlers := c.portal.state.handlers
	kept := slices.DeleteFunc(slices.Clone(handlers), func(h handler) bool {
		mine := h.clientID == c.app.ClientID && (c.user.Admin || h.userID == c.user.ID)
		anyUser := !sent.has("AUTH_TYPE") || sent.num("AUTH_TYPE") == h.userID
		return mine && anyUser && h.event == event && h.url == address
	})
	c.portal.state.handlers = kept
	return result{value: obj{{"count", len(handlers) - len(kept)}}}, nil
}

// handlerList is event.get: the app's own handlers.
func handlerList(c *call) (result, error) {
	rows := []obj{}
	for _, h := range c.portal.state.handlers {
		if h.clientID == c.app.ClientID {
			rows = append(rows, obj{
				{"event", h.event},
				{"handler", h.url},
				{"auth_type", strconv.Itoa(h.userID)},
				{"offline", 0},
			})
		}
	}
	return result{value: rows}, nil
}

// placement is a widget that an app has bound.
type placement struct {
	id          int
	clientID    string
	code        string // upper case
	handler     string
	title       string
	description string
	options     any
	langAll     any
}

// placementScopes are the places for widgets, with the scope each needs beside
// "placement".
func placementScopes() map[string]string {
	return map[string]string{
		"LEFT_MENU": "", "PAGE_BACKGROUND_WORKER": "", "REST_APP_URI": "",
		"CALENDAR_GRIDVIEW": "calendar",
		"USER_PROFILE_MENU": people, "USER_PROFILE_TOOLBAR": people,
		"SONET_GROUP_DETAIL_TAB": "sonet_group", "SONET_GROUP_TOOLBAR": "sonet_group",
		"IM_SIDEBAR": "im", "IM_TEXTAREA": "im", "IM_CONTEXT_MENU": "im", "IM_NAVIGATION": "im",
		"TASK_VIEW_TAB": "task", "TASK_VIEW_SIDEBAR": "task", "TASK_VIEW_TOP_PANEL": "task",
		"CRM_DEAL_DETAIL_TAB": "crm", "CRM_LEAD_DETAIL_TAB": "crm", "CRM_CONTACT_DETAIL_TAB": "crm",
	}
}

// placementBind is placement.bind.
func placementBind(c *call) (result, error) {
	sent := c.params.upper()
	code, address := strings.ToUpper(sent.str("PLACEMENT")), sent.str("HANDLER")
	if err := c.placementCode(code); err != nil {
		return result{}, err
	}
	if err := checkHandler(address); err != nil {
		return result{}, err
	}
	title := sent.str("TITLE")
	w := placement{
		clientID: c.app.ClientID, code: code, handler: address,
		title: title, description: sent.str("DESCRIPTION"),
		options: arrayOrEmpty(sent, "OPTIONS"), langAll: arrayOrEmpty(sent, "LANG_ALL"),
	}
	for _, old := range c.portal.state.placements {
		if old.clientID != w.clientID || old.code != code {
			continue
		}
		if old.handler == address {
			return result{}, coreError("Unable to set placement handler: Handler already binded")
		}
		if code == "PAGE_BACKGROUND_WORKER" || code == "REST_APP_URI" {
			return result{value: obj{
				{"error", "ERROR_PLACEMENT_MAX_COUNT"},
				{"error_description", "Placement max count is exceeded"},
			}}, nil
		}
	}
	w.id = c.portal.nextID()
	c.portal.state.placements = append(c.portal.state.placements, w)
	return result{value: true}, nil
}

// placementCode refuses who may not bind, and places that are not there.
func (c *call) placementCode(code string) error {
	if !c.user.Admin {
		return accessDenied("Access denied! Administrator authorization required")
	}
	if code == "" {
		return argumentError("PLACEMENT", "Argument 'PLACEMENT' is null or empty")
	}
	scope, exists := placementScopes()[code]
	if !exists || !c.app.may(scope) {
		return &restError{Code: "ERROR_PLACEMENT_NOT_FOUND", Text: "Placement not found", Status: http.StatusBadRequest}
	}
	return nil
}

// arrayOrEmpty is an array parameter, or an empty one.
func arrayOrEmpty(sent params, key string) any {
	v, _ := sent.get(key)
	if _, isArray := phpItems(v); isArray {
		return v
	}
	return obj{}
}

// placementUnbind is placement.unbind. It counts what it found and what it
// deleted, so one widget makes 2.
func placementUnbind(c *call) (result, error) {
	sent := c.params.upper()
	code, address := strings.ToUpper(sent.str("PLACEMENT")), sent.str("HANDLER")
	if err := c.placementCode(code); err != nil {
		return result{}, err
	}
	all := c.portal.state.placements
	kept := slices.DeleteFunc(slices.Clone(all), func(w placement) bool {
		return w.clientID == c.app.ClientID && w.code == code && (address == "" || w.handler == address)
	})
	c.portal.state.placements = kept
	return result{value: obj{{"count", 2 * (len(all) - len(kept))}}}, nil
}

// placementGet is placement.get: the app's own widgets.
func placementGet(c *call) (result, error) {
	rows := []obj{}
	for _, w := range c.portal.state.placements {
		if w.clientID == c.app.ClientID {
			rows = append(rows, obj{
				{"placement", w.code},
				{"userId", 0},
				{"handler", w.handler},
				{"options", w.options},
				{"title", w.title},
				{"description", w.description},
				{"langAll", w.langAll},
			})
		}
	}
	return result{value: rows}, nil
}

// placementList is placement.list: the places that the app's scopes, or the one
// asked for, open; with FULL all of them.
func placementList(c *call) (result, error) {
	sent, scopes := c.params.upper(), placementScopes()
	codes := slices.Sorted(maps.Keys(scopes))
	return result{value: slices.DeleteFunc(codes, func(code string) bool {
		scope := scopes[code]
		if one := sent.str("SCOPE"); one != "" && !slices.Contains(strings.Split(scope, "|"), one) {
			return true
		}
		return !c.app.may(scope) && !sent.filled("FULL")
	})}, nil
}
