package locale

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
)

//go:embed texts/*.json dates.json cities.json regions.json
var files embed.FS

// Catalogue is one language: its texts and the way it writes days and times. It
// doesn't change and may be shared.
type Catalogue struct {
	Tag      string       // BCP 47, for the lang attribute
	Name     string       // what the language calls itself
	RTL      bool         // written right to left
	FirstDay time.Weekday // of a week

	tag    language.Tag
	hour12 bool
	habits Habits
	texts  map[string]text
	dates  dates
	cities map[string]string // by time zone
}

// languages are the shipped ones; the first is the one to fall back to.
var languages = []struct{ tag, name string }{
	{"en", "English"},
	{"de", "Deutsch"},
	{"es", "Español"},
	{"fr", "Français"},
	{"it", "Italiano"},
	{"pl", "Polski"},
	{"pt-BR", "Português (Brasil)"},
	{"ru", "Русский"},
	{"tr", "Türkçe"},
	{"uk", "Українська"},
}

// bitrix are the codes in which Bitrix24 says LANG and which are no BCP 47 tags of the same
// language.
var bitrix = map[string]string{
	"la": "es", "br": "pt-BR", "ua": "uk", "kz": "kk", "vn": "vi", "in": "hi", "sc": "zh-CN", "tc": "zh-TW",
}

type library struct {
	all     []*Catalogue
	matcher language.Matcher
}

// shipped reads the embedded files once. They are part of the program: what is
// wrong with them is a fault of the build, found by the first test.
var shipped = sync.OnceValue(func() library {
	var lib library
	var tags []language.Tag
	var table map[string]dates
	read("dates.json", &table)
	var cities map[string]map[string]string
	read("cities.json", &cities)
	for _, l := range languages {
		c := &Catalogue{Tag: l.tag, Name: l.name, tag: language.MustParse(l.tag), dates: table[l.tag], cities: cities[l.tag]}
		c.FirstDay = c.dates.FirstDay
		read("texts/"+l.tag+".json", &c.texts)
		lib.all = append(lib.all, c)
		tags = append(tags, c.tag)
	}
	lib.matcher = language.NewMatcher(tags)
	return lib
})

func read(name string, into any) {
	data, err := files.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		panic(fmt.Sprintf("locale: embedded %s: %v", name, err))
	}
}

// All returns the shipped languages, the one to fall back to first. Appending to the list
// doesn't change it for others.
func All() []*Catalogue { return slices.Clip(shipped().all) }

// For returns the language of a code: a BCP 47 tag or one of Bitrix24's LANG
// codes, in any case. It is English when the language is not shipped.
func For(code string) *Catalogue {
	return Match(code)
}

// Pseudo is the tag of a language nobody speaks: English from right to left. CLDR
// reserves it for looking at such pages, of which no language is shipped.
const Pseudo = "ar-XB"

// Match returns the first language that is shipped among the wishes, best first.
// A wish is a BCP 47 tag, a LANG code of Bitrix24 or an Accept-Language header;
// an empty or broken one counts for nothing.
func Match(wishes ...string) *Catalogue {
	lib := shipped()
	for _, wish := range wishes {
		if wish == Pseudo {
			return lib.all[0].Mirrored()
		}
		if tag, known := bitrix[strings.ToLower(wish)]; known {
			wish = tag
		}
		tags, _, err := language.ParseAcceptLanguage(wish)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, i, sure := lib.matcher.Match(tags...); sure > language.Low {
			return lib.all[i]
		}
	}
	return lib.all[0]
}

// Bitrix returns the code in which Bitrix24 names the language.
func (c *Catalogue) Bitrix() string {
	for code, tag := range bitrix {
		if tag == c.Tag {
			return code
		}
	}
	return c.Tag
}

// With12Hours returns the language with times as 9:30 PM instead of 21:30.
func (c *Catalogue) With12Hours() *Catalogue {
	return c.As(Habits{Clock: "12"})
}

// Mirrored returns the language as if it were written right to left, to test the
// layout while no such language is shipped.
func (c *Catalogue) Mirrored() *Catalogue {
	other := *c
	other.RTL = !c.RTL
	return &other
}

// Dir returns the value of the dir attribute.
func (c *Catalogue) Dir() string {
	if c.RTL {
		return "rtl"
	}
	return "ltr"
}

type contextKey struct{}

// With puts the reader's language into a context.
func With(ctx context.Context, c *Catalogue) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// From returns the language of a context, English when there is none.
func From(ctx context.Context) *Catalogue {
	if c, ok := ctx.Value(contextKey{}).(*Catalogue); ok {
		return c
	}
	return All()[0]
}
