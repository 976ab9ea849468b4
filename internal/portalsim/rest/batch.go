package rest

import (
	"net/http"
	"regexp"
	"strings"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
)

// maxBatch is how many commands a batch may have.
const maxBatch = 50

// batchAnswer collects the answers to the commands of a batch. Each map becomes []
// when it is empty.
type batchAnswer struct {
	result, failed, total, next, time php.Array
}

// runBatch is the method batch: commands of the form "method?query" run one after
// another. The batch itself succeeds whatever they answer.
func (s *Server) runBatch(c *Call) (Result, error) {
	sent := c.Params.Upper()
	halt := sent.Filled("HALT")
	var ans batchAnswer
	for i, f := range sent.Sub("CMD") {
		command, ok := f.Value.(string)
		if !ok {
			continue // ignored, and missing in every map
		}
		err := error(fault.Known("ERROR_BATCH_LENGTH_EXCEEDED"))
		if i < maxBatch {
			err = s.command(c, &ans, f.Key, command)
		}
		if err == nil {
			continue
		}
		ans.failed = append(ans.failed, php.Field{f.Key, batchFailure(err)})
		if halt {
			break
		}
	}
	return Result{Value: php.Array{
		{"result", ans.result},
		{"result_error", ans.failed},
		{"result_total", ans.total},
		{"result_next", ans.next},
		{"result_time", ans.time},
	}}, nil
}

// batchFailure is an error in a batch, where a missing scope has no text.
func batchFailure(err error) php.Array {
	e := *fault.From(err)
	if e.Code == "insufficient_scope" {
		e.Text = ""
	}
	return e.Answer()
}

// command runs one command of a batch and keeps its answer.
func (s *Server) command(c *Call, ans *batchAnswer, key, command string) error {
	path, query, _ := strings.Cut(command, "?")
	name := methodName(path)
	began := s.auth.Now()
	res, err := s.inner(c, name, ans.resolve(php.ParseForm(query)))
	status := http.StatusOK
	if err != nil {
		status = fault.From(err).HTTPStatus(s.DocStatuses)
	}
	s.record(Request{Method: name, Status: status, Batch: true, At: began})
	if err != nil {
		return err
	}
	ans.result = append(ans.result, php.Field{key, res.Value})
	if res.Paged {
		ans.total = append(ans.total, php.Field{key, res.Total})
	}
	if res.Next != 0 {
		ans.next = append(ans.next, php.Field{key, res.Next})
	}
	ans.time = append(ans.time, php.Field{key, s.timeBlock(began, s.operatingOf(c, name))})
	return nil
}

// inner calls a method for the caller of the batch.
func (s *Server) inner(c *Call, name string, sent php.Params) (Result, error) {
	if name == "batch" {
		return Result{}, fault.Known("ERROR_BATCH_METHOD_NOT_ALLOWED")
	}
	m, found := s.methods[name]
	if !found {
		return Result{}, fault.Known("ERROR_METHOD_NOT_FOUND")
	}
	res, err := s.do(newCall(c.App, c.User, sent, s.auth.Now()), name, m, s.faults.TakeError(name))
	if err != nil {
		return Result{}, err
	}
	if whole, isError := res.wholeAnswer(); isError {
		code, _ := whole.Get("error")
		text, _ := whole.Get("error_description")
		return Result{}, &fault.Error{Code: php.Text(code), Text: php.Text(text), Status: http.StatusOK}
	}
	return res, nil
}

// reference mentions the answer of an earlier command: $result[key][field]….
var reference = regexp.MustCompile(`\$(result|error|total|next|time)((?:\[[^\[\]]*\])+)`)

// resolve replaces the references in parameters. A value that consists of one
// reference becomes what it names, of any type; within other text it becomes a
// string.
func (ans *batchAnswer) resolve(sent php.Array) php.Params {
	resolved := make(php.Params, len(sent))
	for i, f := range sent {
		resolved[i] = php.Field{f.Key, ans.resolveValue(f.Value)}
	}
	return resolved
}

func (ans *batchAnswer) resolveValue(v any) any {
	if text, ok := v.(string); ok {
		return ans.resolveText(text)
	}
	if _, isArray := php.Items(v); isArray {
		return php.Normalize(php.Array(ans.resolve(php.ToArray(v))))
	}
	return v
}

func (ans *batchAnswer) resolveText(text string) any {
	if m := reference.FindStringSubmatch(text); m != nil && m[0] == text {
		return ans.named(m[1], m[2])
	}
	return reference.ReplaceAllStringFunc(text, func(mention string) string {
		m := reference.FindStringSubmatch(mention)
		return php.Text(ans.named(m[1], m[2]))
	})
}

// named is what a reference stands for, nil if that does not exist.
func (ans *batchAnswer) named(kind, path string) any {
	var at any = map[string]php.Array{
		"result": ans.result, "error": ans.failed, "total": ans.total, "next": ans.next, "time": ans.time,
	}[kind]
	for key := range strings.SplitSeq(strings.Trim(path, "[]"), "][") {
		at, _ = php.ToArray(plain(at)).Get(key)
	}
	return plain(at)
}

// plain makes lists of the slices with which methods answer.
func plain(v any) any {
	switch v := v.(type) {
	case []php.Array:
		return listOf(v)
	case []int:
		return listOf(v)
	case []string:
		return listOf(v)
	}
	return v
}

func listOf[T any](items []T) []any {
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = item
	}
	return list
}
