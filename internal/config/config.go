package config

import (
	"log/slog"

	"github.com/caarlos0/env/v11"
)

// Mode is the command that the configuration is for; it decides what is required.
type Mode string

// The modes are the program's commands of the same names.
const (
	Serve       Mode = "serve"       // production: secrets, keys and the public URL are required
	Demo        Mode = "demo"        // nothing is required; insecure portals are always allowed
	Simulator   Mode = "portal"      // the simulated Bitrix24 alone; as Demo
	Healthcheck Mode = "healthcheck" // nothing is required
)

// Config is what the environment says. It is a plain value: read it, don't
// change it. Printing it with any verb or logging it shows no secret.
//
// Tags: env is the variable, envDefault its default, required the mode that
// can't do without it, and doc its meaning for the README.
type Config struct {
	Listen          Address         `env:"SLOTFINDER_LISTEN" envDefault:"127.0.0.1:8080" doc:"address to listen on"`
	AdminListen     Address         `env:"SLOTFINDER_ADMIN_LISTEN" empty:"off" doc:"separate address for ‘/metrics’ and pprof"`
	PublicURL       Origin          `env:"SLOTFINDER_PUBLIC_URL" required:"serve" doc:"the app's own origin, as browsers see it, such as ‘https://slots.example.com’"`
	Database        Database        `env:"SLOTFINDER_DATABASE" envDefault:"sqlite:slotfinder.db" doc:"‘sqlite:PATH’ or ‘postgres://…’"`
	Secret          Keys            `env:"SLOTFINDER_SECRET" required:"serve" doc:"one or more base64 keys of 32 bytes, comma-separated, newest first (sessions, tokens and links at rest, hashed addresses; the later ones only decrypt)"`
	TrustedProxies  Proxies         `env:"SLOTFINDER_TRUSTED_PROXIES" doc:"CIDRs, comma-separated, whose ‘X-Forwarded-*’ are believed"`
	Drain           Pause           `env:"SLOTFINDER_DRAIN" envDefault:"3s" doc:"how long requests are still taken after SIGTERM, such as ‘10s’, while ‘/readyz’ answers 503; in ‘demo’ and ‘portal’ nothing unless it is set"`
	Log             Level           `env:"SLOTFINDER_LOG" envDefault:"info" doc:"‘debug’, ‘info’, ‘warn’ or ‘error’; JSON on stderr unless it is a terminal"`
	ClientID        string          `env:"BITRIX24_CLIENT_ID" required:"serve" doc:"the app's id (a marketplace app: one pair for all portals)"`
	ClientSecret    Secret          `env:"BITRIX24_CLIENT_SECRET" required:"serve" doc:"the app's key that belongs to the id"`
	LocalApps       LocalApps       `env:"BITRIX24_LOCAL_APPS" doc:"JSON file with further pairs ‘[{\"portal\",\"client_id\",\"client_secret\"}]’ for local apps"`
	AuthServers     OriginList      `env:"BITRIX24_AUTH_SERVERS" envDefault:"https://oauth.bitrix.info,https://oauth.bitrix24.tech" doc:"allow-list of authorization servers; the first is the default"`
	PrivateNetworks PrivateNetworks `env:"BITRIX24_PRIVATE_NETWORKS" doc:"CIDRs, comma-separated, in which portals may have private addresses, such as ‘10.20.0.0/16’; https stays required, loopback and link-local addresses stay refused"`
	AllowInsecure   Switch          `env:"BITRIX24_ALLOW_INSECURE" envDefault:"false" doc:"permits ‘http’ and private or loopback addresses for portals and authorization servers. For demo, tests and closed networks only; logged as a warning at start"`
}

// Load reads the variables through getenv; an empty value is as good as none.
// An error is always Faults and tells everything that is wrong at once; the
// Config beside it is then of no use.
//
// With mode Demo or Portal, AllowInsecure is on whatever the environment says,
// and Database stays zero unless it is set: the demo then uses a folder of its
// own, so that it can't touch the data of a production server started in the
// same place. Drain is nothing unless it is set.
func Load(getenv func(string) string, mode Mode) (Config, error) {
	var c Config
	values, faults := readAll(getenv)
	faults = append(faults, parse(&c, values)...)
	if mode == Demo || mode == Simulator {
		c.AllowInsecure = true
		if values["SLOTFINDER_DRAIN"] == "" {
			c.Drain = 0
		}
		if values["SLOTFINDER_DATABASE"] == "" {
			c.Database = Database{}
		}
	}
	faults = append(faults, c.missing(mode, values, faults)...)
	faults = append(faults, c.conflicts(faults)...)
	if len(faults) > 0 {
		return Config{}, faults.sorted()
	}
	return c, nil
}

// parse fills the fields from their texts; a text that its type refuses is a fault.
func parse(c *Config, values map[string]string) Faults {
	err := env.ParseWithOptions(c, env.Options{Environment: values})
	return parseFaults(err)
}

// missing names the variables that the mode requires and that have no value.
func (c Config) missing(mode Mode, values map[string]string, known Faults) Faults {
	var faults Faults
	for _, v := range variables() {
		if v.required == mode && values[v.name] == "" && !known.name(v.name) {
			faults = append(faults, Fault{v.name, "is required by " + string(mode)})
		}
	}
	return faults
}

// conflicts names the variables whose values are right alone, but not together.
// A variable that is at fault already is left alone.
func (c Config) conflicts(known Faults) Faults {
	var faults Faults
	add := func(name, text string) {
		if !known.name(name) {
			faults = append(faults, Fault{name, text})
		}
	}
	if c.AdminListen != "" && c.AdminListen == c.Listen && !c.Listen.anyPort() {
		add("SLOTFINDER_ADMIN_LISTEN", "is the same address as SLOTFINDER_LISTEN")
	}
	if known.name("BITRIX24_ALLOW_INSECURE") || bool(c.AllowInsecure) {
		return faults
	}
	const rule = " must be https (http needs BITRIX24_ALLOW_INSECURE=true, for closed networks and tests)"
	if c.PublicURL.insecure() {
		add("SLOTFINDER_PUBLIC_URL", string(c.PublicURL)+rule)
	}
	for _, server := range c.AuthServers {
		if server.insecure() {
			add("BITRIX24_AUTH_SERVERS", string(server)+rule)
		}
	}
	return faults
}

// Level is the least severe level that is logged.
type Level slog.Level

// Level implements slog.Leveler.
func (l Level) Level() slog.Level { return slog.Level(l) }
