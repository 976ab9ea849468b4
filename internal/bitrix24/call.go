package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"slotfinder/internal/meet"
)

// tries is how often a read is attempted at most.
const tries = 4

// userAgent names the app, as the documentation asks.
const userAgent = "Slotfinder/1.0"

// params are a method's parameters.
type params map[string]any

// read calls a method that changes nothing. It repeats the call where the failure
// may pass, with growing random pauses, until ctx ends. decode gets the whole
// body of a successful answer and fails with errNotJSON if it can't be read.
func (c *Client) read(ctx context.Context, m meet.Member, method string, p params, decode func([]byte) error) error {
	if meet.OnlyMemory(ctx) {
		return errForgotten
	}
	return c.persist(ctx, method, func() error { return c.call(ctx, m, method, p, decode) })
}

// Profile returns the user a fresh token belongs to. It works with every scope.
// The endpoint is a REST root with a trailing slash.
func (c *Client) Profile(ctx context.Context, endpoint, token string) (meet.Profile, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var profile meet.Profile
	err := c.persist(ctx, "profile", func() error {
		return c.post(ctx, newPortal(), endpoint, token, "profile", nil, func(body []byte) (err error) {
			profile, err = readProfile(body)
			return err
		})
	})
	return profile, explain(err)
}

func readProfile(body []byte) (meet.Profile, error) {
	var answer struct {
		Result struct {
			ID    integer `json:"ID"`
			Admin truth   `json:"ADMIN"`
			First text    `json:"NAME"`
			Last  text    `json:"LAST_NAME"`
			Zone  text    `json:"TIME_ZONE"`
		} `json:"result"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Result.ID <= 0 {
		return meet.Profile{}, errNotJSON
	}
	r := answer.Result
	return meet.Profile{User: int64(r.ID), Name: fullName(r.First, r.Last), Admin: bool(r.Admin), Zone: short(string(r.Zone))}, nil
}

// persist repeats a read while that makes sense.
func (c *Client) persist(ctx context.Context, method string, once func() error) error {
	pause := &pause{random: c.cfg.Rand}
	attempt := func() (struct{}, error) {
		err := once()
		var e *Error
		if !errors.As(err, &e) || !e.meaning().again {
			return struct{}{}, backoff.Permanent(err)
		}
		pause.atLeast, pause.hasty = e.after, e.Code == codeTooFast
		return struct{}{}, err
	}
	options := []backoff.RetryOption{
		backoff.WithBackOff(pause),
		backoff.WithMaxTries(tries),
		backoff.WithNotify(func(err error, next time.Duration) {
			c.cfg.Log.WarnContext(ctx, "bitrix24: asking again", "method", method, "in", next, "err", err)
		}),
	}
	if end, ok := ctx.Deadline(); ok {
		// A pause that outlasts ctx is not begun.
		options = append(options, backoff.WithMaxElapsedTime(time.Until(end)))
	}
	_, err := backoff.Retry(ctx, attempt, options...)
	var last *backoff.PermanentError
	if errors.As(err, &last) {
		return last.Err
	}
	return err
}

// pause says how long to wait before a read is repeated: a random part of a time
// that doubles. When the portal said that we are too fast the wait is never less
// than half, as the bucket needs its time.
type pause struct {
	random  func() float64
	tries   int
	hasty   bool
	atLeast time.Duration
}

// NextBackOff implements backoff.BackOff.
func (p *pause) NextBackOff() time.Duration {
	longest := min(500*time.Millisecond<<p.tries, 30*time.Second)
	share := p.random()
	if p.hasty {
		longest = min(2*longest, 30*time.Second)
		share = (1 + share) / 2
	}
	p.tries++
	return max(p.atLeast, time.Duration(share*float64(longest)))
}

// Reset implements backoff.BackOff.
func (p *pause) Reset() { p.tries = 0 }

// call sends a request once, in the member's name. It renews the token once when
// the portal refuses it, and follows a portal that moved once the authorization
// server, asked by the renewal, says that it lives where the redirect points to.
func (c *Client) call(ctx context.Context, m meet.Member, method string, p params, decode func([]byte) error) error {
	endpoint, token, err := c.cfg.Tokens.Token(ctx, m)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	portal := c.portals.get(m.Portal)
	err = c.paced(ctx, portal, endpoint, token, method, p, decode)
	var e *Error
	if !errors.As(err, &e) || e.Code != codeExpired && e.Code != codeInvalid && e.moved == "" {
		return err
	}
	endpoint, token, renewal := c.cfg.Tokens.Renew(ctx, m, token)
	if renewal != nil {
		return fmt.Errorf("renew token: %w", renewal)
	}
	if e.moved != "" && hostOf(endpoint) != e.moved {
		return err
	}
	return c.paced(ctx, portal, endpoint, token, method, p, decode)
}

// paced is post at the portal's pace and under its breaker.
func (c *Client) paced(ctx context.Context, portal *portal, endpoint, token, method string, p params, decode func([]byte) error) error {
	if err := portal.admit(ctx, c.cfg.Now(), method); err != nil {
		return err
	}
	err := c.post(ctx, portal, endpoint, token, method, p, decode)
	var e *Error
	failed := errors.As(err, &e) && e.meaning().kind == meet.Unavailable && ctx.Err() != context.Canceled
	portal.note(c.cfg.Now(), failed)
	return err
}

// post sends one request. Only an answer with status 200 and without an error code
// reaches decode.
func (c *Client) post(ctx context.Context, portal *portal, endpoint, token, method string, p params, decode func([]byte) error) error {
	began := c.cfg.Now()
	room := room{all: c.room, own: portal.room}
	defer room.leave()
	status, header, body, err := c.exchange(ctx, &room, endpoint, token, method, p)
	c.cfg.Log.DebugContext(ctx, "bitrix24: call", "method", method, "status", status,
		"bytes", len(body), "took", c.cfg.Now().Sub(began))
	switch {
	case err != nil:
		return &Error{Method: method, Status: status, Err: err}
	case status >= 300 && status < 400:
		return &Error{Method: method, Status: status, Err: errMoved, moved: hostOf(header.Get("Location"))}
	case status == http.StatusOK && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte(`{"result":`)):
		// By far the most common, and nothing else in it can be an error.
	default:
		if e := c.refusal(status, header, body); e != nil {
			e.Method = method
			return e
		}
	}
	if err := decode(body); err != nil {
		return &Error{Method: method, Status: status, Err: err}
	}
	return nil
}

// exchange does the HTTP. Its errors hold neither URL nor body.
func (c *Client) exchange(ctx context.Context, room *room, endpoint, token, method string, p params) (int, http.Header, []byte, error) {
	send := make(params, len(p)+1)
	for name, value := range p {
		send[name] = value
	}
	send["auth"] = token
	payload, err := json.Marshal(send)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("encode parameters: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(endpoint, "/")+"/"+method, bytes.NewReader(payload))
	if err != nil {
		return 0, nil, nil, errRefused
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", userAgent)
	answer, err := c.cfg.HTTP.Do(r)
	if err != nil {
		return 0, nil, nil, withoutURL(ctx, err)
	}
	defer answer.Body.Close()
	body, err := room.body(method, answer)
	if err != nil && !errors.Is(err, errTooLarge) && !errors.Is(err, errCrowded) {
		return 0, nil, nil, withoutURL(ctx, err)
	}
	return answer.StatusCode, answer.Header, body, err
}

// withoutURL strips what net/http adds to errors, and names a deadline.
func withoutURL(ctx context.Context, err error) error {
	var timeout net.Error
	if ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout() {
		return errNoAnswer
	}
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// refusal reads an answer that may carry an error, at any HTTP status. It returns
// nil when the answer is a result after all.
func (c *Client) refusal(status int, header http.Header, body []byte) *Error {
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
		Time   struct {
			Reset integer `json:"operating_reset_at"`
		} `json:"time"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return &Error{Status: status, Err: errNotJSON, after: c.retryAfter(header)}
	}
	if answer.Error == nil {
		if status == http.StatusOK && answer.Result != nil {
			return nil
		}
		return &Error{Status: status, Err: errNotJSON, after: c.retryAfter(header)}
	}
	e := &Error{Status: status, Code: errorCode(answer.Error), after: c.retryAfter(header)}
	if answer.Time.Reset > 0 {
		e.after = max(e.after, time.Unix(int64(answer.Time.Reset), 0).Sub(c.cfg.Now()))
	}
	return e
}

// retryAfter reads the header of that name: seconds or a date.
func (c *Client) retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 && seconds < 1e6 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(c.cfg.Now()))
	}
	return 0
}

// errorCode reads the value of "error": a string, something like a number, or in
// the newer API an object with a code. As codes go to logs, "?" stands for what isn't
// a name.
func errorCode(raw json.RawMessage) string {
	var nested struct {
		Code text `json:"code"`
	}
	var code text
	if json.Unmarshal(raw, &nested) == nil && nested.Code != "" {
		code = nested.Code
	} else if code.UnmarshalJSON(raw) != nil {
		code = ""
	}
	foreign := strings.ContainsFunc(string(code), func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if foreign || len(code) > 64 {
		return "?"
	}
	return string(code)
}

// hostOf returns the lower-case host[:port] of an absolute https or http URL, without
// the scheme's own port; "" if it is none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	case "http":
		return strings.TrimSuffix(host, ":80")
	}
	return ""
}
