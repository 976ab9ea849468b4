package clock

import (
	"strings"
	"time"
)

// Zones gives the time zone of a name. The rules of a portal's server may be older
// or newer than those of its visitors.
type Zones func(name string) (*time.Location, error)

// ZoneCache remembers time zones by name, because reading one from the tz database
// is slow.
type ZoneCache struct {
	Load  Zones
	known map[string]*time.Location
}

// NewZoneCache takes zones from load, or from the machine if that is nil.
func NewZoneCache(load Zones) *ZoneCache {
	if load == nil {
		load = time.LoadLocation
	}
	return &ZoneCache{Load: load, known: map[string]*time.Location{}}
}

// Get is the zone with that name. Without a name, or with an unknown one, it is
// UTC: Bitrix24 then reckons with an offset of 0.
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

// Offset is how many seconds the zone with that name is ahead of UTC at t.
func (z *ZoneCache) Offset(name string, t time.Time) int64 {
	return int64(OffsetAt(t, z.Get(name)))
}

// Must is the zone with a name that is part of the program.
func (z *ZoneCache) Must(name string) *time.Location {
	zone, err := z.Load(name)
	if err != nil {
		panic("portalsim: the seed names an unknown zone: " + name)
	}
	return zone
}

// Listed reports whether PHP lists the name among its zones. Bitrix24 accepts no
// other: an old name such as Asia/Calcutta silently becomes the server's zone.
func (z *ZoneCache) Listed(name string) bool {
	area, _, found := strings.Cut(name, "/")
	if name == "UTC" {
		return true
	}
	if !found || !strings.Contains(areas, " "+area+" ") {
		return false
	}
	if strings.Contains(oldZones, " "+name+" ") {
		return false
	}
	_, err := z.Load(name)
	return err == nil
}

// areas are what PHP's zones begin with.
const areas = " Africa America Antarctica Arctic Asia Atlantic Australia Europe Indian Pacific "

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
