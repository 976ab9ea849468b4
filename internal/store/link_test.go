package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
	"slotfinder/internal/sharer"
)

// link is a link that uses everything there is, of an owner.
func link(t testing.TB, owner meet.Member, id string) meet.Link {
	t.Helper()
	values, err := url.ParseQuery("who=7,12&opt=20&any=1:3,4&from=2026-11-24&to=2026-11-28&dur=45&step=30&tz=Asia/Kathmandu&hours=09:00-17:00&notice=60")
	if err != nil {
		t.Fatal(err)
	}
	q, err := meet.ParseQuery(values)
	if err != nil {
		t.Fatal(err)
	}
	q.Me = false
	return meet.Link{
		ID: id, Owner: owner, TokenHash: sharer.HashToken(owner.Portal + id), SealedToken: "sealed " + id,
		Title: "Démo <b>", Note: "„note“", Query: q, Days: 14, Starts: []time.Time{now.Add(time.Hour), now.Add(26 * time.Hour)},
		Show: meet.ShowNames, Host: true, Reply: "anna@example.com", Mode: meet.ViewTimes, Uses: 1, Language: "pt-BR",
		Created: now, Expires: now.Add(48 * time.Hour), Version: 1,
	}
}

func addLink(t *testing.T, s *Store, l meet.Link) meet.Link {
	t.Helper()
	added, err := s.AddLink(t.Context(), l, 1000)
	must(t, err)
	return added
}

// sameLink compares links; zones are equal when their names are.
func sameLink(want, got meet.Link) string {
	return cmp.Diff(want, got, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }))
}

func TestLinks(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		want := link(t, anna, "a")
		want.Paused = true
		if diff := sameLink(want, addLink(t, s, want)); diff != "" {
			t.Error(diff)
		}
		plain := link(t, anna, "b")
		plain.Starts, plain.Days, plain.Created = nil, 0, now.Add(time.Minute)
		addLink(t, s, plain)
		for name, find := range map[string]func() (meet.Link, error){
			"owner": func() (meet.Link, error) { return s.LinkOf(ctx, anna, "b") },
			"token": func() (meet.Link, error) { return s.LinkByToken(ctx, plain.TokenHash) },
		} {
			got, err := find()
			must(t, err)
			if diff := sameLink(plain, got); diff != "" {
				t.Errorf("by %s: %s", name, diff)
			}
		}
		list, err := s.LinksOf(ctx, anna, 0, 100)
		must(t, err)
		if len(list) != 2 || list[0].ID != "b" || list[1].ID != "a" {
			t.Errorf("listed: %v", list)
		}
		_, err = s.LinkByToken(ctx, sharer.HashToken("another"))
		wantKind(t, err, meet.NotFound)
		_, err = s.AddLink(ctx, link(t, meet.Member{Portal: "gone", User: 7}, "c"), 10)
		wantKind(t, err, meet.NotFound)
	})
}

func TestLinkChanges(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		want := addLink(t, s, link(t, anna, "a"))
		step := func(name string, err error) {
			t.Helper()
			must(t, err)
			got, err := s.LinkOf(ctx, anna, "a")
			must(t, err)
			if diff := sameLink(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		step("an edit that changes nothing", func() error { want.Version = 2; return s.EditLink(ctx, anna, "a", want.Edit()) }())
		want.Title, want.Note, want.Expires, want.Version = "New", "another", now.Add(time.Hour), 3
		want.Days, want.Starts, want.Show, want.Host, want.Reply = 0, nil, meet.ShowNothing, false, ""
		want.Query.From, want.Query.To = want.Query.From.Add(1), want.Query.To.Add(9)
		step("edit", s.EditLink(ctx, anna, "a", want.Edit()))
		want.Paused, want.Version = true, 4
		step("pause", s.PauseLink(ctx, anna, "a", true))
		want.Paused, want.Version = false, 5
		step("resume", s.PauseLink(ctx, anna, "a", false))
		want.Opens = 3
		step("open", s.CountOpens(ctx, []meet.Opens{{Owner: anna, ID: "a", N: 3}, {Owner: anna, ID: "gone", N: 1}, {Owner: meet.Member{Portal: "m2", User: 7}, ID: "a", N: 1}}))
		want.Revoked, want.Version = true, 6
		step("revoke", s.RevokeLink(ctx, anna, "a"))
		step("revoke again", s.RevokeLink(ctx, anna, "a"))
		wantKind(t, s.EditLink(ctx, anna, "a", meet.LinkEdit{Title: "Newer"}), meet.Gone)
		wantKind(t, s.PauseLink(ctx, anna, "a", true), meet.Gone)
		step("refused", nil)
		must(t, s.DeleteLink(ctx, anna, "a"))
		wantKind(t, s.DeleteLink(ctx, anna, "a"), meet.NotFound)
		_, err := s.LinkByToken(ctx, want.TokenHash)
		wantKind(t, err, meet.NotFound)
	})
}

