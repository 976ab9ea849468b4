package config

import (
	"fmt"
	"reflect"
	"strings"
)

// variable is what the tags of one field of Config say.
type variable struct {
	field    int // index in Config
	name     string
	fallback string // the default, "" for none
	empty    string // what no value means, for the table
	required Mode   // "" for never
	doc      string
}

// variables lists all variables in the order of Config.
func variables() []variable {
	t := reflect.TypeFor[Config]()
	all := make([]variable, t.NumField())
	for i := range all {
		tag := t.Field(i).Tag
		all[i] = variable{
			field:    i,
			name:     tag.Get("env"),
			fallback: tag.Get("envDefault"),
			empty:    tag.Get("empty"),
			required: Mode(tag.Get("required")),
			doc:      tag.Get("doc"),
		}
	}
	return all
}

// The table stands in the README between these lines.
const (
	TableBegin = "<!-- configuration: begin (made by make generate, don't edit) -->"
	TableEnd   = "<!-- configuration: end -->"
)

// Table is the Markdown table of all variables, with a newline at its end.
func Table() string {
	var b strings.Builder
	b.WriteString("| variable | default | meaning |\n|---|---|---|\n")
	for _, v := range variables() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", v.name, v.standard(), code(v.doc))
	}
	return b.String()
}

// Replace puts the table between its markers in a Markdown text.
func Replace(text string) (string, error) {
	before, rest, found := strings.Cut(text, TableBegin+"\n")
	_, after, closed := strings.Cut(rest, TableEnd)
	if !found || !closed {
		return "", fmt.Errorf("config: no %q … %q in the text", TableBegin, TableEnd)
	}
	return before + TableBegin + "\n" + Table() + TableEnd + after, nil
}

// standard is the second column: what holds when nothing is set.
func (v variable) standard() string {
	switch {
	case v.required != "":
		return fmt.Sprintf("required in `%s`", v.required)
	case v.fallback != "":
		return "`" + v.fallback + "`"
	case v.empty != "":
		return "empty = " + v.empty
	}
	return "empty"
}

// code turns ‘quotes’ into Markdown code: a struct tag can't hold a back quote.
func code(doc string) string { return strings.NewReplacer("‘", "`", "’", "`").Replace(doc) }
