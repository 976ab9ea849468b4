package static

import (
	"net/http"
	"strconv"
	"strings"
)

// Prefix is the path under which Handler must be mounted.
const Prefix = "/static/"

// URL returns the address of a file, such as /static/app.1f3a….css for app.css.
// It panics for a file that does not exist: the name is a constant of ours.
func URL(name string) string {
	a, ok := assets().byName[name]
	if !ok {
		panic("static: no file " + name)
	}
	return a.url
}

// Has reports whether there is a file at a path that URL returned.
func Has(path string) bool { return assets().byURL[path] != nil }

// Handler serves the files at the addresses that URL returns, and only there.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := assets().byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	encoding := preferred(r.Header.Get("Accept-Encoding"))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	body := a.bodies[encoding]
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // an error means that the client is gone
	}
}

// preferred chooses the best encoding that the client takes. Clients that refuse
// one say so with q=0.
func preferred(accept string) string {
	taken := map[string]bool{}
	for _, item := range strings.Split(accept, ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(item, " ", ""), ";")
		taken[strings.ToLower(name)] = strings.TrimRight(weight, "0.") != "q="
	}
	for _, encoding := range []string{"br", "gzip"} {
		if taken[encoding] {
			return encoding
		}
	}
	return ""
}
