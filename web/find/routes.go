package find

import (
	"context"
	"net/url"

	"slotfinder/internal/changefeed"
	"slotfinder/internal/finder"
	"slotfinder/internal/inflight"
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// Handlers answers for the search: the page, its answer as JSON, and the stream that tells of changes.
type Handlers struct {
	Site    *web.Server
	Finder  *finder.Finder
	Picker  *picker.Picker
	Gate    finder.Gate // taken while an answer is made
	Changes *changefeed.Feed

	// Suggest is whom the picker offers to a page without script.
	Suggest func(ctx context.Context, v *web.Identity, typed string, asked url.Values, list bool) (*part.Suggestions, error)
	// LeftOut tells who of some people is not asked, and why.
	LeftOut func(ctx context.Context, v *web.Identity, ids []int64) []meet.Outsider

	searches *inflight.Searches[outcome]
	streams  web.Quota
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	h.searches = inflight.New[outcome](inflight.Limits{Time: web.RequestLimit, Idle: idleSearchLife, Member: memberSearches, All: mostSearches}, s.Log)
	h.streams = web.NewQuota(memberStreams, portalStreams, allStreams)
	s.GET("/find", s.SignedIn(h.find))
	s.GET("/find/text", s.SignedIn(h.text))
	s.GET(web.LivePath, s.Anyone(h.live)) // its session, which it looks at again and again
}

// Close ends the searches under way and waits for them: they need the database. It is
// called when no more requests come.
func (h *Handlers) Close() { h.searches.Close() }
