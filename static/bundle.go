package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

//go:embed css/*.css js/*/*.js icons/*.svg vendor/*.js
var files embed.FS

// bundles are the files that pages load, each made of others in their order: one request
// instead of several. Rules of a later sheet win within a layer, and the scripts of a
// bundle share their names.
var bundles = map[string][]string{
	"app.css": sources("css/", ".css",
		"layers", "reset", "tokens", "base", "layout",
		"buttons", "forms", "people-picker", "avatars", "notices", "landing", "hours", "groups", "links",
		"answer", "ways-out", "series", "range", "chosen", "board", "timeline", "heat-map", "list", "narrow", "utilities", "print"),
	// Guests load nothing that only people who are signed in see.
	"guest.css": sources("css/", ".css",
		"layers", "reset", "tokens", "base", "layout", "buttons", "forms", "avatars", "notices", "guest", "narrow", "utilities", "print"),
	"app.js":     sources("js/app/", ".js", "scripted", "people-picker", "arrow-keys", "copy", "pointing", "ticks", "links", "menu", "shortcuts", "drafts", "days", "range-calendar"),
	"frame.js":   sources("js/frame/", ".js", "portal", "size", "calendar", "hooks"),
	"session.js": sources("js/session/", ".js", "token", "renew", "visit", "new-tab"),
	"zone.js":    sources("js/guest/", ".js", "zone"),
	"htmx.js":    sources("vendor/", ".min.js", "htmx", "hx-sse"),
}

// single are the files that go out as they are.
var single = []string{"icons/sprite.svg", "icons/logo.svg", "vendor/htmx.min.js", "vendor/hx-sse.min.js"}

func sources(folder, ext string, names ...string) []string {
	for i, name := range names {
		names[i] = folder + name + ext
	}
	return names
}

// asset is one file as it goes out.
type asset struct {
	name   string // such as app.css
	url    string
	kind   string            // content type
	bodies map[string][]byte // by content encoding; "" is the file itself
}

type assetIndex struct {
	byName, byURL map[string]*asset
}

// assets reads, joins and compresses the embedded files once.
var assets = sync.OnceValue(func() assetIndex {
	index := assetIndex{map[string]*asset{}, map[string]*asset{}}
	add := func(name string, parts ...string) {
		body, err := join(parts)
		if err != nil {
			panic(fmt.Sprintf("static: making %s: %v", name, err))
		}
		a := newAsset(name, body)
		index.byName[a.name], index.byURL[a.url] = a, a
	}
	for _, name := range single {
		add(name, name)
	}
	for name, parts := range bundles {
		add(name, parts...)
	}
	return index
})

// join reads files and joins them to one. Ours are minified; vendored ones already are.
func join(parts []string) ([]byte, error) {
	var bodies [][]byte
	for _, part := range parts {
		body, err := files.ReadFile(part)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	body := bytes.Join(bodies, []byte("\n"))
	switch folder, _, _ := strings.Cut(parts[0], "/"); folder {
	case "css":
		return minifiedStyle(body), nil
	case "js":
		return minifiedScript(body)
	}
	return body, nil
}

var (
	comments    = regexp.MustCompile(`(?s)/\*.*?\*/`)
	indentation = regexp.MustCompile(`\s*\n\s*`)
)

// spaces are those of a style sheet that say nothing.
var spaces = strings.NewReplacer(": ", ":", "; ", ";", ", ", ",", " { ", "{", " }", "}", " > ", ">")

// minifiedStyle is a style sheet without comments, indentation and needless spaces.
func minifiedStyle(css []byte) []byte {
	lines := indentation.ReplaceAll(comments.ReplaceAll(css, nil), []byte("\n"))
	return []byte(spaces.Replace(string(lines)))
}

// minifiedScript is a script without comments and spaces.
func minifiedScript(script []byte) ([]byte, error) {
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
	_, _ = w.Write(body) // writing into a buffer does not fail
	_ = w.Close()
	return b.Bytes()
}
