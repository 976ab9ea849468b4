package spelling

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// latin says how Latin letters with signs, and those that Unicode does not split into
// a letter and a sign, are written with the 26 plain ones: as ICAO Doc 9303, part 3,
// section 6 A, has it for passports (Ö is OE or O, Å is AA or A), and with the signs
// left out. The letters with carons and circumflexes of ISO 9 and of Slavic alphabets
// have the digraphs that stand for them in English, too. The first way is the one that
// names are sorted by.
var latin = map[string]string{
	"ä": "a ae", "å": "a aa", "æ": "ae", "ö": "o oe", "ø": "o oe", "œ": "oe", "ü": "u ue", "ű": "u ue", "ő": "o oe",
	"ß": "ss", "þ": "th", "ð": "d", "đ": "d dj", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "n ng", "ŧ": "t", "ĸ": "k q",
	"ĳ": "ij", "ŉ": "n", "ə": "a e", "ñ": "n ny", "ğ": "g gh",
	"č": "c ch", "ć": "c ch", "ç": "c ch", "š": "s sh", "ś": "s sh", "ş": "s sh", "ș": "s sh", "ž": "z zh", "ż": "z zh",
	"ŝ": "s sh shch", "û": "u yu", "â": "a ya",

	// One sound that Latin alphabets write in several ways: Sergey, Sergei and Sergej;
	// Alexey and Aleksei; Khan and Han; and the digraphs of above, where a name is
	// written with them and typed without.
	"y": "y i", "j": "j i", "x": "x ks", "ks": "ks x", "kh": "kh h", "ck": "ck k",
	"iy": "iy i", "ij": "ij i", "ii": "ii i", "yi": "yi i", "yy": "yy i", "ji": "ji i",
	"ae": "ae a", "oe": "oe o", "ue": "ue u", "aa": "aa a",
}

// cyrillic says how Cyrillic letters are written in Latin ones. The ways are those of
//
//   - ICAO Doc 9303, part 3, section 6 B, for passports: ж zh, й i, х kh, щ shch, ю iu
//   - BGN/PCGN for Russian, Belarusian, Bulgarian and Kazakh: е e or ye, ё yo, й y, ю yu
//   - DIN 1460, signs left out: ж z, ц c, ч c, ш s, щ sc, й j; ISO 9:1995 finds them by
//     its signs, see latin
//   - the Ukrainian Cabinet's resolution 55 of 2010: г h, и y, ї i or yi, є ie or ye, зг zgh
//   - what German, French and Polish spelling makes of the sounds: ш sch, ch, sz
//   - Gaj's alphabet for Serbian and Macedonian: љ lj, ћ c, џ dz
var cyrillic = map[string]string{
	"а": "a", "б": "b", "в": "v w", "г": "g h", "д": "d", "е": "e ye ie je", "ё": "e yo io jo o eo ye ie",
	"ж": "zh z j sch", "з": "z s", "и": "i y", "й": "y i j -", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
	"п": "p", "р": "r", "с": "s ss", "т": "t", "у": "u ou", "ф": "f", "х": "kh h ch", "ц": "ts c z tz cz",
	"ч": "ch c tch tsch cz", "ш": "sh s sch ch sz", "щ": "shch sch sh sc sht chtch schtsch szcz shtch",
	"ъ": "- a u ie", "ы": "y i", "ь": "- i y", "э": "e", "ю": "yu iu ju u iou", "я": "ya ia ja",
	"і": "i", "ї": "yi i ji", "є": "ye ie je e", "ґ": "g", "ў": "u w",
	"ђ": "dj d", "ј": "j y i", "љ": "lj l", "њ": "nj n", "ћ": "c ch", "џ": "dz dzh j", "ѓ": "g gj", "ќ": "k kj", "ѕ": "dz z",
	"ә": "a ae", "ғ": "g gh", "қ": "k q", "ң": "n ng", "ө": "o oe", "ұ": "u", "ү": "u ue", "һ": "h", "ҷ": "j ch", "ҳ": "h kh",

	// Алексей is Alexey, Мария Maria, Згурський Zghurskyi, Александр Alexander.
	"кс": "x", "ия": "ia ya ja", "ія": "ia ya ja", "зг": "zgh", "дж": "j", "др": "der",
}

