package find

import (
	"strings"
	"unicode/utf8"

	"slotfinder/templates/part"
)

// firstNames calls people by their first names, and those who share one by that and the
// first letter of the last, by their whole names if even this is not enough.
func firstNames(people []part.Person) map[int64]string {
	called, times := map[int64]string{}, map[string]int{}
	for i := range 3 {
		for _, p := range people {
			if times[called[p.ID]] != 1 || i == 0 {
				called[p.ID] = shortened(p.Name, i)
			}
		}
		clear(times)
		for _, name := range called {
			times[name]++
		}
	}
	return called
}

// shortened is a name as it is said when shorter ones are taken.
func shortened(name string, taken int) string {
	first, rest, found := strings.Cut(name, " ")
	if !found || taken == 2 {
		return name
	}
	if taken == 0 {
		return first
	}
	last := rest[strings.LastIndexByte(rest, ' ')+1:]
	_, size := utf8.DecodeRuneInString(last)
	return first + " " + last[:size] + "."
}
