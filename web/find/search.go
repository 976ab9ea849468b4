package find

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/inflight"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/web"
)

const (

	// firstLook is how long a browser that runs our script waits before it gets a
	// page without an answer, which then asks on its own.
	firstLook = 400 * time.Millisecond

	// nextLook is how long such a page waits for news.
	nextLook = 2 * time.Second

	// idleSearchLife is how long a search goes on, or its answer is kept, while nobody waits
	// for it: a page that has been told to ask again does so within a moment.
	idleSearchLife = 4 * time.Second

	// How many searches may be under way in the background, or done and about to be
	// fetched: an answer about 500 people over three months holds some 30 MB.
	memberSearches = 4
	mostSearches   = 64
)

// outcome is what a search found.
type outcome struct {
	answer      meet.Answer
	departments map[int64]string // names by id; only with many people
	err         error
}

// question leaves out what only says how an answer is shown.
func question(values url.Values) url.Values {
	asked := maps.Clone(values)
	for _, name := range []string{"view", "day", "slot", "open", "left", "month", "swap", "q", "find"} {
		delete(asked, name)
	}
	return asked
}

// patience is how long a request waits for a search.
type patience struct {
	began time.Time
	most  time.Duration
	spent time.Duration // by the page before this request, perhaps at other instances
	seen  int           // the progress that the page shows; another one is worth an answer
	asks  bool          // the page asks on its own: seen and spent are set
}

// scriptCookie is what our script sets: only who runs it can ask again.
const scriptCookie = "script"

// scripted reports whether our script will run in the page that is asked for, or has
// sent the request itself. In a portal's frame it has had no page yet to set its cookie,
// but a portal without script fills no frame.
func scripted(r *http.Request) bool {
	_, err := r.Cookie(scriptCookie)
	return err == nil || web.Framing(r) || r.Header.Get(web.FrameTokenHeader) != ""
}

// patience reads from a request how long it waits. Without our script it waits for
// the end.
func (h *Handlers) patience(c echo.Context) patience {
	p := patience{began: h.Site.Now(), most: web.RequestLimit}
	switch {
	case c.Request().Header.Get(layout.ReadingHeader) != "":
		var spent int64
		_, err := fmt.Sscan(c.Request().Header.Get(layout.ReadingHeader), &spent, &p.seen)
		p.most, p.asks = nextLook, true
		if err == nil && spent >= 0 {
			p.spent = time.Duration(min(spent, web.RequestLimit.Milliseconds())) * time.Millisecond
		}
	case web.WantsPart(c) || scripted(c.Request()):
		p.most = firstLook
	}
	return p
}

// mark is what the page has to say when it asks again.
func (p patience) mark(now time.Time, at meet.Progress) string {
	return fmt.Sprint((p.spent + now.Sub(p.began)).Milliseconds(), mark(at))
}

// wait returns the outcome when the search ends in time. Else done is false, and the
// page is to ask again.
func (p patience) wait(ctx context.Context, s *inflight.Search[outcome]) (found outcome, done bool) {
	left := web.RequestLimit - p.spent
	timer := time.NewTimer(min(p.most, left))
	defer timer.Stop()
	for {
		at, moved := s.Progress()
		if p.asks && mark(at) != p.seen {
			moved = atOnce
		}
		select {
		case <-s.Done():
			found, err := s.Result()
			found.err = err
			return found, true
		case <-moved:
			if p.asks {
				return outcome{}, false
			}
		case <-timer.C:
			if p.most < left {
				return outcome{}, false
			}
			return outcome{err: web.SlowPortal(context.DeadlineExceeded)}, true
		case <-ctx.Done():
			return outcome{err: web.SlowPortal(context.Cause(ctx))}, true
		}
	}
}

// atOnce is a channel on which nobody waits.
var atOnce = func() <-chan struct{} { c := make(chan struct{}); close(c); return c }()

// mark tells one progress from another.
func mark(at meet.Progress) int {
	if at.People == nil {
		return unnamed
	}
	return at.Read
}

// unnamed marks that the people are not known yet.
const unnamed = -1

// searchInBackground searches in the background and waits as long as the request has patience; at
// is how far the search is when that was not enough. A page that refreshes itself,
// because something has changed, must not get the answer of a search that began before.
func (h *Handlers) searchInBackground(ctx context.Context, v *web.Identity, values url.Values, query meet.Query, p patience) (found outcome, at *meet.Progress) {
	key := inflight.Key{Member: v.Member, Question: question(values).Encode()}
	one := h.searches.Join(ctx, key, func(ctx context.Context) (outcome, error) { return h.searchWithDepartments(ctx, v, query) })
	found, done := p.wait(ctx, one)
	h.searches.Leave(key, one, ctx.Err() != nil, done)
	if done {
		return found, nil
	}
	progress, _ := one.Progress()
	return outcome{}, &progress
}

// searchWithDepartments asks the Finder and, when there are more people than one sees at a glance,
// for their departments. Those only order the page: without them it is shown as it is.
func (h *Handlers) searchWithDepartments(ctx context.Context, v *web.Identity, query meet.Query) (found outcome, err error) {
	if found.answer, err = h.search(ctx, v, query); err != nil {
		return outcome{}, err
	}
	if len(found.answer.People) > groupedFrom {
		var missing error
		if found.departments, missing = h.Picker.DepartmentNames(ctx, v.Member); missing != nil {
			h.Site.Log.Warn("departments are missing", "error", missing)
		}
	}
	return found, nil
}

// search asks the Finder.
func (h *Handlers) search(ctx context.Context, v *web.Identity, query meet.Query) (meet.Answer, error) {
	answer, err := h.Finder.Find(ctx, v.Member, query)
	return answer, web.OutOfTime(ctx, err)
}
