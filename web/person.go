package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// MostInSprite is how many photos one sheet has; those beyond come one by one as they are
// scrolled to.
const MostInSprite = 100

// PhotoSprite puts the photos of a page's people on one sheet. Its address changes with
// every photo on it.
func PhotoSprite(people []part.Person) {
	var with []*part.Person
	for i := range people {
		if people[i].Picture != "" {
			with = append(with, &people[i])
		}
	}
	slices.SortFunc(with, func(a, b *part.Person) int { return cmp.Compare(a.ID, b.ID) })
	with = with[:min(len(with), MostInSprite)]
	marks, ids := sha256.New(), make([]string, len(with))
	for i, p := range with {
		marks.Write([]byte(p.Picture))
		ids[i] = strconv.FormatInt(p.ID, 10)
	}
	address := PhotoSpritePath + strings.Join(ids, ".") + "?v=" + base64.RawURLEncoding.EncodeToString(marks.Sum(nil)[:6])
	for i, p := range with {
		p.Picture = address + "#p" + ids[i]
	}
}

// pictureOf returns the address of somebody's photo here, "" without one. The mark
// in it keeps a browser from showing an old photo, or one of another portal's
// person with the same id.
func pictureOf(p meet.Person, m meet.Member) string {
	mark := p.Mark(m.Portal)
	if mark == "" {
		return ""
	}
	return "/photo/" + strconv.FormatInt(p.ID, 10) + "?v=" + mark
}

// NewPerson is somebody as pages show them to a member.
func NewPerson(p meet.Person, me meet.Member) part.Person {
	return NewAttendee(meet.Attendee{Person: p}, me)
}

// NewAttendee is somebody who is asked as pages show them to a member.
func NewAttendee(a meet.Attendee, me meet.Member) part.Person {
	return part.Person{Attendee: a, Picture: pictureOf(a.Person, me), Me: a.ID == me.User}
}
