package people

import (
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// GroupsView is the page of somebody's saved groups.
type GroupsView struct {
	Saved, Latest []meet.Kept
	Reader        int64     // who is not named in their own groups
	Keep          part.Keep // with Errors: what could not be saved, to be corrected
}

// searchURL searches with the people of a group.
func searchURL(k meet.Kept) string { return "/find?me=0&" + k.Values().Encode() }
