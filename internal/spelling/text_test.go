package spelling

import "testing"

func TestFold(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"  Иванов   Пётр ": "ivanov petr",
		"IVANOV":           "ivanov",
		"Gül Öztürk":       "gul ozturk",
		"Łukasz Żak":       "lukasz zak",
		"José Núñez-Peña":  "jose nunez pena",
		"Straße":           "strasse",
		"Щукін Їжак":       "shchukin yizhak",
		"O'Brien":          "o brien",
		"İstanbul":         "istanbul",
		"":                 "",
		"…":                "",
	} {
		if got := Fold(given); got != want {
			t.Errorf("Fold(%q) = %q, want %q", given, got, want)
		}
	}
}