// greek says how Greek letters are written in Latin ones: ELOT 743 (ISO 843, type 2),
// which passports use, and the sounds of today where people write those. Accents are
// left out on both sides.
var greek = map[string]string{
	"α": "a", "β": "v b", "γ": "g y gh", "δ": "d dh", "ε": "e", "ζ": "z", "η": "i e", "θ": "th", "ι": "i", "κ": "k c",
	"λ": "l", "μ": "m", "ν": "n", "ξ": "x ks", "ο": "o", "π": "p", "ρ": "r rh", "σ": "s", "ς": "s", "τ": "t", "υ": "y i u",
	"φ": "f ph", "χ": "ch h kh x", "ψ": "ps", "ω": "o",

	"αυ": "av af au", "ευ": "ev ef eu", "ηυ": "iv if", "ου": "ou u", "αι": "ai e", "ει": "ei i", "οι": "oi i",
	"γγ": "ng gg", "γκ": "gk g ng", "γξ": "nx", "γχ": "nch", "μπ": "b mp mb", "ντ": "nt d nd", "τσ": "ts", "τζ": "tz j",
}

// georgian says how Georgian letters are written in Latin ones: the national system of
// 2002, with its apostrophes left out, and what people type in place of some.
var georgian = map[string]string{
	"ა": "a", "ბ": "b", "გ": "g", "დ": "d", "ე": "e", "ვ": "v w", "ზ": "z", "თ": "t", "ი": "i", "კ": "k", "ლ": "l",
	"მ": "m", "ნ": "n", "ო": "o", "პ": "p", "ჟ": "zh j", "რ": "r", "ს": "s", "ტ": "t", "უ": "u", "ფ": "p f ph", "ქ": "k q",
	"ღ": "gh g", "ყ": "q k", "შ": "sh", "ჩ": "ch", "ც": "ts c", "ძ": "dz", "წ": "ts", "ჭ": "ch", "ხ": "kh h x", "ჯ": "j dj", "ჰ": "h",
}

// pair is a letter, or two that belong together; the second is 0 for one.
type pair [2]rune

// nothing is how the tables write that a letter is left out.
const nothing = "-"

// ways are all tables in the form in which they are looked up. What is in them is also
// one of its own ways, so that a letter of any script finds itself.
var ways = func() map[pair][]string {
	all := map[pair][]string{}
	for _, table := range []map[string]string{latin, cyrillic, greek, georgian} {
		for letters, list := range table {
			found := append(strings.Fields(list), letters)
			if two := []rune(letters); len(two) == 2 {
				found = append(found, product(table, two[0], two[1])...)
			}
			all[pairOf([]rune(letters))] = distinct(found)
		}
	}
	return all
}()

// beginnings are, for the letters of the tables, the signs with which a way of writing
// them may begin. Most words differ from what is typed in their first letter, and these
// tell that at once.
var beginnings = func() map[rune]signs {
	all := map[rune]signs{}
	for letters, list := range ways {
		for _, way := range list {
			all[letters[0]] |= signOf(way)
		}
	}
	return all
}()

// signs is a set of letters, those of ASCII exactly and others by their remainder.
type signs uint64

// signOf is the sign with which a text begins; any for no text.
func signOf(written string) signs {
	r, size := utf8.DecodeRuneInString(written)
	switch {
	case size == 0:
		return ^signs(0)
	case 'a' <= r && r <= 'z':
		return 1 << (r - 'a')
	}
	return 1 << (26 + r%38)
}

// firsts are the signs with which a letter may begin.
func firsts(letter rune) signs {
	if known := beginnings[letter]; known != 0 {
		return known
	}
	return signOf(alone(letter))
}

// pairOf is the pair with which the letters begin.
func pairOf(letters []rune) (p pair) {
	copy(p[:], letters)
	return p
}

// product are the ways of two letters one after the other.
func product(table map[string]string, first, second rune) []string {
	of := func(letter rune) []string {
		if list := table[string(letter)]; list != "" {
			return strings.Fields(list)
		}
		return []string{string(letter)}
	}
	var joined []string
	for _, a := range of(first) {
		for _, b := range of(second) {
			joined = append(joined, a+b)
		}
	}
	return joined
}

// distinct are the ways once each, without the sign for nothing.
func distinct(list []string) []string {
	var kept []string
	for _, way := range list {
		if way = strings.ReplaceAll(way, nothing, ""); !slices.Contains(kept, way) {
			kept = append(kept, way)
		}
	}
	return kept
}
