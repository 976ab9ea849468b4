package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"reflect"
	"strings"
)

const redacted = "[redacted]"

// Format prints the redacted text for every verb: %x and %#v, which don't ask
// String, would show the bytes.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return redacted
}

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements encoding.TextMarshaler, and with it JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Format prints how many keys there are, for every verb.
func (k Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

func (k Keys) String() string {
	if len(k.keys) == 0 {
		return ""
	}
	return fmt.Sprintf("%s ×%d", redacted, len(k.keys))
}

// LogValue implements slog.LogValuer.
func (k Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Format prints the database without its secrets, for every verb.
func (d Database) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, d.String()) }

// String is the DSN without user, password and parameters: a password may stand
// among the parameters, too.
func (d Database) String() string {
	if d.dsn == "" || strings.HasPrefix(d.dsn, "sqlite:") {
		return d.dsn
	}
	u, err := url.Parse(d.dsn)
	if err != nil {
		return redacted
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// LogValue implements slog.LogValuer.
func (d Database) LogValue() slog.Value { return slog.StringValue(d.String()) }

// Format prints the portals of the pairs, for every verb.
func (l LocalApps) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, l.String()) }

// String names the portals only.
func (l LocalApps) String() string {
	portals := make([]string, len(l.apps))
	for i, app := range l.apps {
		portals[i] = app.Portal
	}
	return strings.Join(portals, ",")
}

// LogValue implements slog.LogValuer.
func (l LocalApps) LogValue() slog.Value { return slog.StringValue(l.String()) }

// String is the origins as they are written in the environment.
func (l OriginList) String() string { return join(l) }

// String is the networks as they are written in the environment.
func (p Proxies) String() string { return join(p) }

// String is the networks as they are written in the environment.
func (p PrivateNetworks) String() string { return join(p) }

// String is the level as it is written in the environment.
func (l Level) String() string { return strings.ToLower(slog.Level(l).String()) }

func join[T any](list []T) string {
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = fmt.Sprint(one)
	}
	return strings.Join(texts, ",")
}

// Format prints String for every verb.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// String has one line NAME=value per variable, secrets redacted.
func (c Config) String() string {
	var b strings.Builder
	for _, attr := range c.attrs() {
		fmt.Fprintf(&b, "%s=%s\n", attr.Key, attr.Value)
	}
	return b.String()
}

// LogValue is a group with one text per variable, secrets redacted.
func (c Config) LogValue() slog.Value { return slog.GroupValue(c.attrs()...) }

func (c Config) attrs() []slog.Attr {
	v := reflect.ValueOf(c)
	var attrs []slog.Attr
	for _, variable := range variables() {
		attrs = append(attrs, slog.String(variable.name, fmt.Sprint(v.Field(variable.field).Interface())))
	}
	return attrs
}