// TestLinksOfBeforeNameNobody: a link that was made before links named who invites goes on
// without.
func TestLinksOfBeforeNameNobody(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		addLink(t, s, link(t, anna, "a"))
		for _, column := range []string{"host", "reply"} { // as if they had been added to the row
			_, err := s.exec(t.Context(), "test", `ALTER TABLE links DROP COLUMN `+column)
			must(t, err)
		}
		for _, undo := range []string{`DROP TABLE claims`, `DROP TABLE meetings`, `DELETE FROM goose_db_version WHERE version_id >= 14`} {
			_, err := s.exec(t.Context(), "test", undo)
			must(t, err)
		}
		must(t, s.migrate(t.Context()))
		got, err := s.LinkOf(t.Context(), anna, "a")
		must(t, err)
		if got.Host || got.Reply != "" || got.Title != "Démo <b>" {
			t.Errorf("%+v", got)
		}
	})
}

// TestLinksAreTheirOwners: no statement reaches a link of another user or portal,
// even when all ids are the same.
func TestLinksAreTheirOwners(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		want := addLink(t, s, link(t, anna, "a"))
		for name, other := range map[string]meet.Member{"a colleague": {Portal: "m1", User: 8}, "another portal": {Portal: "m2", User: 7}} {
			if list, err := s.LinksOf(ctx, other, 0, 100); err != nil || len(list) != 0 {
				t.Errorf("%s lists %v, %v", name, list, err)
			}
			_, err := s.LinkOf(ctx, other, "a")
			wantKind(t, err, meet.NotFound)
			wantKind(t, s.EditLink(ctx, other, "a", meet.LinkEdit{Title: "stolen"}), meet.NotFound)
			wantKind(t, s.PauseLink(ctx, other, "a", true), meet.NotFound)
			wantKind(t, s.RevokeLink(ctx, other, "a"), meet.NotFound)
			wantKind(t, s.DeleteLink(ctx, other, "a"), meet.NotFound)
			must(t, s.CountOpens(ctx, []meet.Opens{{Owner: other, ID: "a", N: 1}}))
			same := link(t, other, "a")
			same.TokenHash = sharer.HashToken(name)
			if _, err := s.AddLink(ctx, same, 10); err != nil {
				t.Errorf("%s can't have a link of the same id: %v", name, err)
			}
		}
		got, err := s.LinkOf(ctx, anna, "a")
		must(t, err)
		if diff := sameLink(want, got); diff != "" {
			t.Errorf("changed by others: %s", diff)
		}
		must(t, s.DeletePortal(ctx, "m1"))
		savePortal(t, s, "m1")
		for portal, left := range map[string]int{"m1": 0, "m2": 1} {
			if list, err := s.LinksOf(ctx, meet.Member{Portal: portal, User: 7}, 0, 100); err != nil || len(list) != left {
				t.Errorf("%s has %d links left, %v", portal, len(list), err)
			}
		}
	})
}

