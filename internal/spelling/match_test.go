package spelling_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"slotfinder/internal/portalsim"
	"slotfinder/internal/spelling"
)

// write writes a word after the scheme. Letters without an entry stay.
func (s scheme) write(word string) string {
	fields := strings.Fields(s.letters)
	var b strings.Builder
	for word != "" {
		from := firstRune(word)
		to := from
		for i := 0; i < len(fields); i += 2 {
			if strings.HasPrefix(word, fields[i]) {
				from, to = fields[i], strings.ReplaceAll(fields[i+1], "_", "")
				break
			}
		}
		b.WriteString(to)
		word = word[len(from):]
	}
	return b.String()
}

func firstRune(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

// drawName makes up the words of a name.
func drawName(t *rapid.T, a alphabet) []string {
	word := rapid.Custom(func(t *rapid.T) string {
		first := rapid.SampledFrom([]rune(a.begins)).Draw(t, "first")
		return string(first) + rapid.StringOfN(rapid.SampledFrom([]rune(a.goesOn)), 1, 9, -1).Draw(t, "rest")
	})
	return rapid.SliceOfN(word, 1, 4).Draw(t, "words")
}

// Every name is found by each of its usual spellings: word by word in any order and in
// whichever scheme, by the beginnings of words, with signs left out or put in, in upper
// and lower case.
func TestNamesAreFoundByTheirUsualSpellings(t *testing.T) {
	t.Parallel()
	for _, a := range alphabets {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				words := drawName(t, a)
				sign := rapid.SampledFrom([]string{" ", "-", "’", "'", " - "}).Draw(t, "sign")
				name := title(strings.Join(words, sign))
				var typed []string
				for _, word := range rapid.Permutation(words).Draw(t, "order") {
					s := rapid.SampledFrom(a.schemes).Draw(t, "scheme")
					spelt := []rune(s.write(word))
					some := rapid.IntRange(1, len(spelt)).Draw(t, "letters")
					typed = append(typed, string(spelt[:some]))
				}
				query := rapid.SampledFrom([]func(string) string{strings.ToLower, strings.ToUpper, title}).Draw(t, "case")(strings.Join(typed, " "))
				if spelling.NewQuery(query).In(name) == spelling.Not {
					t.Errorf("%q is not found by %q", name, query)
				}
			})
		})
	}
}

// A name is found with all signs and spaces left out, and with others than it has.
func TestSignsCanBeLeftOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(alphabets).Draw(t, "alphabet")
		s := rapid.SampledFrom(a.schemes).Draw(t, "scheme")
		words := drawName(t, a)
		var spelt []string
		for _, word := range words {
			spelt = append(spelt, s.write(word))
		}
		sign := rapid.SampledFrom([]string{"", "-", "’", "'", "ʼ", "."})
		name := title(strings.Join(words, rapid.SampledFrom([]string{" ", "-", "’", "'"}).Draw(t, "sign")))
		if query := strings.Join(spelt, sign.Draw(t, "typed sign")); spelling.NewQuery(query).In(name) == spelling.Not {
			t.Errorf("%q is not found by %q", name, query)
		}
	})
}

// What is typed in another script finds names in Latin letters, too.
func TestLatinNamesAreFoundInOtherScripts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(alphabets[:7]).Draw(t, "alphabet")
		s := rapid.SampledFrom(a.schemes).Draw(t, "scheme")
		words := drawName(t, a)
		var spelt []string
		for _, word := range words {
			spelt = append(spelt, s.write(word))
		}
		if name := title(strings.Join(spelt, " ")); spelling.NewQuery(strings.Join(words, " ")).In(name) == spelling.Not {
			t.Errorf("%q is not found by %q", name, words)
		}
	})
}

func title(s string) string {
	words := strings.Split(s, " ")
	for i, word := range words {
		first := firstRune(word)
		words[i] = strings.ToUpper(first) + word[len(first):]
	}
	return strings.Join(words, " ")
}

