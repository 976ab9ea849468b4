package web

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
)

// Posted reads the fields of a request's body and of nothing else: a form, or a JSON
// object with the same names. Who sends JSON and asks for no page gets JSON. Any other
// kind of body is refused, because browsers send those across sites without asking.
func Posted(c echo.Context) (url.Values, error) {
	r := c.Request()
	kind, _, _ := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	switch kind {
	case echo.MIMEApplicationJSON:
		if accept := r.Header.Get(echo.HeaderAccept); accept == "" || accept == "*/*" {
			r.Header.Set(echo.HeaderAccept, echo.MIMEApplicationJSON)
		}
		return readJSON(r.Body)
	case echo.MIMEMultipartForm:
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			return nil, UnreadableForm(err)
		}
		return r.PostForm, nil
	case echo.MIMEApplicationForm:
		if err := r.ParseForm(); err != nil {
			return nil, UnreadableForm(err)
		}
		return r.PostForm, nil
	case "":
		if r.ContentLength == 0 { // a button without fields
			return url.Values{}, nil
		}
	}
	return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType)
}

// readJSON reads an object whose values are texts, numbers, yes or no, or lists of
// these. Anything else is kept as a value that no field takes: which names are fields,
// and which are ignored, is known only to those who read them.
func readJSON(body io.Reader) (url.Values, error) {
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); errors.Is(err, io.EOF) { // nothing was sent
		return url.Values{}, nil
	} else if err != nil {
		return nil, UnreadableForm(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, UnreadableForm(err)
	}
	values := url.Values{}
	for name, value := range object {
		items, isList := value.([]any)
		if !isList {
			items = []any{value}
		}
		for _, item := range items {
			values.Add(name, scalar(item))
		}
	}
	return values, nil
}

// noValue stands for what a form cannot have.
const noValue = "\x00"

// scalar writes a JSON value as a form has it.
func scalar(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "1"
		}
		return "0"
	}
	return noValue
}

// UnreadableForm refuses a form. The parser's text quotes the form, so it is dropped.
func UnreadableForm(err error) error {
	var http *echo.HTTPError
	if errors.As(err, &http) { // too large
		return http
	}
	return meet.Errorf(meet.Invalid, "error.invalid", "the form can't be read")
}
