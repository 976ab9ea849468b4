package app

import (
	"slotfinder/internal/booker"
	"slotfinder/internal/changefeed"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	reading "slotfinder/internal/settings"
	"slotfinder/internal/sharer"
	"slotfinder/web"
	"slotfinder/web/find"
	"slotfinder/web/hours"
	"slotfinder/web/links"
	"slotfinder/web/meetings"
	"slotfinder/web/people"
	"slotfinder/web/portal"
	"slotfinder/web/sessions"
	"slotfinder/web/settings"
	"slotfinder/web/share"
)

// useCases are what the features of web serve.
type useCases struct {
	finder    *finder.Finder
	gate      finder.Gate
	picker    *picker.Picker
	hours     *finder.WorkingHours
	settings  *reading.Settings
	sharer    *sharer.Sharer
	booker    *booker.Booker
	changes   *changefeed.Feed
	photos    meet.Photos
	installer meet.Installer
}

// pages are the features that others than visitors talk to.
type pages struct {
	find   *find.Handlers
	portal *portal.Handlers
}

// mount gives every feature what it needs, and its routes to the server. Features don't
// know each other: what one needs of another is handed over here.
func mount(site *web.Server, u useCases) *pages {
	colleagues := &people.Handlers{Site: site, Picker: u.picker, Photos: u.photos}
	p := &pages{
		find: &find.Handlers{
			Site: site, Finder: u.finder, Picker: u.picker, Gate: u.gate, Changes: u.changes,
			Suggest: colleagues.Suggest, LeftOut: colleagues.LeftOut,
		},
		portal: &portal.Handlers{Site: site, Installer: u.installer, Picker: u.picker, Changes: u.changes},
	}
	for _, feature := range []interface{ Mount() }{
		p.portal, p.find, colleagues,
		&hours.Handlers{Site: site, WorkingHours: u.hours, Settings: u.settings, Changes: u.changes},
		&settings.Handlers{Site: site, Settings: u.settings, Changes: u.changes},
		&sessions.Handlers{Site: site},
		&meetings.Handlers{Site: site, Booker: u.booker, Finder: u.finder},
		&links.Handlers{Site: site, Sharer: u.sharer, Finder: u.finder},
		&share.Handlers{Site: site, Sharer: u.sharer},
	} {
		feature.Mount()
	}
	return p
}
