package part

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// Suggestions is whom the people search offers.
type Suggestions struct {
	Typed     string
	Found     []Person
	Named     int  // how many of Found, from the first, were found by name
	More      bool // there are more than those in Found
	Audiences []Audience
	Saved     []meet.Kept // the reader's saved groups
	Latest    []meet.Kept // with whom they searched lately
	Reader    int64       // who is not named in their own groups

	Asked map[int64]bool // who is asked already

	Enough bool // enough people are asked for: who is added need not come
}

// adds are the name of the parameter, and of the button, that adds somebody.
func (s Suggestions) adds() (parameter, button string) {
	if s.Enough {
		return "opt", "optional"
	}
	return "who", "add"
}

// Audience is a set of people that can be chosen at once, with those who belong to it
// and can't be asked.
type Audience struct {
	meet.Audience
	Left []meet.Outsider
}

// nobody reports whether a search for a text found nothing. It is false without a text.
func (s Suggestions) nobody() bool {
	return s.Typed != "" && len(s.Found)+len(s.Audiences)+len(s.Saved)+len(s.Latest) == 0
}

// allAsked reports whether all of some people are asked already.
func (s Suggestions) allAsked(ids []int64) bool {
	return len(ids) > 0 && !slices.ContainsFunc(ids, func(id int64) bool { return !s.Asked[id] })
}

// said is what is spoken when somebody or an audience has been chosen.
func said(ctx context.Context, asked bool, name string) string {
	if asked {
		return locale.T(ctx, "people.already", "name", name)
	}
	return locale.T(ctx, "people.added", "name", name)
}

// audienceKeys are the text keys of the kinds of audiences.
var audienceKeys = map[meet.AudienceKind]string{meet.AudienceDepartment: "people.department", meet.AudienceGroup: "people.group", meet.AudienceChat: "people.chat"}

// TooMany reports whether the audience has more people than may be asked.
func (a Audience) TooMany() bool { return len(a.Members) > meet.MaxPeople }

// fault is the text key of why the audience can't be chosen, "" if it can.
func (a Audience) fault() string {
	switch {
	case a.TooMany():
		return "people.too_many"
	case len(a.Members) == 0:
		return "people.none_of"
	}
	return ""
}

// joined are the ids as parameters write them.
func (a Audience) joined() string { return meet.JoinIDs(a.Members) }

// left are the ids of those who are not asked.
func (a Audience) left() string {
	ids := make([]int64, len(a.Left))
	for i, o := range a.Left {
		ids[i] = o.ID
	}
	return meet.JoinIDs(ids)
}

// key is the id of a way to choose the audience.
func (a Audience) key(way string) string { return "o-" + string(a.Kind) + "-" + ID(a.ID) + "-" + way }

// KeptTitle is a kept group's name, or those of its people.
func KeptTitle(ctx context.Context, k meet.Kept, reader int64) string {
	if k.Name != "" {
		return k.Name
	}
	return KeptNames(ctx, k, reader)
}

// KeptNames are the names of the others in a kept group; the reader knows that they
// belong to it.
func KeptNames(ctx context.Context, k meet.Kept, reader int64) string {
	var others []Person
	for _, p := range k.Staff {
		if p.ID != reader {
			others = append(others, Person{Attendee: meet.Attendee{Person: p}})
		}
	}
	return NamesOf(ctx, others)
}

func keptKind(ctx context.Context, k meet.Kept) string {
	key := "groups.recent"
	if k.Name != "" {
		key = "groups.kind"
	}
	return locale.T(ctx, key)
}

// keptID is the id of the i-th option of its kind.
func keptID(k meet.Kept, i int) string {
	if k.Name == "" {
		return "o-latest-" + strconv.Itoa(i)
	}
	return "o-saved-" + strconv.Itoa(i)
}

// Keep is the form that saves people under a name.
type Keep struct {
	Name   string // as typed
	People url.Values
	Errors map[string]string // field to text key
	Saved  bool
}

var maxName = strconv.Itoa(meet.MaxGroupName)
