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

// The codes that speak of rights, or of what a portal does not have.
const (
	codeDenied      = "ACCESS_DENIED"
	codeNoEvent     = "ERROR_EVENT_NOT_FOUND"
	codeNoPlacement = "ERROR_PLACEMENT_NOT_FOUND"
	codeThere       = "ERROR_CORE" // with a text that says "already binded"
)

// binding is a handler or a widget that is bound.
type binding struct{ name, address, title string }

// Install implements meet.Installer. It costs two requests: one to see what is
// there, one to change it. Both methods of binding fail when the same is there
// already, and both may leave behind what an older address of the app has bound.
func (i *Installer) Install(ctx context.Context, m meet.Member, s meet.Setup) (meet.SetupReport, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	events, placements, err := i.bound(ctx, m)
	if err != nil {
		return meet.SetupReport{}, explain(err)
	}
	report := meet.SetupReport{}
	var commands []command
	var settle []func(o outcome) error // what an outcome means, for each command
	change := func(c command, meaning func(outcome) error) {
		commands, settle = append(commands, c), append(settle, meaning)
	}
	ignore := func(outcome) error { return nil } // somebody else was faster, or it does no harm

	for _, b := range events {
		if b.address != s.EventsURL || !slices.Contains(s.Events, b.name) {
			change(command{"event.unbind", url.Values{"event": {b.name}, "handler": {b.address}}}, ignore)
		}
	}
	for _, name := range s.Events {
		if slices.ContainsFunc(events, func(b binding) bool { return b.name == name && b.address == s.EventsURL }) {
			report.Events = append(report.Events, name)
			continue
		}
		change(command{"event.bind", url.Values{"event": {name}, "handler": {s.EventsURL}}}, func(o outcome) error {
			return file(o, name, &report.Events, &report.Unheard)
		})
	}
	wanted := func(b binding) bool {
		return b.address == s.FrameURL && slices.ContainsFunc(s.Placements, func(p meet.Placement) bool { return p.Code == b.name && p.Title == b.title })
	}
	for _, b := range placements {
		if !wanted(b) {
			change(command{"placement.unbind", url.Values{"PLACEMENT": {b.name}, "HANDLER": {b.address}}}, ignore)
		}
	}
	for _, p := range s.Placements {
		if slices.ContainsFunc(placements, func(b binding) bool { return b.name == p.Code && wanted(b) }) {
			report.Placements = append(report.Placements, p.Code)
			continue
		}
		change(placementCommand(p, s.FrameURL), func(o outcome) error {
			return file(o, p.Code, &report.Placements, &report.Missing)
		})
	}
	return report, explain(i.apply(ctx, m, commands, settle))
}

// mostBindings is how many bindings of the app a portal may have, over all addresses it
// ever had; each that is in the way costs a command to remove it.
const mostBindings = 500

// apply sends the commands, in their order.
func (i *Installer) apply(ctx context.Context, m meet.Member, commands []command, settle []func(outcome) error) error {
	for len(commands) > 0 {
		n := min(len(commands), batchLimit)
		outcomes, _, err := i.client.batch(ctx, m, commands[:n])
		if err != nil {
			return err
		}
		for at, o := range outcomes {
			if err := settle[at](o); err != nil {
				return err
			}
		}
		commands, settle = commands[n:], settle[n:]
	}
	return nil
}

// bound reads what of the app's the portal has. Where the scope for widgets is
// missing there are none.
func (i *Installer) bound(ctx context.Context, m meet.Member) (events, placements []binding, err error) {
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
	if err := outcomes[1].into(&widgets); err != nil && !withheld(err) {
		return nil, nil, err
	}
	for _, w := range widgets {
		placements = append(placements, binding{strings.ToUpper(string(w.Placement)), string(w.Handler), string(w.Title)})
	}
	if len(events)+len(placements) > mostBindings {
		return nil, nil, &Error{Method: "event.get", Status: http.StatusOK, Err: errTooLarge}
	}
	return events, placements, nil
}

// placementCommand binds a widget. Its texts are the app's own; nothing of anybody's
// typing goes into a batch.
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

// file puts a name among what is there or what is not, by the outcome of binding it.
// Some refusals come as a result that holds an error.
func file(o outcome, name string, there, missing *[]string) error {
	failed := o.err
	var refusal struct {
		Error json.RawMessage `json:"error"`
	}
	if failed == nil && json.Unmarshal(o.result, &refusal) == nil && refusal.Error != nil {
		failed = &Error{Method: "placement.bind", Status: 200, Code: errorCode(refusal.Error)}
	}
	switch {
	case failed == nil, failed.Code == codeThere:
		*there = append(*there, name)
		return nil
	case failed.Code == codeDenied:
		return meet.Errorf(meet.Forbidden, "error.admins_only", "bitrix24: %w", failed)
	case failed.Code == codeNoEvent, failed.Code == codeNoPlacement, failed.Err == nil && failed.meaning().kind != meet.Busy && failed.meaning().kind != meet.SignedOut:
		*missing = append(*missing, name)
		return nil
	}
	return failed
}
