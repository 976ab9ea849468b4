package locale_test

import (
	"context"
	"testing"

	"slotfinder/internal/locale"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		wishes []string
		want   string
	}{
		{"nothing", nil, "en"},
		{"a tag", []string{"de"}, "de"},
		{"a region", []string{"de-AT"}, "de"},
		{"LANG of Bitrix24", []string{"ru"}, "ru"},
		{"LANG in capitals", []string{"RU"}, "ru"},
		{"a header", []string{"fi;q=0.9, de-CH;q=0.8, en;q=0.1"}, "de"},
		{"weights decide, not the order", []string{"en;q=0.2, ru"}, "ru"},
		{"an unknown language", []string{"ja"}, "en"},
		{"the first wish that is there", []string{"", "ja", "ru", "de"}, "ru"},
		{"rubbish", []string{"\x00;;q=,"}, "en"},
		{"rubbish before sense", []string{"!!!", "de"}, "de"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := locale.Match(c.wishes...).Tag; got != c.want {
				t.Errorf("Match(%q) = %s, want %s", c.wishes, got, c.want)
			}
		})
	}
}

func TestBitrixCodesAreThoseOfOurLanguages(t *testing.T) {
	t.Parallel()
	codes := map[string]string{"la": "es", "br": "pt-BR", "ua": "uk", "fr": "fr", "pl": "pl", "tr": "tr", "it": "it", "de": "de", "ru": "ru", "en": "en", "ja": "en"}
	for code, want := range codes {
		if got := locale.For(code).Tag; got != want {
			t.Errorf("For(%q) = %s, want %s", code, got, want)
		}
	}
}

func TestContext(t *testing.T) {
	t.Parallel()
	ctx := locale.With(context.Background(), locale.For("de"))
	if got := locale.T(ctx, "layout.logout"); got != "Abmelden" {
		t.Errorf("T = %q", got)
	}
	if got := locale.T(context.Background(), "layout.logout"); got != "Sign out" {
		t.Errorf("without a language: %q", got)
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	c := locale.For("en")
	cases := []struct{ name, got, want string }{
		{"filled", c.T("form.drop", "name", "Ann"), "Remove Ann"},
		{"a value that looks like a placeholder", c.T("card.without", "free", 1, "people", 2, "names", "{free}"), "1 of 2 free, not {free}"},
		{"one full stop is enough", c.T("why.no_common_time", "duration", "2 Std."), "The required people are never all free at once for 2 Std."},
		{"a missing value stays visible", c.T("form.drop", "nom", "Ann"), "Remove {name}"},
		{"an unknown key is returned", c.T("no.such.key"), "no.such.key"},
		{"an unknown plural is returned", c.N("no.such.key", 2), "no.such.key"},
	}
	for _, x := range cases {
		if x.got != x.want {
			t.Errorf("%s: %q, want %q", x.name, x.got, x.want)
		}
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	cases := []struct {
		tag  string
		n    int
		want string
	}{
		{"en", 0, "0 times"},
		{"en", 1, "1 time"},
		{"en", 2, "2 times"},
		{"de", 1, "1 Termin"},
		{"de", 0, "0 Termine"},
		{"ru", 1, "1 вариант"},
		{"ru", 3, "3 варианта"},
		{"ru", 7, "7 вариантов"},
		{"ru", 11, "11 вариантов"},
		{"ru", 21, "21 вариант"},
		{"ru", 112, "112 вариантов"},
		{"pl", 1, "1 termin"},
		{"pl", 22, "22 terminy"},
		{"pl", 12, "12 terminów"},
		{"uk", 21, "21 варіант"},
		{"uk", 5, "5 варіантів"},
		{"fr", 0, "0 créneau"},
		{"fr", 2, "2 créneaux"},
		{"tr", 5, "5 zaman"},
		{"pt-BR", 1, "1 horário"},
		{"es", 2, "2 horarios"},
		{"it", 1, "1 orario"},
	}
	for _, c := range cases {
		if got := locale.For(c.tag).N("list.times", c.n); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.tag, c.n, got, c.want)
		}
	}
}

func TestVariants(t *testing.T) {
	t.Parallel()
	c := locale.For("en")
	if c.Dir() != "ltr" || c.Mirrored().Dir() != "rtl" || c.Dir() != "ltr" {
		t.Error("Mirrored changes the language itself, or nothing")
	}
	if p := locale.Match(locale.Pseudo); p.Dir() != "rtl" || p.Tag != "en" {
		t.Errorf("the pseudo-language is %s, %s", p.Tag, p.Dir())
	}
}
