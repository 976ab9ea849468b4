package spelling_test

import (
	"strings"
	"testing"

	"slotfinder/internal/spelling"
)

// hostile are names and queries that can be written in very many ways and differ only
// at their ends.
var hostile = map[string][2]string{
	"of one letter":      {strings.Repeat("ё", 32_000), strings.Repeat("йо", 49) + "xx"},
	"of vowels":          {strings.Repeat("ыи", 16_000), strings.Repeat("iy", 49) + "xx"},
	"of words":           {strings.Repeat("щ ю ", 12_000), strings.Repeat("iou ", 24) + "xx"},
	"of signs":           {strings.Repeat("’-", 16_000), strings.Repeat("’a", 49)},
	"of combining marks": {"a" + strings.Repeat("\u0301", 32_000), "a" + strings.Repeat("\u0301", 98) + "x"},
	"of nothing":         {strings.Repeat("ь", 32_000), strings.Repeat("ъ", 99) + "x"},
	"of groups of words": {strings.Repeat("ueue ", 12_000), strings.Repeat("üe", 49) + "xx"},
}

// A name of 64 kB costs about as much as a long one.
func BenchmarkHostileNames(b *testing.B) {
	for kind, text := range hostile {
		b.Run(kind, func(b *testing.B) {
			query := spelling.NewQuery(text[1])
			for b.Loop() {
				for range 300 {
					query.In(text[0])
				}
			}
		})
	}
}

func BenchmarkNames(b *testing.B) {
	names := []string{"Jörg Müller", "Фёдор Достоевский", "Anna Becker", "Γιώργος Παπαδόπουλος", "Seán O’Connor"}
	for _, typed := range []string{"a", "mueller", "dostoyevsky fyodor", "nobody at all"} {
		b.Run(strings.ReplaceAll(typed, " ", "_"), func(b *testing.B) {
			query := spelling.NewQuery(typed)
			for b.Loop() {
				for i := range 5000 {
					query.In(names[i%len(names)])
				}
			}
		})
	}
}
