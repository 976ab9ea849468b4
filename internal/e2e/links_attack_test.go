package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
)

// attack skips a test unless it was asked for: its figures are those of the machine.
func attack(t *testing.T) {
	t.Helper()
	if os.Getenv("SLOTFINDER_ATTACK") == "" {
		t.Skip("set SLOTFINDER_ATTACK=1")
	}
}

// flood sends requests from one address until it is told to stop, and returns how many
// were answered, by status.
func flood(p *harness.Product, paths ...string) (stop func() map[int]int64) {
	ctx, cancel := context.WithCancel(p.T.Context())
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	var answered [600]atomic.Int64
	var all sync.WaitGroup
	for worker := range 64 {
		all.Go(func() {
			for n := worker; ctx.Err() == nil; n++ {
				request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.App+strings.ReplaceAll(paths[n%len(paths)], "*", fmt.Sprint(n)), nil)
				if err != nil {
					return
				}
				request.Header.Set("Accept", harness.AsPage)
				if response, err := client.Do(request); err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
					answered[response.StatusCode].Add(1)
				}
			}
		})
	}
	return func() map[int]int64 {
		cancel()
		all.Wait()
		counts := map[int]int64{}
		for status := range answered {
			if n := answered[status].Load(); n > 0 {
				counts[status] = n
			}
		}
		return counts
	}
}

// TestAttackOnLinks: while one address floods links, known and guessed, a colleague
// makes one in less than 200 ms.
func TestAttackOnLinks(t *testing.T) {
	attack(t)
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek())
	p.Share(client, harness.ComingWeek()) // what the portal tells is known by now
	quiet := timesToShare(p, client)
	stop := flood(p, "/s/"+link.Token, "/s/guess*", "/s/"+link.Token+".ics")
	time.Sleep(time.Second)
	took := timesToShare(p, client)
	counts := stop()
	t.Logf("figure: POST /links: median %v, slowest %v; without the flood %v and %v; answers to it: %v", took[10], took[19], quiet[10], quiet[19], counts)
	if took[10] > 200*time.Millisecond+quiet[10] { // the machine may be busy with other things
		t.Errorf("POST /links took %v", took[10])
	}
}

// timesToShare is how long it took to make 20 links, the shortest first.
func timesToShare(p *harness.Product, client *http.Client) (took []time.Duration) {
	for range 20 {
		began := time.Now()
		p.Share(client, harness.ComingWeek())
		took = append(took, time.Since(began).Round(time.Millisecond))
		time.Sleep(100 * time.Millisecond)
	}
	slices.Sort(took)
	return took
}
