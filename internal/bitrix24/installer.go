package bitrix24

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"slotfinder/internal/meet"
)

// Installer binds the app's event handlers and widgets. It implements meet.Installer.
type Installer struct{ client *Client }

var _ meet.Installer = (*Installer)(nil)

// NewInstaller returns an Installer that calls through the client.
func NewInstaller(c *Client) *Installer { return &Installer{c} }

// The codes that tell of missing rights, or of what a portal doesn't have.
const (
	codeDenied      = "ACCESS_DENIED"
	codeNoEvent     = "ERROR_EVENT_NOT_FOUND"
	codeNoPlacement = "ERROR_PLACEMENT_NOT_FOUND"
	codeBound       = "ERROR_CORE" // with a text that says "already binded"
)

// binding is an event handler or a widget that a portal has bound.
type binding struct{ name, address, title string }

// change is a command that changes the bindings, and what its outcome means.
type change struct {
	command command
	settle  func(outcome) error
}

// Install implements meet.Installer. It costs two requests: one to see what is bound, and one
// to change it. Binding what is bound already fails, and what an older address of the app has
// bound stays until it is removed (FACTS.md fact 88).
func (i *Installer) Install(ctx context.Context, m meet.Member, s meet.Setup) (meet.SetupReport, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	events, placements, err := i.readBindings(ctx, m)
	if err != nil {
		return meet.SetupReport{}, toMeetError(err)
	}
	var report meet.SetupReport
	changes := append(eventChanges(events, s, &report), placementChanges(placements, s, &report)...)
	err = i.apply(ctx, m, changes)
	return report, toMeetError(err)
}

// eventChanges are the changes from the handlers that are bound to those of the setup. What is
// bound already goes into the report at once.
func eventChanges(bound []binding, s meet.Setup, report *meet.SetupReport) []change {
	var changes []change
	for _, b := range bound {
		if b.address != s.EventsURL || !slices.Contains(s.Events, b.name) {
			changes = append(changes, change{command{"event.unbind", url.Values{"event": {b.name}, "handler": {b.address}}}, ignoreOutcome})
		}
	}
	for _, name := range s.Events {
		if slices.ContainsFunc(bound, func(b binding) bool { return b.name == name && b.address == s.EventsURL }) {
			report.Events = append(report.Events, name)
			continue
		}
		changes = append(changes, change{command{"event.bind", url.Values{"event": {name}, "handler": {s.EventsURL}}}, func(o outcome) error {
			return recordBinding(o, name, &report.Events, &report.Unheard)
		}})
	}
	return changes
}

// placementChanges is eventChanges for widgets.
func placementChanges(bound []binding, s meet.Setup, report *meet.SetupReport) []change {
	wanted := func(b binding) bool {
		return b.address == s.FrameURL && slices.ContainsFunc(s.Placements, func(p meet.Placement) bool { return p.Code == b.name && p.Title == b.title })
	}
	var changes []change
	for _, b := range bound {
		if !wanted(b) {
			changes = append(changes, change{command{"placement.unbind", url.Values{"PLACEMENT": {b.name}, "HANDLER": {b.address}}}, ignoreOutcome})
		}
	}
	for _, p := range s.Placements {
		if slices.ContainsFunc(bound, func(b binding) bool { return b.name == p.Code && wanted(b) }) {
			report.Placements = append(report.Placements, p.Code)
			continue
		}
		changes = append(changes, change{placementCommand(p, s.FrameURL), func(o outcome) error {
			return recordBinding(o, p.Code, &report.Placements, &report.Missing)
		}})
	}
	return changes
}

// ignoreOutcome is for bindings that are removed: if that fails somebody else was faster, or
// the binding does no harm.
func ignoreOutcome(outcome) error { return nil }

// maxBindings is how many bindings of the app a portal may have, over all addresses that the
// app ever had. Each outdated one costs a command to remove it.
const maxBindings = 500

// apply sends the commands of the changes, in their order.
func (i *Installer) apply(ctx context.Context, m meet.Member, changes []change) error {
	for some := range slices.Chunk(changes, batchLimit) {
		commands := make([]command, len(some))
		for at, one := range some {
			commands[at] = one.command
		}
		outcomes, _, err := i.client.batch(ctx, m, commands)
		if err != nil {
			return err
		}
		for at, o := range outcomes {
			if err := some[at].settle(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// readBindings reads what the portal has bound of the app. Without the scope for widgets there
// are none.
func (i *Installer) readBindings(ctx context.Context, m meet.Member) (events, placements []binding, err error) {
	outcomes, _, err := i.client.batch(ctx, m, []command{{"event.get", url.Values{}}, {"placement.get", url.Values{}}})
	if err != nil {
		return nil, nil, err
	}
	var handlers array[struct {
		Event   text `json:"event"`
		Handler text `json:"handler"`
	}]
	if err := outcomes[0].into(&handlers); err != nil {
		return nil, nil, err
	}
	for _, h := range handlers {
		events = append(events, binding{name: strings.ToUpper(string(h.Event)), address: string(h.Handler)})
	}
	var widgets array[struct {
		Placement text `json:"placement"`
		Handler   text `json:"handler"`
		Title     text `json:"title"`
	}]
	if err := outcomes[1].into(&widgets); err != nil && !lacksScope(err) {
		return nil, nil, err
	}
	for _, w := range widgets {
		placements = append(placements, binding{strings.ToUpper(string(w.Placement)), string(w.Handler), string(w.Title)})
	}
	if len(events)+len(placements) > maxBindings {
		return nil, nil, &Error{Method: "event.get", Status: http.StatusOK, Err: errTooLarge}
	}
	return events, placements, nil
}

// placementCommand binds a widget. Its texts are the app's own: what people typed must not go
// into a batch (FACTS.md fact 18).
func placementCommand(p meet.Placement, handler string) command {
	query := url.Values{"PLACEMENT": {p.Code}, "HANDLER": {handler}, "TITLE": {p.Title}}
	for lang, title := range p.Titles {
		query.Set("LANG_ALL["+lang+"][TITLE]", title)
	}
	for name, value := range p.Options {
		query.Set("OPTIONS["+name+"]", value)
	}
	return command{"placement.bind", query}
}

// recordBinding adds a name to those that are bound or to those that are missing, by the outcome
// of binding it. Some refusals come as a result that holds an error (FACTS.md fact 89).
func recordBinding(o outcome, name string, bound, missing *[]string) error {
	failed := o.err
	var refusal struct {
		Error json.RawMessage `json:"error"`
	}
	if failed == nil && json.Unmarshal(o.result, &refusal) == nil && refusal.Error != nil {
		failed = &Error{Method: "placement.bind", Status: 200, Code: errorCode(refusal.Error)}
	}
	switch {
	case failed == nil, failed.Code == codeBound:
		*bound = append(*bound, name)
		return nil
	case failed.Code == codeDenied:
		return meet.Errorf(meet.Forbidden, "error.admins_only", "bitrix24: %w", failed)
	case failed.Code == codeNoEvent, failed.Code == codeNoPlacement, failed.Err == nil && failed.meaning().kind != meet.Busy && failed.meaning().kind != meet.SignedOut:
		*missing = append(*missing, name)
		return nil
	}
	return failed
}
