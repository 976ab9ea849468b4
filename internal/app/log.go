package app

import (
	"io"
	"log/slog"
	"os"
)

// newLog writes JSON, or lines for people when they are looking.
func newLog(w io.Writer, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: shortened}
	if file, ok := w.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(w, options))
		}
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// mostField bounds what one field of the log holds: a panic with its stack, and less than
// what somebody may have sent.
const mostField = 10 << 10

// shortened cuts a field that is too long.
func shortened(_ []string, field slog.Attr) slog.Attr {
	if kind := field.Value.Kind(); kind != slog.KindString && kind != slog.KindAny {
		return field
	}
	if err, ok := field.Value.Any().(error); ok {
		field.Value = slog.StringValue(err.Error())
	}
	if text := field.Value.String(); field.Value.Kind() == slog.KindString && len(text) > mostField {
		field.Value = slog.StringValue(text[:mostField] + "…")
	}
	return field
}
