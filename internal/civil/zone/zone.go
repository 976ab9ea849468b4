package zone

import (
	_ "embed"
	"os"
	"sync"
	"time"
)

//go:embed tzdata.zip
var packed []byte

// current are the rules that the program uses, chosen at the first question and never
// changed after it.
var current = sync.OnceValue(func() *Rules {
	return newest(builtIn(), Folders(os.Getenv("ZONEINFO")))
})

// builtIn are the rules that the program carries. They are committed with a checksum, so
// that they can't be read is a fault of the build.
var builtIn = sync.OnceValue(func() *Rules {
	rules, err := unpack(packed)
	if err != nil {
		panic(err)
	}
	return rules
})

// Load returns the zone of a name on the list, aliases included. Unlike
// time.LoadLocation it knows neither "" nor "Local", which would mean the server's own
// zone, nor other spellings of a name. The same name gives the same pointer.
func Load(name string) (*time.Location, error) { return current().Load(name) }

// Names returns the list: every name that Load knows, in alphabetical order.
func Names() []string { return current().Names() }

// InUse says which rules are used, as in "2026f", and where they are from: "built-in"
// or the folder of the machine's own.
func InUse() (version, source string) { return current().version, current().source }

// Describe says the same in one word for people, as in "2026f (built-in)".
func Describe() string {
	version, source := InUse()
	return version + " (" + source + ")"
}
