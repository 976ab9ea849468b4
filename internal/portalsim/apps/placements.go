package apps

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/rest"
)

// Widget is a place on the portal's pages that an app has bound.
type Widget struct {
	ID           int
	ClientID     string
	Code         string // upper case
	Handler      string
	Title        string
	Description  string
	Options      any
	Translations any
}

// placementScopes are the places for widgets, with the scope that each needs
// beside "placement".
func placementScopes() map[string]string {
	return map[string]string{
		"LEFT_MENU": "", "PAGE_BACKGROUND_WORKER": "", "REST_APP_URI": "",
		"CALENDAR_GRIDVIEW": "calendar",
		"USER_PROFILE_MENU": peopleScopes, "USER_PROFILE_TOOLBAR": peopleScopes,
		"SONET_GROUP_DETAIL_TAB": "sonet_group", "SONET_GROUP_TOOLBAR": "sonet_group",
		"IM_SIDEBAR": "im", "IM_TEXTAREA": "im", "IM_CONTEXT_MENU": "im", "IM_NAVIGATION": "im",
		"TASK_VIEW_TAB": "task", "TASK_VIEW_SIDEBAR": "task", "TASK_VIEW_TOP_PANEL": "task",
		"CRM_DEAL_DETAIL_TAB": "crm", "CRM_LEAD_DETAIL_TAB": "crm", "CRM_CONTACT_DETAIL_TAB": "crm",
	}
}

// placementBind is placement.bind.
func placementBind(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	code, address := strings.ToUpper(sent.Text("PLACEMENT")), sent.Text("HANDLER")
	if err := c.placementCode(code); err != nil {
		return rest.Result{}, err
	}
	if err := checkHandler(address); err != nil {
		return rest.Result{}, err
	}
	title := sent.Text("TITLE")
	w := Widget{
		ClientID: c.App.ClientID, Code: code, Handler: address,
		Title: title, Description: sent.Text("DESCRIPTION"),
		Options: arrayOrEmpty(sent, "OPTIONS"), Translations: arrayOrEmpty(sent, "LANG_ALL"),
	}
	for _, old := range c.apps.placements {
		if old.ClientID != w.ClientID || old.Code != code {
			continue
		}
		if old.Handler == address {
			return rest.Result{}, fault.Core("Unable to set placement handler: Handler already binded")
		}
		if code == "PAGE_BACKGROUND_WORKER" || code == "REST_APP_URI" {
			return rest.Result{Value: php.Array{
				{"error", "ERROR_PLACEMENT_MAX_COUNT"},
				{"error_description", "Placement max count is exceeded"},
			}}, nil
		}
	}
	w.ID = c.apps.nextID()
	c.apps.placements = append(c.apps.placements, w)
	return rest.Result{Value: true}, nil
}

// placementCode refuses callers who are no administrators, and places that do not
// exist.
func (c *call) placementCode(code string) error {
	if !c.User.Admin {
		return fault.AccessDenied("Access denied! Administrator authorization required")
	}
	if code == "" {
		return fault.Argument("PLACEMENT", "Argument 'PLACEMENT' is null or empty")
	}
	scope, exists := placementScopes()[code]
	if !exists || !c.App.May(scope) {
		return &fault.Error{Code: "ERROR_PLACEMENT_NOT_FOUND", Text: "Placement not found", Status: http.StatusBadRequest}
	}
	return nil
}

// arrayOrEmpty is an array parameter, or an empty one.
func arrayOrEmpty(sent php.Params, key string) any {
	v, _ := sent.Get(key)
	if _, isArray := php.Items(v); isArray {
		return v
	}
	return php.Array{}
}

// placementUnbind is placement.unbind. As in Bitrix24 the count is twice the
// number of widgets.
func placementUnbind(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	code, address := strings.ToUpper(sent.Text("PLACEMENT")), sent.Text("HANDLER")
	if err := c.placementCode(code); err != nil {
		return rest.Result{}, err
	}
	all := c.apps.placements
	kept := slices.DeleteFunc(slices.Clone(all), func(w Widget) bool {
		return w.ClientID == c.App.ClientID && w.Code == code && (address == "" || w.Handler == address)
	})
	c.apps.placements = kept
	return rest.Result{Value: php.Array{{"count", 2 * (len(all) - len(kept))}}}, nil
}

// placementGet is placement.get: the app's own widgets.
func placementGet(c *call) (rest.Result, error) {
	rows := []php.Array{}
	for _, w := range c.apps.placements {
		if w.ClientID == c.App.ClientID {
			rows = append(rows, php.Array{
				{"placement", w.Code},
				{"userId", 0},
				{"handler", w.Handler},
				{"options", w.Options},
				{"title", w.Title},
				{"description", w.Description},
				{"langAll", w.Translations},
			})
		}
	}
	return rest.Result{Value: rows}, nil
}

// placementList is placement.list: the places that the app's scopes open, or the
// one scope asked for; with FULL all places.
func placementList(c *call) (rest.Result, error) {
	sent, scopes := c.Params.Upper(), placementScopes()
	codes := slices.Sorted(maps.Keys(scopes))
	return rest.Result{Value: slices.DeleteFunc(codes, func(code string) bool {
		scope := scopes[code]
		if one := sent.Text("SCOPE"); one != "" && !slices.Contains(strings.Split(scope, "|"), one) {
			return true
		}
		return !c.App.May(scope) && !sent.Filled("FULL")
	})}, nil
}

// Widgets are those bound to a place by apps whose installation is finished.
func (a *Apps) Widgets(code string) []Widget {
	a.Lock()
	defer a.Unlock()
	var here []Widget
	for _, w := range a.placements {
		if w.Code == code && !a.installation(w.ClientID).pending {
			here = append(here, w)
		}
	}
	return here
}

// WidgetTitle is the widget's name in the portal's language.
func (a *Apps) WidgetTitle(w Widget) string {
	own, _ := php.ToArray(w.Translations).Get(a.Lang)
	title, _ := php.ToArray(own).Get("TITLE")
	if name := php.Text(title); name != "" {
		return name
	}
	if app := a.auth.App(w.ClientID); w.Title == "" && app != nil {
		return app.Name
	}
	return w.Title
}