// Real names, as people type them. The properties above are about made-up ones.
func TestRealNames(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]string{
		"Jörg Müller":               "mueller muller müller joerg,mull мюллер",
		"Bjørn Ødegård":             "bjoern bjorn oedegaard odegard odegaard odegård",
		"Mueller":                   "muller müller",
		"Seán O’Connor":             "oconnor o'connor sean,o,connor o-connor",
		"Oconnor":                   "o'connor o’connor o,connor",
		"Omar Al-Sayed":             "alsayed al-sayed al,sayed sayed,omar",
		"Фёдор Достоевский":         "fyodor fedor feodor fjodor dostoevsky dostoyevskiy dostojewski",
		"Анна Соловьёва":            "solovyova soloviova soloveva solovieva solovjova solowjowa",
		"Щукин":                     "schukin shchukin shukin щук",
		"Хрущёв Никита":             "khrushchev chruschtschow hruschev khrushchov nikita,khru",
		"Юлия Чайковская":           "julia yulia iuliia tchaikovskaya chaykovskaya tschaikowskaja",
		"Александр Ельцин":          "alexander aleksandr alexandr yeltsin jelzin eltsin",
		"Євген Зеленський":          "yevhen evgen zelenskyi zelensky zelenskiy",
		"Қасым Нұрсұлтан":           "kassym qasym nursultan",
		"Γιώργος Παπαδόπουλος":      "giorgos yiorgos papadopoulos papadopulos παπα",
		"Μπάμπης Ευαγγέλου":         "babis bampis evangelou evaggelou",
		"გიორგი ყიფშიძე":            "giorgi qipshidze kipshidze",
		"Sergej Iwanow":             "sergey sergei сергей",
		"Emre Yıldız":               "yildiz yıldız YILDIZ",
		"Łukasz Żółć":               "lukasz zolc",
		"Anna-Maria de la Fontaine": "annamaria delafontaine fontaine,anna",
	} {
		for query := range strings.FieldsSeq(typed) {
			if query = strings.ReplaceAll(query, ",", " "); spelling.NewQuery(query).In(name) == spelling.Not {
				t.Errorf("%q is not found by %q", name, query)
			}
		}
	}
}

// Whoever is typed in full is found alone: nobody of the seeded company is found by
// somebody else's family name, in whichever scheme.
func TestOthersAreNotFound(t *testing.T) {
	t.Parallel()
	company := portalsim.Company(portalsim.On(2026, 11, 23))
	queries := 0
	for _, asked := range company.Users {
		for _, a := range alphabets {
			for _, s := range a.schemes {
				query := spelling.NewQuery(s.write(strings.ToLower(asked.LastName)))
				queries++
				for _, u := range company.Users {
					if u.LastName != asked.LastName && query.In(u.Name+" "+u.LastName) != spelling.Not {
						t.Errorf("%s finds %s by %q (%s)", asked.FullName(), u.FullName(), s.write(strings.ToLower(asked.LastName)), s.name)
					}
				}
			}
		}
	}
	if queries < 1000 {
		t.Errorf("only %d queries", queries)
	}
}

func TestCloseness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typed, name string
		want        spelling.Closeness
	}{
		{"müller", "Jörg Müller", spelling.Exact},
		{"muller", "Jörg Müller", spelling.Folded},
		{"mueller", "Jörg Müller", spelling.Spelt},
		{"muller jo", "Jo Muller", spelling.Exact},
		{"connor", "O’Connor", spelling.Exact},
		{"oconnor", "O’Connor", spelling.Spelt},
		{"ива", "Иванов", spelling.Exact},
		{"iva", "Иванов", spelling.Folded},
		{"uller", "Müller", spelling.Not},
		{"müllers", "Müller", spelling.Not},
		{"", "Müller", spelling.Exact},
		{"…", "Müller", spelling.Exact},
		{"a", "", spelling.Not},
	} {
		if got := spelling.NewQuery(c.typed).In(c.name); got != c.want {
			t.Errorf("%q in %q: %d, want %d", c.typed, c.name, got, c.want)
		}
	}
}
