package arch

import (
	"testing"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
)

// What the engine says of slots, people and changes has a text on the page.
func TestEveryWordOfTheEngineHasAText(t *testing.T) {
	t.Parallel()
	said := map[string][]sweep.Reason{
		"reason.": {
			sweep.RequiredFree, sweep.QuorumMet, sweep.QuorumMissed,
			sweep.EarlyFor, sweep.LateFor, sweep.OverTentative, sweep.OverLunch, sweep.NoBreak, sweep.ShortNotice,
		},
		"remark.": {
			sweep.OverTentative, sweep.OverLunch, sweep.NoBreak, sweep.EdgeFor, sweep.LastFree, sweep.BeforeLunch, sweep.CoreHours,
			sweep.NobodyEarly, sweep.Soonest, sweep.SpareAfter, sweep.WorkingDay,
		},
		"cost.": {sweep.BreaksFocus, sweep.OverLunch, sweep.NoBreak, sweep.OverTentative},
		"why.": {
			sweep.InThePast, sweep.NoDay, sweep.TooLong, sweep.RequiredUnknown, sweep.OffGrid, sweep.NobodyTogether, sweep.QuorumMissed,
		},
		"rule.": {
			sweep.ByUnknown, sweep.ByAbsent, sweep.ByAllDay, sweep.ByBusy, sweep.ByTentative, sweep.ByBuffer, sweep.ByHoliday, sweep.ByOutside,
			sweep.ByHours, sweep.BySkip, sweep.ByQuorum,
		},
	}
	changes := []sweep.Change{
		sweep.MakeOptional, sweep.Remove, sweep.Shorter, sweep.WiderHours, sweep.LaterRange, sweep.IgnoreTentative, sweep.IgnoreAllDay, sweep.IgnoreWorkHours,
	}
	for _, c := range locale.All() {
		has := func(key string) {
			if !c.Has(key) {
				t.Errorf("%s lacks %s", c.Tag, key)
			}
		}
		for prefix, reasons := range said {
			for _, reason := range reasons {
				has(prefix + string(reason))
			}
		}
		for _, change := range changes {
			has("change." + string(change))
		}
		for _, view := range []meet.View{meet.ViewOwn, meet.ViewCompany, meet.ViewInstead} {
			has("view." + string(view))
		}
	}
}
