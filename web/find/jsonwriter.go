package find

import (
	"bufio"
	"encoding/json"
	"io"
)

// jsonWriter writes a JSON object member by member, so that it never stands in memory as a
// whole. After an error it writes nothing more; end returns it.
type jsonWriter struct {
	out   *bufio.Writer
	value *json.Encoder
	err   error
	more  bool // a member has been written
}

func newJSONWriter(w io.Writer) *jsonWriter {
	out := bufio.NewWriterSize(w, 16<<10)
	o := &jsonWriter{out: out, value: json.NewEncoder(out)}
	o.text("{")
	return o
}

// member writes a name with its value.
func (o *jsonWriter) member(name string, value any) {
	o.name(name)
	o.any(value)
}

// list writes a name with a list; items makes each when the one before is written.
func (o *jsonWriter) list(name string, items func(yield func(any) bool)) {
	o.name(name)
	o.text("[")
	more := false
	items(func(item any) bool {
		if more {
			o.text(",")
		}
		more = true
		o.any(item)
		return o.err == nil
	})
	o.text("]")
}

// end closes the object.
func (o *jsonWriter) end() error {
	o.text("}")
	if o.err == nil {
		o.err = o.out.Flush()
	}
	return o.err
}

func (o *jsonWriter) name(name string) {
	if o.more {
		o.text(",")
	}
	o.more = true
	o.text(`"` + name + `":`)
}

func (o *jsonWriter) any(value any) {
	if o.err == nil {
		o.err = o.value.Encode(value)
	}
}

func (o *jsonWriter) text(text string) {
	if o.err == nil {
		_, o.err = o.out.WriteString(text)
	}
}

// each are items as JSON has them, made one by one.
func each[T, J any](items []T, convert func(T) J) func(yield func(any) bool) {
	return func(yield func(any) bool) {
		for _, item := range items {
			if !yield(convert(item)) {
				return
			}
		}
	}
}
