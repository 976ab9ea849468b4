package meet

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxFound is the number of people a search of the picker returns.
const MaxFound = 20

// Picker finds people to invite, with the member's own eyes: whom the portal
// does not show to the member is not found.
type Picker struct {
	Directory Directory
	Circles   Circles // work groups and chats; nil: only departments
	Groups    Groups  // what members keep
}

// Found is a person the picker offers, with the names of the departments.
type Found struct {
	Person
	Departments []string
	Named       bool // by the name alone; else position and departments had a part
}

// Search finds active people by the beginnings of the words in their names,
// positions and departments, in any case and without accents; Latin letters find
// Cyrillic names and the other way round, however they are transliterated. Every word of the text must be found.
// An empty text finds everybody. At most MaxFound come back, names first; more
// tells whether there are others.
func (p *Picker) Search(ctx context.Context, m Member, text string) (found []Found, more bool, err error) {
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil {
		return nil, false, err
	}
	names, err := p.DepartmentNames(ctx, m)
	if err != nil {
		return nil, false, err
	}
	matches := match(people, names, newWords(text))
	more = len(matches) > MaxFound
	return matches[:min(len(matches), MaxFound)], more, nil
}

// DepartmentNames returns the names of the portal's departments by id.
func (p *Picker) DepartmentNames(ctx context.Context, m Member) (map[int64]string, error) {
	departments, err := p.Directory.Departments(ctx, m)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(departments))
	for _, d := range departments {
		names[d.ID] = d.Name
	}
	return names, nil
}

// match returns the people that have every word, those with all of them in the
// name before others, each group by name.
func match(people []Person, departments map[int64]string, words words) []Found {
	var byName, byRest []Found
	for _, person := range people {
		found := Found{Person: person}
		for _, id := range person.Departments {
			if name := departments[id]; name != "" {
				found.Departments = append(found.Departments, name)
			}
		}
		switch {
		case words.in(person.Name):
			found.Named = true
			byName = append(byName, found)
		case words.in(person.Name + " " + person.Position + " " + strings.Join(found.Departments, " ")):
			byRest = append(byRest, found)
		}
	}
	sortByName(byName)
	sortByName(byRest)
	return append(byName, byRest...)
}

// sortByName folds each name once: people may be thousands, and this is asked for
// at every letter typed.
func sortByName(found []Found) {
	folded := make(map[int64]string, len(found))
	for _, f := range found {
		folded[f.ID] = Fold(f.Name)
	}
	slices.SortFunc(found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(folded[a.ID], folded[b.ID]), cmp.Compare(a.ID, b.ID))
	})
}

// hasWords reports whether each word is the beginning of a word of the text.
func hasWords(text string, words []string) bool {
	for _, word := range words {
		if !strings.HasPrefix(text, word) && !strings.Contains(text, " "+word) {
			return false
		}
	}
	return true
}

// Fold brings a text into the form in which texts are compared: lower case, no
// accents, Latin letters, single spaces between words.
func Fold(text string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFC.String(strings.ToLower(text)) {
		latin, cyrillic := romanized[r]
		switch {
		case cyrillic:
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			latin = plain(r)
		default:
			space = b.Len() > 0
			continue
		}
		if space && latin != "" {
			b.WriteByte(' ')
			space = false
		}
		b.WriteString(latin)
	}
	return b.String()
}

// plain takes the accents off a letter.
func plain(r rune) string {
	if latin, special := undecomposed[r]; special {
		return latin
	}
	base := []rune{}
	for _, part := range norm.NFD.String(string(r)) {
		if !unicode.IsMark(part) {
			base = append(base, part)
		}
	}
	return string(base)
}

// undecomposed are Latin letters that Unicode does not split into a base and a mark.
var undecomposed = map[rune]string{
	'ß': "ss", 'ø': "o", 'đ': "d", 'ł': "l", 'æ': "ae", 'œ': "oe", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h",
}

// romanized writes Cyrillic letters of Russian, Ukrainian, Belarusian, Bulgarian,
// Serbian and Kazakh the way people type them on a Latin keyboard.
var romanized = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "zh", 'з': "z", 'и': "i",
	'й': "y", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t",
	'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ъ': "", 'ы': "y", 'ь': "",
	'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u",
	'ђ': "dj", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'џ': "dz",
	'ә': "a", 'ғ': "g", 'қ': "k", 'ң': "n", 'ө': "o", 'ұ': "u", 'ү': "u", 'һ': "h",
}
