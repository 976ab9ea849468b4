package e2e

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/app"
	"slotfinder/internal/e2e/harness"
)

// The demo prints two addresses on two hosts, and each leads to the other.
func TestDemoShowsBothWays(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	env := map[string]string{"SLOTFINDER_LISTEN": "127.0.0.1:0", "SLOTFINDER_LOG": "error"}
	output, stdout := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- app.Run(ctx, []string{"demo"}, func(name string) string { return env[name] }, nil, stdout, t.Output())
		stdout.Close()
	}()
	var inside, alone string
	lines := bufio.NewScanner(output)
	for (inside == "" || alone == "") && lines.Scan() {
		if found := regexp.MustCompile(`^  (inside Bitrix24|stand-alone) +(http://\S+)`).FindStringSubmatch(lines.Text()); found != nil {
			*map[string]*string{"inside Bitrix24": &inside, "stand-alone": &alone}[found[1]] = found[2]
		}
	}
	go func() { _, _ = io.Copy(io.Discard, output) }()
	if !strings.HasPrefix(inside, "http://localhost:") || !strings.HasPrefix(alone, "http://127.0.0.1:") {
		t.Fatalf("inside %q, alone %q", inside, alone)
	}
	client := &http.Client{Timeout: 20 * time.Second}
	landing, err := client.Get(alone + "/")
	if err != nil {
		t.Fatal(err)
	}
	if body := harness.ReadBody(t, landing); !strings.Contains(body, `href="`+inside+`/"`) || !strings.Contains(body, `href="/login?`) {
		t.Errorf("the landing page does not lead inside and alone: %s", body)
	}
	portal, err := client.Get(inside + "/")
	if err != nil {
		t.Fatal(err)
	}
	if body := harness.ReadBody(t, portal); !strings.Contains(body, "Who are you?") {
		t.Errorf("the portal shows %.300s", body)
	}
	cancel()
	if code := <-ended; code != 0 {
		t.Errorf("the demo ended with %d", code)
	}
}
