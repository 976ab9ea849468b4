package zone

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Folders are where machines keep their time zones, as Go itself looks for them, the
// one that the environment names first ("" = none).
func Folders(named string) []string {
	folders := []string{"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo"}
	if named != "" {
		folders = slices.Insert(folders, 0, named)
	}
	return folders
}

// newest returns own, or the rules in the first of the folders that has any if they are
// newer. Data whose version nobody knows counts as older, and so does data that can't
// be read as a whole.
func newest(own *Rules, folders []string) *Rules {
	for _, folder := range folders {
		version, err := folderVersion(folder)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil || version <= own.version {
			return own
		}
		if rules, err := readFolder(folder, version, own); err == nil {
			return rules
		}
		return own
	}
	return own
}

// versionForm is how versions are written, so that their order is that of texts.
var versionForm = regexp.MustCompile(`^20\d\d[a-z]{1,2}$`)

// folderVersion reads the version of the data in a folder, "" when it doesn't say. The
// error is that there is no such folder.
func folderVersion(folder string) (string, error) {
	if _, err := os.Stat(folder); err != nil {
		return "", err
	}
	if line, err := firstLine(filepath.Join(folder, sourceFile)); err == nil {
		return versionIn(strings.TrimPrefix(line, "# version ")), nil
	}
	line, _ := firstLine(filepath.Join(folder, versionFile))
	return versionIn(line), nil
}

func versionIn(text string) string {
	if text = strings.TrimSpace(text); versionForm.MatchString(text) {
		return text
	}
	return ""
}

func firstLine(path string) (string, error) {
	data, err := readFile(path, 200)
	line, _, _ := strings.Cut(string(data), "\n")
	return line, err
}

func readFile(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}

// sourceFile is the text that a folder's files were compiled from, all in one.
const sourceFile = "tzdata.zi"

// readFolder reads all the rules of a folder at once, so that they stay one version
// while the machine is being updated. What the folder lacks is taken from own: Debian
// keeps old names in a package of their own.
func readFolder(folder, version string, own *Rules) (*Rules, error) {
	names, links, err := readSource(filepath.Join(folder, sourceFile))
	if err != nil {
		names, links = own.names, own.links // there is only a version
	}
	files := map[string][]byte{}
	r := &Rules{version: version, source: folder, links: links, read: func(name string) ([]byte, error) {
		if data, ok := files[name]; ok {
			return data, nil
		}
		return own.read(own.canonical(name))
	}}
	for _, name := range names {
		data, err := readFile(filepath.Join(folder, filepath.FromSlash(r.canonical(name))), largestFile)
		if errors.Is(err, os.ErrNotExist) {
			if !own.lists(name) {
				continue
			}
		} else if err != nil {
			return nil, err
		} else if _, err := time.LoadLocationFromTZData(name, data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		} else {
			files[r.canonical(name)] = data
		}
		r.names = append(r.names, name)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s has no zones", folder)
	}
	r.names = slices.Compact(slices.Sorted(slices.Values(append(r.names, own.names...))))
	return r, nil
}

// readSource reads the names of zones, and which are other names of others, from the
// compact form of tzdata's source: lines "Z NAME …" and "L ZONE NAME".
func readSource(path string) (names []string, links map[string]string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	links = map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() && len(names) < mostNames {
		switch f := strings.Fields(lines.Text()); {
		case len(f) >= 2 && f[0] == "Z" && isName(f[1]):
			names = append(names, f[1])
		case len(f) == 3 && f[0] == "L" && isName(f[1]) && isName(f[2]):
			names = append(names, f[2])
			links[f[2]] = f[1]
		}
	}
	return names, resolved(links), lines.Err()
}

// resolved follows links to links.
func resolved(links map[string]string) map[string]string {
	for name, zone := range links {
		for range len(links) {
			further, isLink := links[zone]
			if !isLink {
				break
			}
			zone = further
		}
		links[name] = zone
	}
	return links
}
