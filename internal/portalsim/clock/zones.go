package clock

import (
	"strings"
	"time"
)

// Zones gives the time zone of a name: the rules that a portal's clocks go by. A
// portal's server may have older ones than its visitors, or newer.
type Zones func(name string) (*time.Location, error)

// ZoneCache remembers time zones by name; reading one from the tz database is slow.
type ZoneCache struct {
	Load  Zones
	known map[string]*time.Location
}

// NewZoneCache goes by load, or without it by the rules of the machine.
func NewZoneCache(load Zones) *ZoneCache {
	if load == nil {
		load = time.LoadLocation
	}
	return &ZoneCache{Load: load, known: map[string]*time.Location{}}
}

// Get is the zone of that name. Without a name, or with one nobody knows, it is
// UTC: Bitrix24 then reckons with an offset of 0 (calendar fact sheet, 4.1).
func (z *ZoneCache) Get(name string) *time.Location {
	if zone, ok := z.known[name]; ok {
		return zone
	}
	zone, err := z.Load(name)
	if err != nil || name == "" {
		zone = time.UTC
	}
	z.known[name] = zone
	return zone
}

// Offset is what the zone called name is ahead of UTC at t, in seconds.
func (z *ZoneCache) Offset(name string, t time.Time) int64 {
	return int64(OffsetAt(t, z.Get(name)))
}

// Must is the zone that the seed itself names.
func (z *ZoneCache) Must(name string) *time.Location {
	zone, err := z.Load(name)
	if err != nil {
		panic("portalsim: the seed names an unknown zone: " + name)
	}
	return zone
}

// Listed tells whether PHP lists name among its zones. Bitrix24 accepts no
// other: an old name such as Asia/Calcutta silently becomes the server's zone
// (calendar fact sheet, section 6.1).
func (z *ZoneCache) Listed(name string) bool {
	area, _, found := strings.Cut(name, "/")
	if name == "UTC" {
		return true
	}
	if !found || !strings.Contains(" Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific ", " "+area+" ") {
		return false
	}
	if strings.Contains(oldZones, " "+name+" ") {
		return false
	}
	_, err := z.Load(name)
	return err == nil
}

// oldZones are former names of zones that still look like Area/City; PHP keeps
// them readable but out of its list.
const oldZones = " Africa/Asmera America/Buenos_Aires America/Catamarca America/Cordoba America/Godthab " +
	"America/Indianapolis America/Jujuy America/Louisville America/Mendoza America/Montreal America/Santa_Isabel " +
	"America/Shiprock Asia/Ashkhabad Asia/Calcutta Asia/Chongqing Asia/Chungking Asia/Dacca Asia/Harbin " +
	"Asia/Istanbul Asia/Kashgar Asia/Katmandu Asia/Macao Asia/Rangoon Asia/Saigon Asia/Tel_Aviv Asia/Thimbu " +
	"Asia/Ujung_Pandang Asia/Ulan_Bator Atlantic/Faeroe Australia/ACT Australia/Canberra Australia/North " +
	"Australia/NSW Australia/Queensland Australia/South Australia/Tasmania Australia/Victoria Australia/West " +
	"Europe/Belfast Europe/Kiev Europe/Nicosia Europe/Tiraspol Europe/Uzhgorod Europe/Zaporozhye " +
	"Pacific/Enderbury Pacific/Ponape Pacific/Samoa Pacific/Truk Pacific/Yap "
