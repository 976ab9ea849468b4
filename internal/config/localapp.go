package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
)

// LocalApp is the pair of keys of an app that one portal registered for itself.
type LocalApp struct {
	Portal       string // host[:port] in lower case
	ClientID     string
	ClientSecret Secret
}

// LocalApps are the pairs beside the app's main one, at most one per portal.
type LocalApps struct{ apps []LocalApp }

// All returns the pairs in the order of the file.
func (l LocalApps) All() []LocalApp { return l.apps }

// UnmarshalText accepts the path of a JSON file, or the JSON itself: so that
// BITRIX24_LOCAL_APPS_FILE, which holds the value, can name the same file.
func (l *LocalApps) UnmarshalText(text []byte) error {
	value := string(text)
	if !strings.HasPrefix(value, "[") {
		content, err := readFile(value)
		if err != nil {
			return err
		}
		value = content
	}
	apps, err := decodeApps(value)
	l.apps = apps
	return err
}

// decodeApps reads the list strictly: a misspelt field is a fault, not a missing
// key that shows itself at the first sign-in.
func decodeApps(text string) ([]LocalApp, error) {
	var rows []struct {
		Portal       string `json:"portal"`
		ClientID     string `json:"client_id"`
		ClientSecret Secret `json:"client_secret"`
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&rows); err != nil {
		return nil, jsonFault(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("has something after the JSON list")
	}
	apps := make([]LocalApp, 0, len(rows))
	for i, row := range rows {
		app := LocalApp{strings.ToLower(row.Portal), row.ClientID, row.ClientSecret}
		if err := app.validate(); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i+1, err)
		}
		if slices.ContainsFunc(apps, func(other LocalApp) bool { return other.Portal == app.Portal }) {
			return nil, fmt.Errorf("entry %d: portal %s is there twice", i+1, app.Portal)
		}
		apps = append(apps, app)
	}
	return apps, nil
}

func (a LocalApp) validate() error {
	host, port, err := net.SplitHostPort(a.Portal)
	if err != nil {
		host, port = a.Portal, ""
	}
	switch {
	case a.Portal == "":
		return errors.New("portal is missing")
	case !isHost(host) || !isPort(port) || strings.HasSuffix(a.Portal, ":"):
		return errors.New("portal must be host or host:port, without https://")
	case a.ClientID == "":
		return errors.New("client_id is missing")
	case a.ClientSecret.Reveal() == "":
		return errors.New("client_secret is missing")
	}
	return nil
}

// jsonFault says where the JSON is wrong without quoting it: it holds secrets.
func jsonFault(err error) error {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("is not JSON: syntax error at byte %d", e.Offset)
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("has the wrong form at byte %d: want a list of {\"portal\",\"client_id\",\"client_secret\"}, all texts", e.Offset)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("is not JSON: it ends too early")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: ")) // only "unknown field NAME" is left
}
