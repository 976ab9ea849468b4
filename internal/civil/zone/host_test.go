package zone

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Kept is how many zones are in memory.
func Kept() (n int) {
	current().loaded.Range(func(any, any) bool { n++; return true })
	return n
}

// clock is a compiled zone whose clock is always so many hours ahead of UTC.
func clock(footer string) []byte {
	header := make([]byte, 44)
	copy(header, "TZif2")
	header[39], header[43] = 1, 4 // one type of local time, four bytes of abbreviations
	block := append(bytes.Clone(header), make([]byte, 6)...)
	block = append(block, "LMT\x00"...)
	return slices.Concat(block, block, []byte("\n"+footer+"\n"))
}

// folder is a machine's data with these files.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// hoursAhead is what a zone's clock shows beyond UTC in December 2026.
func hoursAhead(t *testing.T, r *Rules, name string) int {
	t.Helper()
	z, err := r.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	_, seconds := time.Date(2026, 12, 8, 10, 0, 0, 0, time.UTC).In(z).Zone()
	return seconds / 3600
}

// Rules that came after this program hold in all zones, also in those that the machine
// knows by another name or not at all.
func TestNewerRulesOfTheMachineAreUsed(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string][]byte{
		"tzdata.zi":         []byte("# version 2030a\n# a comment\nR A 1\nZ Africa/Casablanca 0 - +00\nZ Moon/Base 9 - +09\nZ Factory 0 - -00\nL Africa/Casablanca Africa/El_Aaiun\nL Africa/El_Aaiun Africa/Far\n"),
		"Africa/Casablanca": clock("<+05>-5"), "Moon/Base": clock("<+09>-9"), "Factory": clock("<+01>-1"), "localtime": clock("<+01>-1"),
	})
	r := newest(builtIn(), []string{filepath.Join(dir, "missing"), dir})
	if r.version != "2030a" || r.source != dir {
		t.Fatalf("%s from %s", r.version, r.source)
	}
	for name, want := range map[string]int{"Africa/Casablanca": 5, "Africa/El_Aaiun": 5, "Africa/Far": 5, "Moon/Base": 9, "Europe/Berlin": 1, "Asia/Calcutta": 5, "UTC": 0} {
		if got := hoursAhead(t, r, name); got != want {
			t.Errorf("%s is %d hours ahead, want %d", name, got, want)
		}
	}
	for _, name := range []string{"Factory", "localtime", "tzdata.zi", "Africa//Casablanca"} {
		if _, err := r.Load(name); err == nil {
			t.Errorf("%s is taken for a zone", name)
		}
	}
}

// They stay the same while the machine is being updated.
func TestRulesOfTheMachineStayOneVersion(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string][]byte{
		"tzdata.zi": []byte("# version 2030a\nZ Africa/Casablanca 0 - +00\n"), "Africa/Casablanca": clock("<+05>-5"),
	})
	r := newest(builtIn(), []string{dir})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if got := hoursAhead(t, r, "Africa/Casablanca"); got != 5 {
		t.Errorf("%d hours ahead", got)
	}
}

func TestOlderRulesOfTheMachineAreNotUsed(t *testing.T) {
	t.Parallel()
	old := clock("<+05>-5")
	for name, files := range map[string]map[string][]byte{
		"older":                 {"tzdata.zi": []byte("# version 2025b\nZ Africa/Casablanca 0 - +00\n"), "Africa/Casablanca": old},
		"the same":              {"tzdata.zi": []byte("# version " + builtIn().version + "\nZ Africa/Casablanca 0 - +00\n"), "Africa/Casablanca": old},
		"of an unknown version": {"Africa/Casablanca": old},
		"of a strange version":  {"tzdata.zi": []byte("# version zzzz\n"), "Africa/Casablanca": old},
		"broken":                {"tzdata.zi": []byte("# version 2030a\nZ Africa/Casablanca 0 - +00\n"), "Africa/Casablanca": []byte("TZif2")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r := newest(builtIn(), []string{folder(t, files)}); r != builtIn() {
				t.Errorf("%s from %s", r.version, r.source)
			}
		})
	}
	if r := newest(builtIn(), nil); r != builtIn() {
		t.Error("a machine without data has none to be used")
	}
}

// Other systems write the version into a file of its own.
func TestVersionInItsOwnFile(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string][]byte{"+VERSION": []byte("2030b\n"), "Africa/Casablanca": clock("<+05>-5")})
	r := newest(builtIn(), []string{dir})
	if r.version != "2030b" || hoursAhead(t, r, "Africa/Casablanca") != 5 || hoursAhead(t, r, "Europe/Berlin") != 1 {
		t.Errorf("%s from %s", r.version, r.source)
	}
}

// What is packed is read again, with the machine's own data for an example.
func TestPack(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string][]byte{
		"tzdata.zi":         []byte("# version 2030a\nZ Africa/Casablanca 0 - +00\nL Africa/Casablanca Africa/El_Aaiun\n"),
		"Africa/Casablanca": clock("<+05>-5"),
	})
	var one, other bytes.Buffer
	version, err := Pack(dir, &one)
	if _, err2 := Pack(dir, &other); err != nil || err2 != nil || version != "2030a" || !bytes.Equal(one.Bytes(), other.Bytes()) {
		t.Fatal(version, err, err2)
	}
	r, err := unpack(one.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Names(); !slices.Equal(got, []string{"Africa/Casablanca", "Africa/El_Aaiun"}) || hoursAhead(t, r, "Africa/El_Aaiun") != 5 {
		t.Error(got)
	}
	if _, err := Pack(t.TempDir(), &other); err == nil {
		t.Error("an empty folder was packed")
	}
}
