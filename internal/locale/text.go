package locale

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// text is a text or its plural forms: "one", "few", "many", "other".
type text struct {
	only  string
	forms map[string]string
}

// UnmarshalJSON reads a string or an object of plural forms.
func (t *text) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &t.only) == nil {
		return nil
	}
	return json.Unmarshal(data, &t.forms)
}

// T returns a text in the language of the context; see Catalogue.T.
func T(ctx context.Context, key string, args ...any) string {
	return From(ctx).T(key, args...)
}

// T returns a text with its {placeholders} filled from args, which are pairs of
// name and value. A key that does not exist is returned as it is, so that a page
// with a missing text is still a page.
func (c *Catalogue) T(key string, args ...any) string {
	t, ok := c.texts[key]
	if !ok {
		return key
	}
	return fill(t.only, args)
}

// Has reports whether the language has a text for the key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.texts[key]
	return ok
}

// fill writes the values of args into the placeholders of a text. What stands in
// a value is never read as a placeholder again, and its direction is its own. A value with a full stop of its own, as
// in "2 Std.", ends the sentence, too.
func fill(text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("{" + rest)
			return b.String()
		}
		v := Isolate(value(name, args))
		b.WriteString(v)
		if text = after; strings.HasSuffix(v, ".") {
			text = strings.TrimPrefix(text, ".")
		}
	}
}

func value(name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		switch v := args[i+1].(type) {
		case string:
			return v
		case int:
			return strconv.Itoa(v)
		default:
			return fmt.Sprint(v)
		}
	}
	return "{" + name + "}"
}
