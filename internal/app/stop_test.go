package app

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// TestShutDownCutsOff: somebody who never finishes a request neither keeps the program from
// shutdown nor makes its end a failure; somebody who does finish still gets the answer.
func TestShutDownCutsOff(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	arrived := make(chan bool, 2)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- true
		if r.URL.Path == "/" {
			<-r.Context().Done() // until the connection is gone
			return
		}
		time.Sleep(100 * time.Millisecond) // while the program is told to stop
		_, _ = io.WriteString(w, "done")
	})
	running := &http.Server{Handler: handler}
	go func() { _ = running.Serve(listener) }()
	answers := make(chan string, 1)
	get := func(path string) string {
		response, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			return ""
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return string(body)
	}
	go get("/")
	<-arrived
	go func() { answers <- get("/finishes") }()
	<-arrived
	limit, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := shutDown(limit, running); err != nil {
		t.Errorf("the program ends with %v", err)
	}
	if got := <-answers; got != "done" {
		t.Errorf("a request that was under way got %q", got)
	}
}