// TestLinkFormsCountOnce: the same key of the same owner makes one link, also when it
// comes many times at once; keys of others are others.
func TestLinkFormsCountOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		got := make(chan string, 10)
		for i := range cap(got) {
			go func() {
				l := link(t, anna, fmt.Sprint("id", i))
				l.Key = "form-1"
				added, err := s.AddLink(context.WithoutCancel(ctx), l, 5)
				if err != nil {
					t.Error(err)
				}
				got <- added.ID
			}()
		}
		first := <-got
		for range cap(got) - 1 {
			if id := <-got; id != first {
				t.Errorf("the form made %s and %s", first, id)
			}
		}
		for i := range 4 {
			l := link(t, anna, fmt.Sprint("more", i)) // no key: each is its own
			addLink(t, s, l)
		}
		_, err := s.AddLink(ctx, link(t, anna, "many"), 5)
		wantKind(t, err, meet.Conflict)
		l := link(t, anna, "many")
		l.Key = "form-1"
		if known, err := s.AddLink(ctx, l, 5); err != nil || known.ID != first {
			t.Errorf("the form sent again when there are many: %v, %v", known.ID, err)
		}
		other := link(t, meet.Member{Portal: "m1", User: 8}, "theirs")
		other.Key = "form-1"
		if added := addLink(t, s, other); added.ID != "theirs" {
			t.Error("somebody got a colleague's link")
		}
	})
}

func TestUnreadableLinkIsAnError(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		want := addLink(t, s, link(t, anna, "a"))
		for column, value := range map[string]string{"query": "dur=1", "starts": "soon"} {
			_, err := s.exec(t.Context(), "test", `UPDATE links SET `+column+` = $1`, value)
			must(t, err)
			for _, look := range []func() error{
				func() error { _, err := s.LinkByToken(t.Context(), want.TokenHash); return err },
				func() error { _, err := s.LinksOf(t.Context(), anna, 0, 100); return err },
			} {
				wantKind(t, look(), meet.Internal)
			}
			_, err = s.exec(t.Context(), "test", `UPDATE links SET query = 'tz=UTC', starts = ''`)
			must(t, err)
		}
	})
}

func TestTally(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		tally := func(at time.Time, keys ...string) []int64 {
			t.Helper()
			var counters []meet.Counter
			for _, key := range keys {
				c := meet.Counter{Key: key, N: 1}
				if key[0] == 'p' {
					c.Portal = "m1"
				}
				counters = append(counters, c)
			}
			counts, err := s.Tally(t.Context(), counters, at)
			must(t, err)
			return counts
		}
		for _, step := range []struct {
			name  string
			after time.Duration
			keys  []string
			want  []int64
		}{
			{"the first", 0, []string{"a", "p"}, []int64{1, 1}},
			{"in the order of the caller", time.Second, []string{"p", "a", "b"}, []int64{2, 2, 1}},
			{"the end of the minute", 59 * time.Second, []string{"a"}, []int64{3}},
			{"the next minute begins with all of the last", 60 * time.Second, []string{"a"}, []int64{4}},
			{"a third of the last", 100 * time.Second, []string{"a"}, []int64{3}}, // 2 now, 1 of 3
			{"a clock that is behind", 58 * time.Second, []string{"a"}, []int64{3 + 3*2/60}},
			{"the minute after", 150 * time.Second, []string{"a"}, []int64{1 + 3*30/60}},
			{"forgotten", 400 * time.Second, []string{"a"}, []int64{1}},
		} {
			if diff := cmp.Diff(step.want, tally(now.Add(step.after), step.keys...)); diff != "" {
				t.Errorf("%s: %s", step.name, diff)
			}
		}
		must(t, s.Purge(t.Context(), now.Add(400*time.Second)))
		if diff := cmp.Diff([]string{"a"}, column(t, s, `SELECT counter FROM counters`)); diff != "" {
			t.Errorf("after cleaning: %s", diff)
		}
		tally(now.Add(500*time.Second), "p")
		must(t, s.DeletePortal(t.Context(), "m1"))
		if left := column(t, s, `SELECT counter FROM counters WHERE counter = 'p'`); len(left) > 0 {
			t.Error("a counter outlives its portal")
		}
	})
}

