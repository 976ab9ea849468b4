package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

//go:embed *.css *.js *.svg vendor/*.js
var files embed.FS

// Prefix is the path under which Handler must be mounted.
const Prefix = "/static/"

// bundles are files made of others that pages want together: one request instead of
// several, and kept by browsers when a file of ours changes.
var bundles = map[string][]string{
	"htmx.js": {"vendor/htmx.min.js", "vendor/hx-sse.min.js"},
}

// asset is one file as it goes out.
type asset struct {
	name   string // as in the tree, such as app.css
	url    string
	kind   string            // content type
	bodies map[string][]byte // by content encoding; "" is the file itself
}

type shelf struct {
	byName, byURL map[string]*asset
}

// assets reads and compresses the embedded files once.
var assets = sync.OnceValue(func() shelf {
	s := shelf{map[string]*asset{}, map[string]*asset{}}
	add := func(a *asset) { s.byName[a.name], s.byURL[a.url] = a, a }
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		switch dir, ext := path.Dir(name), path.Ext(name); {
		case ext == ".css":
			body = plain(body)
		case ext == ".js" && dir == ".": // what is vendored comes small
			if body, err = small(body); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		add(newAsset(name, body))
		return nil
	})
	if err != nil {
		panic(fmt.Sprintf("static: reading embedded files: %v", err))
	}
	for name, parts := range bundles {
		var body []byte
		for _, part := range parts {
			body = append(append(body, s.byName[part].bodies[""]...), '\n')
		}
		add(newAsset(name, body))
	}
	return s
})

var (
	comments    = regexp.MustCompile(`(?s)/\*.*?\*/`)
	indentation = regexp.MustCompile(`\s*\n\s*`)
)

// plain leaves out of a style sheet what only those need who read its source.
func plain(css []byte) []byte {
	return indentation.ReplaceAll(comments.ReplaceAll(css, nil), []byte("\n"))
}

// small is a script of ours without what only those need who read its source.
func small(script []byte) ([]byte, error) {
	var b bytes.Buffer
	err := js.Minify(minify.New(), &b, bytes.NewReader(script), nil)
	return b.Bytes(), err
}

func newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return &asset{
		name:   name,
		url:    Prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
		kind:   kinds[ext],
		bodies: map[string][]byte{"": body, "gzip": gzipped(body), "br": brotlied(body)},
	}
}

// kinds are spelled out because mime.TypeByExtension depends on the machine.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	return finish(&b, w, body)
}

// brotlied stops short of the highest level, which would cost the first page of a
// fresh process a third of a second for two percent.
func brotlied(body []byte) []byte {
	var b bytes.Buffer
	return finish(&b, brotli.NewWriterLevel(&b, 9), body)
}

func finish(b *bytes.Buffer, w io.WriteCloser, body []byte) []byte {
	w.Write(body) // writing into a buffer does not fail
	w.Close()
	return b.Bytes()
}

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
		w.Write(body) // the client may be gone; nobody else wants to know
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
