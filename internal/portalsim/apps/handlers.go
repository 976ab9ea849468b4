package apps

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/rest"
)

// appInfo is app.info at the portal. It is no proof of anything: a false portal
// could answer the same.
func appInfo(c *call) (rest.Result, error) {
	in := c.apps.installation(c.App.ClientID)
	return rest.Result{Value: php.Array{
		{"ID", 1},
		{"CODE", c.App.Code},
		{"VERSION", in.version},
		{"STATUS", c.App.StatusOn(c.apps.Portal)},
		{"INSTALLED", !in.pending},
		{"PAYMENT_EXPIRED", "N"},
		{"DAYS", nil},
		{"LANGUAGE_ID", c.apps.Lang},
		{"LICENSE", c.apps.Lang + "_company"},
		{"LICENSE_TYPE", "company"},
		{"LICENSE_FAMILY", "company"},
	}}, nil
}

// eventNames is events: what the app may bind.
func eventNames(c *call) (rest.Result, error) {
	names := []string{}
	for name, scope := range EventScopes() {
		if c.App.May(scope) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return rest.Result{Value: names}, nil
}

// handlerBind is event.bind for online events; offline ones are refused, because
// the simulator has none. Somebody who is no administrator binds for themselves
// only.
func handlerBind(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	event := strings.ToUpper(sent.Text("EVENT"))
	if event == "" {
		return rest.Result{}, fault.Argument("EVENT", "Argument 'EVENT' is null or empty")
	}
	scope, exists := EventScopes()[event]
	if !exists || !c.App.May(scope) {
		return rest.Result{}, &fault.Error{Code: "ERROR_EVENT_NOT_FOUND", Text: "Event not found", Status: http.StatusBadRequest}
	}
	if strings.EqualFold(sent.Text("EVENT_TYPE"), "offline") {
		return rest.Result{}, fault.AccessDenied("Access denied! Offline events are not available")
	}
	address := sent.Text("HANDLER")
	if err := checkHandler(address); err != nil {
		return rest.Result{}, err
	}
	h := handler{clientID: c.App.ClientID, event: event, url: address, userID: c.handlerUser(sent)}
	same := func(old handler) bool {
		old.id = 0
		return old == h
	}
	if slices.ContainsFunc(c.apps.handlers, same) {
		return rest.Result{}, fault.Core("Unable to set event handler: Handler already binded")
	}
	h.id = c.apps.nextID()
	c.apps.handlers = append(c.apps.handlers, h)
	return rest.Result{Value: true}, nil
}

// handlerUser is the user whose token a handler gets.
func (c *call) handlerUser(sent php.Params) int {
	if !c.User.Admin {
		return c.User.ID
	}
	return sent.Int("AUTH_TYPE")
}

// checkHandler refuses what Bitrix24 refuses as a handler's address.
func checkHandler(address string) error {
	wrong := func(code, text string) error {
		return &fault.Error{Code: code, Text: text, Status: http.StatusBadRequest}
	}
	if address == "" {
		return fault.Argument("HANDLER", "Argument 'HANDLER' is null or empty")
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
func handlerUnbind(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	event, address := strings.ToUpper(sent.Text("EVENT")), sent.Text("HANDLER")
	if event == "" {
		return rest.Result{}, fault.Argument("EVENT", "Argument 'EVENT' is null or empty")
	}
	handlers := c.apps.handlers
	kept := slices.DeleteFunc(slices.Clone(handlers), func(h handler) bool {
		mine := h.clientID == c.App.ClientID && (c.User.Admin || h.userID == c.User.ID)
		anyUser := !sent.Has("AUTH_TYPE") || sent.Int("AUTH_TYPE") == h.userID
		return mine && anyUser && h.event == event && h.url == address
	})
	c.apps.handlers = kept
	return rest.Result{Value: php.Array{{"count", len(handlers) - len(kept)}}}, nil
}

// handlerList is event.get: the app's own handlers.
func handlerList(c *call) (rest.Result, error) {
	rows := []php.Array{}
	for _, h := range c.apps.handlers {
		if h.clientID == c.App.ClientID {
			rows = append(rows, php.Array{
				{"event", h.event},
				{"handler", h.url},
				{"auth_type", strconv.Itoa(h.userID)},
				{"offline", 0},
			})
		}
	}
	return rest.Result{Value: rows}, nil
}
