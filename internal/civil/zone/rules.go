package zone

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// The bounds of one version of the data. tzdata has about 600 names, none longer than
// 32 bytes, and no compiled file of more than 4 kB.
const (
	mostNames   = 2000
	longestName = 40
	largestFile = 64 << 10
)

// Rules are the time zones of one version of tzdata. They are safe for concurrent use.
type Rules struct {
	version string
	source  string
	names   []string          // sorted
	links   map[string]string // from the other names of zones to the zones
	read    func(name string) ([]byte, error)
	loaded  sync.Map // *time.Location by name; only names on the list, so it can't outgrow that
}

// Load returns the zone of a name on the list.
func (r *Rules) Load(name string) (*time.Location, error) {
	if zone, ok := r.loaded.Load(name); ok {
		return zone.(*time.Location), nil
	}
	if !r.lists(name) {
		return nil, fmt.Errorf("no time zone is called %.40q", name)
	}
	zone, err := r.parse(name)
	if err != nil {
		return nil, err
	}
	kept, _ := r.loaded.LoadOrStore(name, zone)
	return kept.(*time.Location), nil
}

// Names returns every name that Load knows, in alphabetical order.
func (r *Rules) Names() []string { return slices.Clone(r.names) }

func (r *Rules) lists(name string) bool {
	_, found := slices.BinarySearch(r.names, name)
	return found
}

func (r *Rules) parse(name string) (*time.Location, error) {
	if name == "UTC" {
		return time.UTC, nil // which Go compares by its address
	}
	data, err := r.read(r.canonical(name))
	if err != nil {
		return nil, fmt.Errorf("the rules of %s: %w", name, err)
	}
	zone, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		return nil, fmt.Errorf("the rules of %s: %w", name, err)
	}
	return zone, nil
}

// canonical is the zone that a name is another name of, else the name itself.
func (r *Rules) canonical(name string) string {
	if zone, ok := r.links[name]; ok {
		return zone
	}
	return name
}

// wellFormed are names as tzdata itself writes them.
var wellFormed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)

// isName reports whether a name may stand on the list. Factory is a zone for machines
// that nobody has set up, and the folders posix and right hold copies of the others.
func isName(name string) bool {
	area, _, _ := strings.Cut(name, "/")
	return len(name) <= longestName && wellFormed.MatchString(name) &&
		!slices.Contains([]string{"Factory", "localtime", "posixrules", "posix", "right", "Local"}, area)
}

// The files of a packed version beside those of the zones. No zone's name begins so.
const (
	versionFile = "+VERSION"
	linksFile   = "+LINKS"
)

// unpack opens what package pack has written. Zones are read when they are asked for.
func unpack(data []byte) (*Rules, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("tzdata.zip: %w", err)
	}
	files := map[string]*zip.File{}
	for _, file := range archive.File {
		files[file.Name] = file
	}
	r := &Rules{source: "built-in", links: map[string]string{}, read: func(name string) ([]byte, error) { return contents(files[name]) }}
	version, err1 := r.read(versionFile)
	links, err2 := r.read(linksFile)
	if err1 != nil || err2 != nil {
		return nil, fmt.Errorf("tzdata.zip has no %s or no %s", versionFile, linksFile)
	}
	r.version = string(version)
	for line := range strings.Lines(string(links)) {
		name, zone, _ := strings.Cut(strings.TrimSpace(line), " ")
		r.links[name] = zone
		r.names = append(r.names, name)
	}
	for name := range files {
		if isName(name) {
			r.names = append(r.names, name)
		}
	}
	slices.Sort(r.names)
	return r, nil
}

func contents(file *zip.File) ([]byte, error) {
	if file == nil {
		return nil, errors.New("not in tzdata.zip")
	}
	from, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	return io.ReadAll(io.LimitReader(from, largestFile))
}
