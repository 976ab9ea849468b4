package portalsim

import (
	"net/http"
	"regexp"
	"strings"
)

// maxBatch is how many commands a batch may have.
const maxBatch = 50

// batchAnswer collects what the commands of a batch answer. Each map becomes []
// when it is empty.
type batchAnswer struct {
	result, failed, total, next, time obj
}

// runBatch is batch: commands of the form "method?query" run one after another.
// Whatever they answer, the batch itself succeeds.
func runBatch(c *call) (result, error) {
	sent := c.params.upper()
	halt := sent.filled("HALT")
	var ans batchAnswer
	for i, f := range sent.sub("CMD") {
		command, ok := f.value.(string)
		if !ok {
			continue // ignored, and missing in every map
		}
		err := error(known("ERROR_BATCH_LENGTH_EXCEEDED"))
		if i < maxBatch {
			err = c.command(&ans, f.key, command)
		}
		if err == nil {
			continue
		}
		ans.failed = append(ans.failed, field{f.key, batchFailure(err)})
		if halt {
			break
		}
	}
	return result{value: obj{
		{"result", ans.result},
		{"result_error", ans.failed},
		{"result_total", ans.total},
		{"result_next", ans.next},
		{"result_time", ans.time},
	}}, nil
}

// batchFailure is an error inside a batch; a missing scope has no text there.
func batchFailure(err error) obj {
	e := *asRESTError(err)
	if e.Code == "insufficient_scope" {
		e.Text = ""
	}
	return e.answer()
}

// command runs one command of a batch and writes its answer down.
func (c *call) command(ans *batchAnswer, key, command string) error {
	path, query, _ := strings.Cut(command, "?")
	name := methodName(path)
	began := c.portal.sim.now()
	res, err := c.inner(name, ans.resolve(parseForm(query)))
	status := http.StatusOK
	if err != nil {
		status = asRESTError(err).status(c.portal.DocStatuses)
	}
	c.portal.record(Request{Method: name, Status: status, Batch: true, At: began})
	if err != nil {
		return err
	}
	ans.result = append(ans.result, field{key, res.value})
	if res.paged {
		ans.total = append(ans.total, field{key, res.total})
	}
	if res.next != 0 {
		ans.next = append(ans.next, field{key, res.next})
	}
	ans.time = append(ans.time, field{key, c.portal.timeBlock(began, c.portal.operatingOf(c, name))})
	return nil
}

// inner calls a method for the batch's own caller.
func (c *call) inner(name string, sent params) (result, error) {
	if name == "batch" {
		return result{}, known("ERROR_BATCH_METHOD_NOT_ALLOWED")
	}
	m, found := c.portal.sim.methods[name]
	if !found {
		return result{}, known("ERROR_METHOD_NOT_FOUND")
	}
	res, err := newCall(c.portal, c.app, c.user, sent).do(name, m, c.portal.takeError(name))
	if err != nil {
		return result{}, err
	}
	if whole, isError := res.wholeAnswer(); isError {
		code, _ := whole.get("error")
		text, _ := whole.get("error_description")
		return result{}, &restError{Code: phpString(code), Text: phpString(text), Status: http.StatusOK}
	}
	return res, nil
}

// reference is a mention of an earlier command's answer: $result[key][field]….
var reference = regexp.MustCompile(`\$(result|error|total|next|time)((?:\[[^\[\]]*\])+)`)

// resolve replaces the references in parameters: a value that is nothing but a
// reference becomes what it names, of any type; inside other text its string.
func (ans *batchAnswer) resolve(sent obj) params {
	resolved := make(params, len(sent))
	for i, f := range sent {
		resolved[i] = field{f.key, ans.resolveValue(f.value)}
	}
	return resolved
}

func (ans *batchAnswer) resolveValue(v any) any {
	if text, ok := v.(string); ok {
		return ans.resolveText(text)
	}
	if _, isArray := phpItems(v); isArray {
		return normal(obj(ans.resolve(phpArray(v))))
	}
	return v
}

func (ans *batchAnswer) resolveText(text string) any {
	if m := reference.FindStringSubmatch(text); m != nil && m[0] == text {
		return ans.named(m[1], m[2])
	}
	return reference.ReplaceAllStringFunc(text, func(mention string) string {
		m := reference.FindStringSubmatch(mention)
		return phpString(ans.named(m[1], m[2]))
	})
}

// named is what a reference stands for, nil when there is no such thing.
func (ans *batchAnswer) named(kind, path string) any {
	var at any = map[string]obj{
		"result": ans.result, "error": ans.failed, "total": ans.total, "next": ans.next, "time": ans.time,
	}[kind]
	for key := range strings.SplitSeq(strings.Trim(path, "[]"), "][") {
		at, _ = phpArray(plain(at)).get(key)
	}
	return plain(at)
}

// plain makes the slices that methods answer with into lists.
func plain(v any) any {
	switch v := v.(type) {
	case []obj:
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
