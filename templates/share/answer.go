package share

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
)

// mostSubject bounds the subject of an answer, in characters: it stands in the address of
// every time.
const mostSubject = 60

// answer is the address that makes the guest's mail program write to the owner that a
// time suits.
func (v View) answer(ctx context.Context, start time.Time) templ.SafeURL {
	subject := []rune(Title(ctx, v))
	subject = subject[:min(len(subject), mostSubject)]
	body := locale.T(ctx, "share.mail_body", "time", v.when(locale.From(ctx), start))
	return templ.SafeURL("mailto:" + mailEscape(v.Reply) + "?subject=" + mailEscape(string(subject)) + "&body=" + mailEscape(body))
}

// when is a time on the guest's clock and, where it is another, on the owner's.
func (v View) when(c *locale.Catalogue, start time.Time) string {
	start = start.In(v.Zone)
	text := c.DayLong(start) + ", " + c.Time(start) + " " + c.City(v.Zone)
	home := start.In(v.Home)
	if home.Format(time.DateTime) == start.Format(time.DateTime) {
		return text
	}
	text += " / "
	if home.YearDay() != start.YearDay() {
		text += c.DayLong(home) + ", "
	}
	return text + c.Time(home) + " " + c.City(v.Home)
}

// mailEscape writes a text for a mailto address, in which + is a plus and not a space.
func mailEscape(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(text), "+", "%20"), "%40", "@")
}
