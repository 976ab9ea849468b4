package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"slotfinder/internal/meet"
)

// batchLimit is how many commands a batch may have (FACTS.md fact 16).
const batchLimit = 50

// command is one method in a batch. Its parameters must never hold text that people typed:
// the portal replaces "$result[...]" in them (FACTS.md fact 18).
type command struct {
	method string
	query  url.Values
}

// outcome is the result of a command, or why it failed.
type outcome struct {
	result json.RawMessage
	total  int
	more   bool   // there are further pages
	err    *Error // the command failed, or is missing in the answer
}

// into decodes the result into v.
func (o outcome) into(v any) error {
	if o.err != nil {
		return o.err
	}
	if err := json.Unmarshal(o.result, v); err != nil {
		return &Error{Method: "batch", Status: 200, Err: errNotJSON}
	}
	return nil
}

// timeBlock is what we use of the "time" block of an answer.
type timeBlock struct {
	DateStart text `json:"date_start"` // RFC 3339 in the server's zone
}

// batch sends up to 50 commands that only read in one request. The outcomes are in the
// order of the commands; each may have failed on its own.
func (c *Client) batch(ctx context.Context, m meet.Member, commands []command) ([]outcome, timeBlock, error) {
	// The keys must not be numbers: PHP would make arrays of the maps (FACTS.md fact 17).
	cmd := make(map[string]string, len(commands))
	for i, command := range commands {
		cmd[fmt.Sprintf("c%d", i)] = command.method + "?" + command.query.Encode()
	}
	var outcomes []outcome
	var at timeBlock
	err := c.read(ctx, m, "batch", params{"halt": 0, "cmd": cmd}, func(body []byte) (err error) {
		outcomes, at, err = readBatch(body, commands)
		return err
	})
	return outcomes, at, err
}

func readBatch(body []byte, commands []command) ([]outcome, timeBlock, error) {
	var answer struct {
		Result struct {
			Result object `json:"result"`
			Error  object `json:"result_error"`
			Total  object `json:"result_total"`
			Next   object `json:"result_next"`
		} `json:"result"`
		Time json.RawMessage `json:"time"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil, timeBlock{}, errNotJSON
	}
	outcomes := make([]outcome, len(commands))
	for i, command := range commands {
		key := fmt.Sprintf("c%d", i)
		r := answer.Result
		o := outcome{result: r.Result[key], total: number(r.Total[key]), more: number(r.Next[key]) > 0}
		if raw, failed := r.Error[key]; failed {
			o.err = &Error{Method: command.method, Status: 200, Code: errorCode(inner(raw))}
		} else if o.result == nil {
			o.err = &Error{Method: command.method, Status: 200, Err: errMissing}
		}
		outcomes[i] = o
	}
	var at timeBlock
	_ = json.Unmarshal(answer.Time, &at) // nothing depends on it
	return outcomes, at, nil
}

// inner returns the code in a command's {"error","error_description"}.
func inner(raw json.RawMessage) json.RawMessage {
	var e struct {
		Error json.RawMessage `json:"error"`
	}
	if json.Unmarshal(raw, &e) != nil || e.Error == nil {
		return raw
	}
	return e.Error
}

func number(raw json.RawMessage) int {
	var n integer
	if raw == nil || json.Unmarshal(raw, &n) != nil {
		return 0
	}
	return int(n)
}
