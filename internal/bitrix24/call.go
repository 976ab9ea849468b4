package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

// userAgent names the app, as the documentation asks.
const userAgent = "Slotfinder/1.0"

// params are a method's parameters.
type params map[string]any

// restCall is a call of a method that changes nothing. decode gets the whole body of a
// successful answer and fails with errNotJSON if it can't be read.
type restCall struct {
	method string
	params params
	decode func(body []byte) error
}

// target is where a portal is asked, and with which token.
type target struct {
	endpoint string // REST root
	token    string
}

// read makes a call that changes nothing. It repeats the call when the failure may be
// temporary, with growing random pauses, until ctx ends.
func (c *Client) read(ctx context.Context, m meet.Member, method string, p params, decode func([]byte) error) error {
	if meet.OnlyMemory(ctx) {
		return errNotCached
	}
	return c.withRetry(ctx, method, func() error { return c.call(ctx, m, restCall{method, p, decode}) })
}

// Profile returns the user whom a fresh token belongs to. It works with every scope
// (FACTS.md fact 67). The endpoint is a REST root with a trailing slash.
func (c *Client) Profile(ctx context.Context, endpoint, token string) (meet.Profile, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	var profile meet.Profile
	call := restCall{"profile", nil, func(body []byte) (err error) {
		profile, err = readProfile(body)
		return err
	}}
	err := c.withRetry(ctx, call.method, func() error { return c.post(ctx, newPortal(), target{endpoint, token}, call) })
	return profile, toMeetError(err)
}

func readProfile(body []byte) (meet.Profile, error) {
	var answer struct {
		Result struct {
			ID    integer `json:"ID"`
			Admin boolean `json:"ADMIN"`
			First text    `json:"NAME"`
			Last  text    `json:"LAST_NAME"`
			Zone  text    `json:"TIME_ZONE"`
		} `json:"result"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Result.ID <= 0 {
		return meet.Profile{}, errNotJSON
	}
	r := answer.Result
	return meet.Profile{User: int64(r.ID), Name: fullName(r.First, r.Last), Admin: bool(r.Admin), Zone: tidyText(string(r.Zone))}, nil
}

// call sends a request in the member's name. When the portal refuses the token, or has
// moved, it renews the token and sends the request again, once. It follows a redirect only
// if the authorization server, which the renewal asks, names the same host (FACTS.md facts 7
// and 8).
func (c *Client) call(ctx context.Context, m meet.Member, call restCall) error {
	endpoint, token, err := c.cfg.Tokens.Token(ctx, m)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	portal := c.portals.get(m.Portal)
	err = c.paced(ctx, portal, target{endpoint, token}, call)
	var e *Error
	if !errors.As(err, &e) || e.Code != codeExpired && e.Code != codeInvalid && e.redirectHost == "" {
		return err
	}
	endpoint, token, renewErr := c.cfg.Tokens.Renew(ctx, m, token)
	if renewErr != nil {
		return fmt.Errorf("renew token: %w", renewErr)
	}
	if e.redirectHost != "" && hostOf(endpoint) != e.redirectHost {
		return err
	}
	return c.paced(ctx, portal, target{endpoint, token}, call)
}

// paced is post within the portal's request rate and behind its circuit breaker.
func (c *Client) paced(ctx context.Context, portal *portal, to target, call restCall) error {
	if err := portal.admit(ctx, c.cfg.Now(), call.method); err != nil {
		return err
	}
	err := c.post(ctx, portal, to, call)
	var e *Error
	failed := errors.As(err, &e) && e.meaning().kind == meet.Unavailable && ctx.Err() != context.Canceled
	portal.recordOutcome(c.cfg.Now(), failed)
	return err
}

// post sends one request. Only an answer with status 200 and without an error code is
// decoded.
func (c *Client) post(ctx context.Context, portal *portal, to target, call restCall) error {
	began := c.cfg.Now()
	memory := memoryBudget{all: c.memory, own: portal.memory}
	defer memory.releaseAll()
	status, header, body, err := c.exchange(ctx, &memory, to, call)
	c.cfg.Log.DebugContext(ctx, "bitrix24: call", "method", call.method, "status", status,
		"bytes", len(body), "took", c.cfg.Now().Sub(began))
	switch {
	case err != nil:
		return &Error{Method: call.method, Status: status, Err: err}
	case status >= 300 && status < 400:
		return &Error{Method: call.method, Status: status, Err: errRedirected, redirectHost: hostOf(header.Get("Location"))}
	case status == http.StatusOK && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte(`{"result":`)):
		// By far the most common answer. A result that comes first is no error.
	default:
		if e := c.refusal(status, header, body); e != nil {
			e.Method = call.method
			return e
		}
	}
	if err := call.decode(body); err != nil {
		return &Error{Method: call.method, Status: status, Err: err}
	}
	return nil
}

// exchange sends the HTTP request and reads the answer. Its errors hold neither the URL nor
// the body.
func (c *Client) exchange(ctx context.Context, memory *memoryBudget, to target, call restCall) (int, http.Header, []byte, error) {
	send := make(params, len(call.params)+1)
	maps.Copy(send, call.params)
	send["auth"] = to.token
	payload, err := json.Marshal(send)
	if err != nil {
		return 0, nil, nil, fmt.Errorf("encode parameters: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(to.endpoint, "/")+"/"+call.method, bytes.NewReader(payload))
	if err != nil {
		return 0, nil, nil, errAddressRefused
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", userAgent)
	answer, err := c.cfg.HTTP.Do(r)
	if err != nil {
		return 0, nil, nil, withoutURL(ctx, err)
	}
	defer answer.Body.Close()
	body, err := memory.read(call.method, answer)
	if err != nil && !errors.Is(err, errTooLarge) && !errors.Is(err, errMemoryFull) {
		return 0, nil, nil, withoutURL(ctx, err)
	}
	return answer.StatusCode, answer.Header, body, err
}

// withoutURL drops the URL that net/http puts into errors, and makes errNoAnswer of any
// deadline.
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

// refusal reads an answer that may hold an error, at any HTTP status. It returns nil when
// the answer is a result after all.
func (c *Client) refusal(status int, header http.Header, body []byte) *Error {
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
		Time   struct {
			Reset integer `json:"operating_reset_at"`
		} `json:"time"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return &Error{Status: status, Err: errNotJSON, retryAfter: c.retryAfter(header)}
	}
	if answer.Error == nil {
		if status == http.StatusOK && answer.Result != nil {
			return nil
		}
		return &Error{Status: status, Err: errNotJSON, retryAfter: c.retryAfter(header)}
	}
	e := &Error{Status: status, Code: errorCode(answer.Error), retryAfter: c.retryAfter(header)}
	if answer.Time.Reset > 0 {
		e.retryAfter = max(e.retryAfter, time.Unix(int64(answer.Time.Reset), 0).Sub(c.cfg.Now()))
	}
	return e
}

// errorCode reads the value of "error": a word, a number, or in REST 3.0 an object with a
// code (FACTS.md fact 2). Codes go to logs, so what isn't a word becomes "?".
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
	notAWord := strings.ContainsFunc(string(code), func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if notAWord || len(code) > 64 {
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
