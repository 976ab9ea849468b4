package locale

import (
	"context"
	"maps"

	"golang.org/x/text/feature/plural"
)

// N returns the plural form of a text in the language of the context; see Catalogue.N.
func N(ctx context.Context, key string, n int, args ...any) string {
	return From(ctx).N(key, n, args...)
}

// N returns the form of a text that fits the number, with {n} as the number.
func (c *Catalogue) N(key string, n int, args ...any) string {
	t, ok := c.texts[key]
	if !ok {
		return key
	}
	form, ok := t.forms[c.form(n)]
	if !ok {
		form = t.forms["other"]
	}
	return fill(form, append([]any{"n", n}, args...))
}

var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two",
	plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func (c *Catalogue) form(n int) string {
	return formNames[plural.Cardinal.MatchPlural(c.tag, n, 0, 0, 0, 0)]
}

// Forms are all forms of a text by their names, with {n} left in place, for a script that
// counts.
func (c *Catalogue) Forms(key string) map[string]string { return maps.Clone(c.texts[key].forms) }
