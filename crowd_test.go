package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

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
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	for id := range people {
		company.Users = append(company.Users, &portalsim.User{ID: 1000 + id, Name: "Many", LastName: "Person", Active: true, Departments: []int{1}})
	}
	p := startWith(t, company)
	attacker, colleague := p.signIn(2), p.signIn(3)
	p.find(colleague, comingWeek())

	from := time.Now().AddDate(0, 0, 1)
	query := fmt.Sprintf("/find?me=0&dur=60&step=5&work=0&from=%s&to=%s&who=1000", from.Format(time.DateOnly), from.AddDate(0, 0, 91).Format(time.DateOnly))
	for id := 1; id < people; id++ {
		query += fmt.Sprint(",", 1000+id)
	}
	stop := make(chan struct{})
	most := make(chan uint64)
	go func() { most <- greatestHeap(stop) }()
	answers := p.askAndReadNothing(attacker, query, questions)

	took := time.Duration(0)
	for range 5 {
		began := time.Now()
		p.find(colleague, comingWeek())
		took = max(took, time.Since(began))
	}
	statuses := map[string]int{}
	for range questions {
		head := <-answers
		status, _, _ := strings.Cut(head, "\r\n")
		statuses[strings.TrimPrefix(status, "HTTP/1.1 ")]++
		if strings.Contains(status, " 429 ") && !strings.Contains(head, "Retry-After: ") {
			t.Errorf("no word of when to come back: %s", head)
		}
	}
	close(stop)
	heap := <-most
	t.Logf("figure: %d questions about %d people: %v; at most %d MB of heap; the colleague's slowest search took %s", questions, people, statuses, heap>>20, took)
	if statuses["429 Too Many Requests"] < questions-8 || statuses["500 Internal Server Error"] > 0 {
		t.Errorf("answers: %v", statuses)
	}
	if attack && (heap > 512<<20 || took > 2*time.Second) {
		t.Error("that is too much")
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
func (p *product) askAndReadNothing(client *http.Client, path string, n int) <-chan string {
	p.t.Helper()
	at, err := url.Parse(p.app)
	if err != nil {
		p.t.Fatal(err)
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
			p.t.Cleanup(func() { conn.Close() })
			_ = conn.SetDeadline(time.Now().Add(time.Minute))
			accept := []string{"text/html", asJSON}[i%2]
			fmt.Fprintf(conn, "GET %s&buffer=%d HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept: %s\r\n\r\n", path, i%8, at.Host, strings.Join(cookies, "; "), accept)
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