// TestTallyOfManyAtOnce: two processes that count the same things lose nothing and
// don't block each other.
func TestTallyOfManyAtOnce(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		const workers, hits = 8, 10
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		done := make(chan error, workers)
		for i := range workers {
			go func() {
				var fault error
				for range hits {
					_, err := stores[i%2].Tally(context.WithoutCancel(t.Context()), []meet.Counter{{Key: fmt.Sprint("address ", i), N: 1}, {Key: "link", N: 2}, {Key: "portal", Portal: "m1", N: 1}}, now)
					fault = errors.Join(fault, err)
				}
				done <- fault
			}()
		}
		for range workers {
			must(t, <-done)
		}
		counts, err := stores[1].Tally(t.Context(), []meet.Counter{{Key: "link", N: 3}, {Key: "portal", Portal: "m1", N: 1}}, now)
		must(t, err)
		if diff := cmp.Diff([]int64{2*workers*hits + 3, workers*hits + 1}, counts); diff != "" {
			t.Error(diff)
		}
	})
}

// Links come page by page, and those that expired more than a year ago are removed.
func TestManyLinks(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		for n := range 7 {
			l := link(t, anna, fmt.Sprint(n))
			l.TokenHash, l.Created, l.Expires = sharer.HashToken(l.ID), now.Add(time.Duration(n)*time.Minute), now.Add(time.Duration(n)*time.Hour)
			addLink(t, s, l)
		}
		page := func(skip, most int) (ids string) {
			t.Helper()
			list, err := s.LinksOf(ctx, anna, skip, most)
			must(t, err)
			for _, l := range list {
				ids += l.ID
			}
			return ids
		}
		for _, c := range []struct {
			skip, most int
			want       string
		}{{0, 3, "654"}, {3, 3, "321"}, {6, 3, "0"}, {9, 3, ""}} {
			if got := page(c.skip, c.most); got != c.want {
				t.Errorf("%d after %d: %q, want %q", c.most, c.skip, got, c.want)
			}
		}
		must(t, s.Purge(ctx, now.Add(linksKept+150*time.Minute)))
		if got := page(0, 9); got != "6543" {
			t.Errorf("a year after those of two hours have expired there are %q", got)
		}
	})
}

// counting is a driver that counts the statements that reach SQLite.
type counting struct {
	driver.Connector
	statements *atomic.Int64
}

func (c counting) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	return countingConn{conn, c.statements}, err
}

type countingConn struct {
	driver.Conn
	statements *atomic.Int64
}

func (c countingConn) Prepare(query string) (driver.Stmt, error) {
	c.statements.Add(1)
	return c.Conn.Prepare(query)
}

// dsn connects by a driver and an address.
type dsn struct {
	driver  driver.Driver
	address string
}

func (d dsn) Connect(context.Context) (driver.Conn, error) { return d.driver.Open(d.address) }
func (d dsn) Driver() driver.Driver                        { return d.driver }

// TestListingLinksIsOneStatement, however many there are.
func TestListingLinksIsOneStatement(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/test.db"
	s := open(t, "sqlite:"+path)
	savePortal(t, s, "m1")
	for i := range 20 {
		addLink(t, s, link(t, anna, fmt.Sprint(i)))
	}
	var statements atomic.Int64
	db := sql.OpenDB(counting{dsn{s.read.Driver(), path}, &statements})
	counted := newStore(s.dialect, db, db)
	defer func() { _ = counted.read.Close() }()
	list, err := counted.LinksOf(t.Context(), anna, 0, 100)
	must(t, err)
	if n := statements.Load(); len(list) != 20 || n != 1 {
		t.Errorf("%d links by %d statements", len(list), n)
	}
}

// BenchmarkLinksOf lists 200 links of one owner: below 5 ms.
func BenchmarkLinksOf(b *testing.B) {
	s, err := Open(b.Context(), "sqlite:"+b.TempDir()+"/test.db")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.write.Exec(`INSERT INTO portals (` + portalColumns + `, seq) VALUES ('m1', '', '', '', '', '', '', 1)`); err != nil {
		b.Fatal(err)
	}
	for i := range 200 {
		if _, err := s.AddLink(b.Context(), link(b, anna, fmt.Sprint(i)), 1000); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if list, err := s.LinksOf(b.Context(), anna, 0, 200); err != nil || len(list) != 200 {
			b.Fatal(len(list), err)
		}
	}
}
