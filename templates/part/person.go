package part

import (
	"context"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// Person is a colleague as pages show them: what an answer says of them, and what only
// the pages know.
type Person struct {
	meet.Attendee        // Zone, Required and Unknown only of those who are asked
	Department    string // name of the first department, "" = not shown
	Picture       string // address of the photo on our own origin, "" = initials
	Grouped       bool   // asked only as one of some, of whom not all must come
	Me            bool   // the reader
}

// Label is the person's name; people whom the portal does not know have only a number.
func (p Person) Label(ctx context.Context) string { return PersonLabel(ctx, p.ID, p.Name) }

// PersonLabel is a name, or the number of somebody whom the portal does not know.
func PersonLabel(ctx context.Context, id int64, name string) string {
	if name == "" {
		return locale.T(ctx, "person.unnamed", "id", ID(id))
	}
	return name
}

// Isolated is the label as it stands in a sentence or beside other names.
func (p Person) Isolated(ctx context.Context) string { return locale.Isolate(p.Label(ctx)) }

// Work is what a person does, and where.
func (p Person) Work() string { return JoinTexts(p.Position, p.Department) }

// JoinTexts puts those texts that are not empty side by side.
func JoinTexts(texts ...string) string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return strings.Join(kept, " · ")
}

// WhyUnknown says why a calendar could not be read.
func (p Person) WhyUnknown(ctx context.Context) string {
	key := "unknown." + string(p.Unknown)
	if !locale.From(ctx).Has(key) {
		key = "unknown.unreadable"
	}
	return locale.T(ctx, key)
}

// Initials are the first letters of the first and the last word of the name, ? without one.
func (p Person) Initials() string {
	words := strings.FieldsFunc(p.Name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
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
func (p Person) tint() string { return "tint-" + strconv.FormatInt(((p.ID%8)+8)%8, 10) }

type photoAddresses struct{}

// WithPhotoAddresses changes the addresses of the photos on the pages of a context, as
// browsers need it that keep no cookie for us. "" is no photo.
func WithPhotoAddresses(ctx context.Context, change func(address string) string) context.Context {
	return context.WithValue(ctx, photoAddresses{}, change)
}

// shown is the address of the photo that a page shows, "" for initials.
func (p Person) shown(ctx context.Context) string {
	if change, ok := ctx.Value(photoAddresses{}).(func(string) string); ok && p.Picture != "" {
		return change(p.Picture)
	}
	return p.Picture
}

const mostNamed = 3 // people who are named in one line

// NamesOf names the first of some people and counts the others.
func NamesOf(ctx context.Context, people []Person) string {
	var names []string
	for _, p := range people[:min(len(people), mostNamed)] {
		names = append(names, p.Isolated(ctx))
	}
	if rest := len(people) - mostNamed; rest > 0 {
		names = append(names, locale.N(ctx, "chosen.more", rest))
	}
	return strings.Join(names, ", ")
}

// OutsiderLabel is the name of somebody who is no employee.
func OutsiderLabel(ctx context.Context, o meet.Outsider) string {
	return PersonLabel(ctx, o.ID, o.Name)
}

// WhyLeftOut says why somebody who is no employee is not asked.
func WhyLeftOut(ctx context.Context, o meet.Outsider) string {
	key := "left." + string(o.Kind)
	if !locale.From(ctx).Has(key) {
		key = "left.unknown"
	}
	return locale.T(ctx, key)
}
