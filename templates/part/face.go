package part

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Face is a person as an avatar shows them.
type Face struct {
	ID    int64
	Name  string
	Photo string // URL on our own origin, "" = initials
}

type photoless struct{}

// WithoutPhotos says that the pages of a context show initials only: their browser
// could not ask for a photo.
func WithoutPhotos(ctx context.Context) context.Context {
	return context.WithValue(ctx, photoless{}, true)
}

// shown is the address of the photo that a page shows, "" for initials.
func (f Face) shown(ctx context.Context) string {
	if ctx.Value(photoless{}) != nil {
		return ""
	}
	return f.Photo
}

// Initials are the first letters of the first and the last word of the name, ? without one.
func (f Face) Initials() string {
	words := strings.FieldsFunc(f.Name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
	switch len(words) {
	case 0:
		return "?"
	case 1:
		return first(words[0])
	}
	return first(words[0]) + first(words[len(words)-1])
}

func first(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r))
}

// tint is the class of the background, the same for a person on every page.
func (f Face) tint() string { return "tint-" + strconv.FormatInt(((f.ID%8)+8)%8, 10) }
