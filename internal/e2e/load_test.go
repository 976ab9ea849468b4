package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// TestAttackBySearches: one person asks the greatest questions there are, many at once,
// and reads no answer. They are told to wait, the program keeps to its memory, and a
// colleague finds what they look for. With SLOTFINDER_ATTACK set there are as many
// questions as in a real attack, and the figures are held, too.
func TestAttackBySearches(t *testing.T) {
	attack := os.Getenv("SLOTFINDER_ATTACK") != ""
	questions, people := 16, 100
	if attack {
		questions, people = 40, 498
	}
	p := harness.StartWith(t, crowded(people))
	attacker, colleague := p.SignIn(2), p.SignIn(3)
	p.Find(colleague, harness.ComingWeek())

	heap := watchHeap()
	answers := askAndReadNothing(p, attacker, greatestQuestion(people), questions)
	took := slowestSearch(p, colleague)
	statuses, most := tallied(t, answers, questions), heap()
	t.Logf("figure: %d questions about %d people: %v; at most %d MB of heap; the colleague's slowest search took %s", questions, people, statuses, most>>20, took)
	if statuses["429 Too Many Requests"] < questions-8 || statuses["500 Internal Server Error"] > 0 {
		t.Errorf("answers: %v", statuses)
	}
	if attack && (most > 512<<20 || took > 2*time.Second) {
		t.Error("that is too much")
	}
}

// TestAttackByPortals: a person in each of five portals asks as many of the greatest
// questions as they may have unread answers. The calendars have been read before: each is
// worked out, and its answer kept while nobody reads it.
func TestAttackByPortals(t *testing.T) {
	attack(t)
	const portals, each, people = 5, 8, 498
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(460 << 20)) // as in a container of 512 MB
	p := harness.Start(t)
	colleague := p.SignIn(3)
	p.Find(colleague, harness.ComingWeek())
	var at []*harness.Product
	var attackers []*http.Client
	for n := range portals {
		company := crowded(people)
		company.MemberID = fmt.Sprintf("%032d", n)
		q := p.AtPortal(company)
		at, attackers = append(at, q), append(attackers, q.SignIn(2))
		if response, body := q.Get(attackers[n], greatestQuestion(people), harness.AsJSON); response.StatusCode != http.StatusOK {
			t.Fatalf("%s %.300s", response.Status, body)
		}
	}
	heap := watchHeap()
	var answers []<-chan string
	for n, q := range at {
		answers = append(answers, askAndReadNothing(q, attackers[n], greatestQuestion(people), each))
	}
	took := slowestSearch(p, colleague)
	statuses := map[string]int{}
	for _, heads := range answers {
		for status, n := range tallied(t, heads, each) {
			statuses[status] += n
		}
	}
	most := heap()
	t.Logf("figure: %d questions about %d people from %d portals: %v; at most %d MB of heap; another portal's slowest search took %s", portals*each, people, portals, statuses, most>>20, took)
	if statuses["200 OK"] == 0 || statuses["200 OK"]+statuses["429 Too Many Requests"]+statuses["503 Service Unavailable"] < portals*each {
		t.Errorf("answers: %v", statuses)
	}
	if most > 512<<20 {
		t.Error("that is too much")
	}
}

// crowded is a company with so many more people, from 1000 on.
func crowded(people int) *portalsim.Portal {
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	for id := range people {
		company.Users = append(company.Users, &portalsim.User{ID: 1000 + id, Name: "Many", LastName: "Person", Active: true, Departments: []int{1}})
	}
	return company
}

// greatestQuestion is about all of them, for as long and with as many starts as may be.
func greatestQuestion(people int) string {
	from := time.Now().AddDate(0, 0, 1)
	query := fmt.Sprintf("/find?me=0&step=5&work=0&from=%s&to=%s&who=1000", from.Format(time.DateOnly), from.AddDate(0, 0, 91).Format(time.DateOnly))
	for id := 1; id < people; id++ {
		query += fmt.Sprint(",", 1000+id)
	}
	return query
}

// slowestSearch is how long the longest of five searches takes.
func slowestSearch(p *harness.Product, client *http.Client) (took time.Duration) {
	for range 5 {
		began := time.Now()
		p.Find(client, harness.ComingWeek())
		took = max(took, time.Since(began).Round(time.Millisecond))
	}
	return took
}

// tallied counts so many answers by their status.
func tallied(t *testing.T, heads <-chan string, n int) map[string]int {
	t.Helper()
	statuses := map[string]int{}
	for range n {
		head := <-heads
		status, _, _ := strings.Cut(head, "\r\n")
		statuses[strings.TrimPrefix(status, "HTTP/1.1 ")]++
		if strings.Contains(status, " 429 ") && !strings.Contains(head, "Retry-After: ") {
			t.Errorf("no word of when to come back: %s", head)
		}
	}
	return statuses
}

// watchHeap looks at the heap until it is asked how large it became.
func watchHeap() (most func() uint64) {
	stop, greatest := make(chan struct{}), make(chan uint64)
	go func() { greatest <- greatestHeap(stop) }()
	return func() uint64 {
		close(stop)
		return <-greatest
	}
}

// greatestHeap looks at the heap until it is told to stop.
func greatestHeap(stop <-chan struct{}) (most uint64) {
	for {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapAlloc)
		select {
		case <-stop:
			return most
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// askAndReadNothing sends a question so many times at once, as a page and as JSON in turn,
// and reads of each answer no more than its head.
func askAndReadNothing(p *harness.Product, client *http.Client, path string, n int) <-chan string {
	p.T.Helper()
	at, err := url.Parse(p.App)
	if err != nil {
		p.T.Fatal(err)
	}
	var cookies []string
	for _, cookie := range client.Jar.Cookies(at) {
		cookies = append(cookies, cookie.Name+"="+cookie.Value)
	}
	heads := make(chan string, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			conn, err := net.Dial("tcp", at.Host)
			if err != nil {
				heads <- err.Error()
				return
			}
			p.T.Cleanup(func() { conn.Close() })
			_ = conn.(*net.TCPConn).SetReadBuffer(4096) // what is not read stays with the server
			_ = conn.SetDeadline(time.Now().Add(time.Minute))
			accept := []string{"text/html", harness.AsJSON}[i%2]
			fmt.Fprintf(conn, "GET %s&dur=%d HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept: %s\r\n\r\n", path, 60+i%8, at.Host, strings.Join(cookies, "; "), accept)
			in, head := bufio.NewReaderSize(conn, 16), ""
			for !strings.HasSuffix(head, "\r\n\r\n") {
				line, err := in.ReadString('\n')
				head += line
				if err != nil {
					break
				}
			}
			heads <- head
		})
	}
	return heads
}
