package find

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/templates/page"
	"slotfinder/web"
)

const (

	// firstLook is how long a browser that runs our script waits before it gets a
	// page without an answer, which then asks on its own.
	firstLook = 400 * time.Millisecond

	// nextLook is how long such a page waits for news.
	nextLook = 2 * time.Second

	// unasked is how long a search goes on, or its answer is kept, while nobody waits
	// for it: a page that has been told to ask again does so within a moment.
	unasked = 4 * time.Second

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

// search is a search in the background. Whoever asks the same joins it.
type search struct {
	done    chan struct{} // closed at the end; then found is set
	found   outcome
	cancel  context.CancelFunc
	waiting int         // requests; under the lock of searches
	idle    *time.Timer // runs while nobody waits

	mu    sync.Mutex
	at    meet.Progress
	moved chan struct{} // closed at the next change of at
}

// searchKey is who asks what. What one member reads is never shown to another.
type searchKey struct {
	member meet.Member
	query  string
}

// question leaves out what only says how an answer is shown.
func question(values url.Values) url.Values {
	asked := maps.Clone(values)
	for _, name := range []string{"view", "day", "slot", "open", "left", "q", "find"} {
		delete(asked, name)
	}
	return asked
}

// searches are those of all pages: under way, or done and about to be fetched.
type searches struct {
	log     *slog.Logger
	mu      sync.Mutex
	of      map[searchKey]*search
	ended   bool // none begins any more
	running sync.WaitGroup
}

// end cancels all searches and returns when they have ended.
func (s *searches) end() {
	s.mu.Lock()
	s.ended = true
	for _, one := range s.of {
		one.cancel()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// join begins a search, or joins the one under way; then leave must follow. look
// gets a context that ends with the time for a search, with all interest in it, or
// with the server.
func (s *searches) join(ctx context.Context, key searchKey, look func(context.Context) outcome) *search {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.of[key]
	if one == nil {
		one = &search{done: make(chan struct{}), moved: make(chan struct{})}
		ctx, one.cancel = context.WithTimeout(context.WithoutCancel(ctx), web.RequestLimit)
		if err := s.full(key.member); err != nil {
			one.refuse(err)
		} else {
			s.of[key] = one
			s.begin(one, func() { one.run(meet.Watch(ctx, one.step), look) })
		}
	}
	if one.waiting++; one.idle != nil {
		one.idle.Stop()
	}
	return one
}

// begin runs a search, unless the server has ended.
func (s *searches) begin(one *search, run func()) {
	if s.ended {
		one.refuse(web.SlowPortal(context.Canceled))
		return
	}
	s.running.Go(rescue.Func(rescue.Log(s.log, "a search"), run))
}

// full is the error of who has, or who finds, too many searches.
func (s *searches) full(m meet.Member) error {
	theirs := 0
	for key := range s.of {
		if key.member == m {
			theirs++
		}
	}
	switch {
	case theirs >= memberSearches:
		return meet.Errorf(meet.Busy, "error.too_many_searches", "%d searches in the background", theirs)
	case len(s.of) >= mostSearches:
		return meet.Errorf(meet.Unavailable, "error.crowded", "%d searches in the background", len(s.of))
	}
	return nil
}

// refuse ends a search that has not begun.
func (s *search) refuse(err error) {
	s.cancel()
	s.found.err = err
	close(s.done)
}

// run is the whole life of a search.
func (s *search) run(ctx context.Context, look func(context.Context) outcome) {
	defer s.cancel()
	defer close(s.done)
	found, err := rescue.Value(func() (outcome, error) { return look(ctx), nil })()
	if err != nil {
		found = outcome{err: fmt.Errorf("search: %w", err)}
	}
	s.found = found
}

// step takes down how far the search is.
func (s *search) step(at meet.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = at
	close(s.moved)
	s.moved = make(chan struct{})
}

// progress returns how far the search is, and a channel that is closed when that
// changes.
func (s *search) progress() (meet.Progress, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at, s.moved
}

// leave ends what join began. An answer that has been fetched is not kept: the next
// question deserves a new one. Nor is the search of somebody who went away.
func (s *searches) leave(key searchKey, one *search, gone, fetched bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.waiting--
	switch {
	case fetched:
		s.forget(key, one)
	case one.waiting > 0:
	case gone:
		s.forget(key, one)
	default:
		one.idle = time.AfterFunc(unasked, rescue.Func(rescue.Log(s.log, "ending a search"), func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if one.waiting == 0 {
				s.forget(key, one)
			}
		}))
	}
}

// forget ends a search. Others who wait for its answer still get it.
func (s *searches) forget(key searchKey, one *search) {
	if one.waiting == 0 {
		one.cancel()
	}
	if s.of[key] == one {
		delete(s.of, key)
	}
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
	return err == nil || web.Framing(r) || r.Header.Get(web.PassHeader) != ""
}

// patience reads from a request how long it waits. Without our script it waits for
// the end.
func (h *Handlers) patience(c echo.Context) patience {
	p := patience{began: h.Site.Now(), most: web.RequestLimit}
	switch {
	case c.Request().Header.Get(page.ReadingHeader) != "":
		var spent int64
		_, err := fmt.Sscan(c.Request().Header.Get(page.ReadingHeader), &spent, &p.seen)
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
func (p patience) wait(ctx context.Context, s *search) (found outcome, done bool) {
	left := web.RequestLimit - p.spent
	timer := time.NewTimer(min(p.most, left))
	defer timer.Stop()
	for {
		at, moved := s.progress()
		if p.asks && mark(at) != p.seen {
			moved = atOnce
		}
		select {
		case <-s.done:
			return s.found, true
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

// seek searches in the background and waits as long as the request has patience; at
// is how far the search is when that was not enough. A page that refreshes itself,
// because something has changed, must not get the answer of a search that began before.
func (h *Handlers) seek(ctx context.Context, v *web.Identity, values url.Values, query meet.Query, p patience) (found outcome, at *meet.Progress) {
	key := searchKey{v.Member, question(values).Encode()}
	one := h.searches.join(ctx, key, func(ctx context.Context) outcome { return h.look(ctx, v, query) })
	found, done := p.wait(ctx, one)
	h.searches.leave(key, one, ctx.Err() != nil, done)
	if done {
		return found, nil
	}
	progress, _ := one.progress()
	return outcome{}, &progress
}

// look asks the Finder and, when there are more people than one sees at a glance,
// for their departments. Those only order the page: without them it is shown as it is.
func (h *Handlers) look(ctx context.Context, v *web.Identity, query meet.Query) (found outcome) {
	found.answer, found.err = h.search(ctx, v, query)
	if found.err == nil && len(found.answer.People) > groupedFrom {
		var err error
		if found.departments, err = h.Picker.DepartmentNames(ctx, v.Member); err != nil {
			h.Site.Log.Warn("departments are missing", "error", err)
		}
	}
	return found
}

// search asks the Finder.
func (h *Handlers) search(ctx context.Context, v *web.Identity, query meet.Query) (meet.Answer, error) {
	answer, err := h.Finder.Find(ctx, v.Member, query)
	return answer, web.OutOfTime(ctx, err)
}
