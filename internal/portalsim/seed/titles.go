package seed

import "slotfinder/internal/portalsim/portal"

// titles are what people call their meetings. They have code names that occur
// nowhere else, so that a leak is found by searching for them.
type titles struct {
	meetings, blocks     []string
	meetingsRu, blocksRu []string
}

// meeting draws a title for a meeting that u arranges, in u's own script.
func (t titles) meeting(s *seeder, u *portal.User) string {
	return t.pick(s, u, t.meetings, t.meetingsRu)
}

// block draws a title for time that u keeps free for work.
func (t titles) block(s *seeder, u *portal.User) string { return t.pick(s, u, t.blocks, t.blocksRu) }

func (t titles) pick(s *seeder, u *portal.User, latin, russian []string) string {
	if cyrillic(u) && len(russian) > 0 {
		return russian[s.rng.IntN(len(russian))]
	}
	return latin[s.rng.IntN(len(latin))]
}

func companyTitles() titles {
	return titles{
		meetings: []string{
			"Aurora milestone review", "Aurora risk list", "Basalt architecture", "Basalt incident review",
			"Kestrel offer", "Kestrel contract questions", "Quince pricing", "Quince forecast", "Quince deal review",
			"Tamarind ticket triage", "Tamarind knowledge base", "Wren wireframes", "Wren usability test",
			"Ridgeway floor plan", "Larch customer visit", "Larch renewal", "Interview: Basalt engineer",
			"Interview: Quince analyst", "Kickoff Larch pilot", "Retrospective Aurora", "Budget Kestrel, round two",
		},
		blocks: []string{
			"Focus: Aurora notes", "Focus: Basalt code", "Write Quince report", "Wren sketches", "Prepare Kestrel demo",
			"Dentist (Ashgrove Street)", "School run Ridgeway", "Larch follow-ups", "Reading: Tamarind research",
		},
		meetingsRu: []string{
			"Разбор сделки «Айва»", "Встреча с заказчиком «Лиственница»", "Обзор архитектуры «Базальт»",
			"Ретроспектива «Аврора»", "Собеседование: инженер «Базальт»", "Согласование договора «Пустельга»",
		},
		blocksRu: []string{"Отчёт «Айва»", "Без звонков: код «Базальт»", "Подготовка показа «Аврора»", "Врач (улица Ясеневая)"},
	}
}

func branchTitles() titles {
	return titles{
		meetings: []string{"Larkspur harvest plan", "Cider pressing rota", "Orchard pruning walk", "Pippin wholesale call"},
		blocks:   []string{"Greenhouse inspection", "Count the Pippin crates", "Beekeeper visit"},
	}
}

// branchStaff returns the people of the branch. No part of their names occurs in
// the company.
func branchStaff() []employee {
	return []employee{
		{"Amelia", "Thornquist", "Orchard Manager", board, newYork, employed},
		{"Benjamin", "Castellano", "Stand Manager", sales, newYork, employed},
		{"Desmond", "Fairweather", "Grower", board, newYork, employed},
		{"Ximena", "Echeverría", "Cider Maker", board, "America/Chicago", employed},
		{"Wendell", "Pickering", "Driver", sales, newYork, employed},
		{"Tamsin", "Holloway", "Bookkeeper", board, "America/Denver", employed},
		{"Gus", "Abernathy", "Beekeeper", board, newYork, employed},
		{"Lorelei", "Vandermeer", "Stand Keeper", sales, newYork, employed},
		{"Quentin", "Marlowe", "Seasonal Picker", board, newYork, dismissed},
		{"Rosalind", "Kettering", "Stand Keeper", sales, "", employed},
	}
}
