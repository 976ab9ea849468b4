package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Address is a host:port to listen on. The host may be empty: every interface.
type Address string

// UnmarshalText accepts host:port with a numeric port; 0 means any free one.
func (a *Address) UnmarshalText(text []byte) error {
	host, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return fmt.Errorf("%q is not host:port", text)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q: the port must be a number from 0 to 65535", text)
	}
	if host != "" && !isHost(host) {
		return fmt.Errorf("%q: the host is neither a name nor an IP address", text)
	}
	*a = Address(text)
	return nil
}

func (a Address) anyPort() bool { return strings.HasSuffix(string(a), ":0") }

// Origin is scheme://host[:port] in lower case, without a default port and
// without a trailing slash, as browsers write it.
type Origin string

// UnmarshalText accepts an http or https URL without path, query or user.
func (o *Origin) UnmarshalText(text []byte) error {
	u, err := url.Parse(string(text))
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) {
		return errors.New("must be an origin such as https://slots.example.com")
	}
	if u.User != nil {
		// Not quoted: a URL with a user usually has a password, too.
		return errors.New("must be an origin without user and password")
	}
	if !isHost(u.Hostname()) || !isPort(u.Port()) || strings.HasSuffix(u.Host, ":") {
		return fmt.Errorf("%q has no valid host", text)
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || strings.Contains(string(text), "#") {
		return fmt.Errorf("%q must not have a path, query or fragment", text)
	}
	host := strings.ToLower(u.Host)
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
	*o = Origin(u.Scheme + "://" + host)
	return nil
}

// Host is the origin's host[:port]; empty for the zero Origin.
func (o Origin) Host() string {
	_, host, _ := strings.Cut(string(o), "://")
	return host
}

// Secure tells whether the origin is https. The zero Origin is not.
func (o Origin) Secure() bool { return strings.HasPrefix(string(o), "https://") }

func (o Origin) insecure() bool { return o != "" && !o.Secure() }

// OriginList is one or more origins, each once.
type OriginList []Origin

// UnmarshalText accepts a comma-separated list.
func (l *OriginList) UnmarshalText(text []byte) error {
	origins, err := list[Origin](text)
	*l = origins
	return err
}

// UnmarshalText accepts four names, and not slog's arithmetic.
func (l *Level) UnmarshalText(text []byte) error {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	level, ok := levels[strings.ToLower(string(text))]
	if !ok {
		return fmt.Errorf("%q is none of debug, info, warn, error", text)
	}
	*l = Level(level)
	return nil
}

// Pause is a time to wait.
type Pause time.Duration

// mostPause is more than anybody waits for a program's end.
const mostPause = 10 * time.Minute

// UnmarshalText accepts what time.ParseDuration does, from 0 to ten minutes.
func (p *Pause) UnmarshalText(text []byte) error {
	pause, err := time.ParseDuration(string(text))
	if err != nil || pause < 0 || pause > mostPause {
		return fmt.Errorf("%q is no time from 0s to 10m", text)
	}
	*p = Pause(pause)
	return nil
}

// String is the time as it is written in the environment.
func (p Pause) String() string { return time.Duration(p).String() }

// Switch is on or off.
type Switch bool

// UnmarshalText accepts true and false, and 1 and 0.
func (s *Switch) UnmarshalText(text []byte) error {
	switch strings.ToLower(string(text)) {
	case "true", "1":
		*s = true
	case "false", "0":
		*s = false
	default:
		return fmt.Errorf("%q is neither true nor false", text)
	}
	return nil
}

// Database tells where the data lives. The zero Database is none.
type Database struct{ dsn string }

// DSN is sqlite:PATH or a postgres:// URL, with its password.
func (d Database) DSN() string { return d.dsn }

// UnmarshalText accepts sqlite:PATH, postgres://… and postgresql://….
func (d *Database) UnmarshalText(text []byte) error {
	scheme, rest, _ := strings.Cut(string(text), ":")
	switch scheme {
	case "sqlite":
		if rest == "" || strings.HasPrefix(rest, ":memory:") {
			return errors.New("sqlite: needs the path of a file (data in memory would be lost)")
		}
	case "postgres", "postgresql":
		// The error of url.Parse quotes the whole text, password included.
		if u, err := url.Parse(string(text)); err != nil || !strings.HasPrefix(rest, "//") || u.Path == "" && u.Host == "" {
			return errors.New("is not a valid postgres:// URL (percent-encode special characters in the password)")
		}
	default:
		return errors.New("must begin with sqlite: or postgres://")
	}
	d.dsn = string(text)
	return nil
}

// Keys are the secret keys, newest first.
type Keys struct{ keys [][]byte }

// keySize is what AES-256 and XChaCha20 take.
const keySize = 32

// All returns the keys, 32 bytes each, newest first: the first encrypts, all decrypt.
func (k Keys) All() [][]byte { return k.keys }

// UnmarshalText accepts comma-separated base64, standard or URL alphabet, with or
// without padding. Its errors tell the number of a key, never a part of it.
func (k *Keys) UnmarshalText(text []byte) error {
	k.keys = nil
	for i, part := range split(text) {
		key, err := decodeKey(part)
		if err != nil {
			return fmt.Errorf("key %d %w", i+1, err)
		}
		if slices.ContainsFunc(k.keys, func(other []byte) bool { return string(other) == string(key) }) {
			return fmt.Errorf("key %d is there twice", i+1)
		}
		k.keys = append(k.keys, key)
	}
	return nil
}

func decodeKey(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	key, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errors.New("is not base64; make one with: openssl rand -base64 32")
	}
	if len(key) != keySize {
		return nil, fmt.Errorf("has %d bytes instead of %d; make one with: openssl rand -base64 32", len(key), keySize)
	}
	return key, nil
}

// Secret is a text that no print, log or JSON shows.
type Secret struct{ text string }

// Reveal returns the text. Call it only where the text is sent or compared.
func (s Secret) Reveal() string { return s.text }

// UnmarshalText accepts any text.
func (s *Secret) UnmarshalText(text []byte) error {
	s.text = string(text)
	return nil
}

// list parses a comma-separated list in which nothing may stand twice.
func list[T comparable, P interface {
	*T
	UnmarshalText([]byte) error
}](text []byte) ([]T, error) {
	var all []T
	for _, part := range split(text) {
		var one T
		if err := P(&one).UnmarshalText([]byte(part)); err != nil {
			return nil, err
		}
		if slices.Contains(all, one) {
			return nil, fmt.Errorf("%q is there twice", part)
		}
		all = append(all, one)
	}
	return all, nil
}

// split cuts at commas. An empty part stays, so that the part's type refuses it:
// a list with a hole is more often a mistake than a habit.
func split(text []byte) []string {
	parts := strings.Split(string(text), ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// hostName is a DNS name in its usual form, underscores included, which private
// networks use.
var hostName = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$`)

func isHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return len(host) <= 253 && hostName.MatchString(host)
}

// isPort accepts the numeric ports that can be dialled, and none.
func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}
