package fault

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// Answer is an HTTP answer before it is sent.
type Answer struct {
	Status int
	Body   []byte
}

// Before does what a fault does instead of the work. It reports whether the
// request is answered with that.
func (f Fault) Before(w http.ResponseWriter, r *http.Request) bool {
	switch f.kind {
	case slow:
		return !wait(r.Context(), f.delay)
	case page:
		frontEndPage(w, f.Status)
		return true
	case says:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"result": f.text, "time": map[string]any{}})
		return true
	case redirect:
		http.Redirect(w, r, f.location, f.Status)
		return true
	default: // what happens to the answer, see Deliver
		return false
	}
}

// StatusOr is the status that the client sees.
func (f Fault) StatusOr(status int) int {
	if f.kind == lost {
		return f.Status
	}
	return status
}

// Deliver sends the answer, or what the fault makes of it.
func (f Fault) Deliver(w http.ResponseWriter, r *http.Request, ans Answer) {
	switch f.kind {
	case lost:
		frontEndPage(w, f.Status)
		return
	case cut:
		w.Header().Set("Content-Length", strconv.Itoa(len(ans.Body)))
		w.WriteHeader(ans.Status)
		_, _ = w.Write(ans.Body[:len(ans.Body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case late:
		wait(r.Context(), f.delay)
	case truncated:
		ans.Body = ans.Body[:len(ans.Body)/2]
	default: // what happens instead of the work, see Before
	}
	w.WriteHeader(ans.Status)
	_, _ = w.Write(ans.Body)
}

// frontEndPage is what a web server in front of the portal answers by itself.
func frontEndPage(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	_, _ = w.Write([]byte("<html><head><title>" + text + "</title></head><body><center><h1>" +
		text + "</h1></center><hr><center>nginx</center></body></html>"))
}

// wait sleeps until d has passed or ctx ends; false when it ended.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
