package bitrix24

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

func TestOffice(t *testing.T) {
	t.Parallel()
	const plain = `{"work_time_start":"9","work_time_end":"19","year_holidays":"","week_holidays":["SA","SU"],"week_start":"MO"}`
	weekend := [7]bool{time.Saturday: true, time.Sunday: true}
	tests := []struct {
		name, hours, own string
		want             meet.Office
		zone             string
	}{
		{
			"as stored", `{"work_time_start":"9","work_time_end":"18.30","year_holidays":"1.01, 2.1,07.01,31.02,x,29.02","year_workdays":"31.12","week_holidays":["FR","SA"],"week_start":"SU"}`,
			`{"timezoneName":"Europe\/Berlin","timezoneOffsetUTC":3600}`,
			meet.Office{
				WorkStart: 540, WorkEnd: 1110, Weekend: [7]bool{time.Friday: true, time.Saturday: true},
				Holidays: []civil.YearDay{{Month: 1, Day: 1}, {Month: 1, Day: 2}, {Month: 1, Day: 7}, {Month: 2, Day: 29}},
				Workdays: []civil.YearDay{{Month: 12, Day: 31}}, WeekStart: time.Sunday,
			},
			"Europe/Berlin",
		},
		{
			"never set: numbers", `{"work_time_start":9,"work_time_end":19,"year_holidays":"1.01","week_holidays":[],"week_start":"MO"}`,
			`{"timezoneName":"Asia\/Calcutta"}`,
			meet.Office{WorkStart: 540, WorkEnd: 1140, Holidays: []civil.YearDay{{Month: 1, Day: 1}}, WeekStart: time.Monday},
			"Asia/Calcutta",
		},
		{
			"half past eleven at night as a number, a list with gaps", `{"work_time_start":"22.05","work_time_end":23.3,"week_holidays":{"1":"SU"},"week_start":"xx"}`,
			`{"timezoneName":"","timezoneOffsetUTC":"10800"}`,
			meet.Office{WorkStart: 1325, WorkEnd: 1410, Weekend: [7]bool{time.Sunday: true}, WeekStart: time.Monday},
			"Etc/GMT-3",
		},
		{
			"no employee: the hours only", `{"work_time_start":9,"work_time_end":19}`, `{"timezoneOffsetUTC":20700}`,
			meet.Office{WorkStart: 540, WorkEnd: 1140, Weekend: weekend, WeekStart: time.Monday, Guest: true},
			"UTC+05:45",
		},
		{
			"nonsense beside the hours", `{"work_time_start":"9","work_time_end":"19","year_holidays":false,"year_workdays":[],"week_holidays":["XX"],"week_start":[]}`, `[]`,
			meet.Office{WorkStart: 540, WorkEnd: 1140, WeekStart: time.Monday},
			"Etc/GMT-3",
		},
		{
			"end before start: an hour", `{"work_time_start":"18","work_time_end":"9","week_holidays":["SA","SU"]}`, `{"timezoneName":"Mars\/Olympus"}`,
			meet.Office{WorkStart: 1080, WorkEnd: 1140, Weekend: weekend, WeekStart: time.Monday},
			"Etc/GMT-3",
		},
		{
			"half past eleven at night to half past eleven", `{"work_time_start":"23.30","work_time_end":23.3,"week_holidays":["SA","SU"]}`, `{}`,
			meet.Office{WorkStart: 1410, WorkEnd: 1440, Weekend: weekend, WeekStart: time.Monday},
			"Etc/GMT-3",
		},
		{
			"until midnight", `{"work_time_start":"0","work_time_end":"24","week_holidays":["SA","SU"]}`, `null`,
			meet.Office{WorkStart: 0, WorkEnd: 1440, Weekend: weekend, WeekStart: time.Monday},
			"Etc/GMT-3",
		},
		{
			"the zone of the process is none", plain, `{"timezoneName":"Local"}`,
			meet.Office{WorkStart: 540, WorkEnd: 1140, Weekend: weekend, WeekStart: time.Monday},
			"Etc/GMT-3",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{"batch": ok(fmt.Sprintf(
				`{"result":{"result":{"c0":%s,"c1":%s},"result_error":[],"result_total":[],"result_next":[]},"time":{"start":1,"date_start":"2026-03-10T02:46:40+03:00"}}`, test.hours, test.own))})
			c := f.client(t)
			got, err := c.Office(t.Context(), anna)
			if err != nil {
				t.Fatal(err)
			}
			if got.Zone.String() != test.zone {
				t.Errorf("zone %v, want %s", got.Zone, test.zone)
			}
			got.Zone = nil
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, err := c.Office(t.Context(), anna); err != nil || f.count() != 1 {
				t.Errorf("asked again: %d requests, %v", f.count(), err)
			}
		})
	}
}

// Working hours are never made up.
func TestOfficeWithoutHours(t *testing.T) {
	t.Parallel()
	for _, hours := range []string{
		`null`, `[]`, `false`, `""`, `"Access denied"`, `0`, `{}`, `{"work_time_start":"9"}`, `{"work_time_end":"19"}`, `{"week_holidays":["SA"]}`,
		`{"work_time_start":null,"work_time_end":null}`, `{"work_time_start":"","work_time_end":""}`,
		`{"work_time_start":"morning","work_time_end":"19"}`, `{"work_time_start":"9","work_time_end":{}}`,
		`{"work_time_start":"24","work_time_end":"9"}`, `{"work_time_start":"9","work_time_end":"25"}`,
	} {
		f := newFake(map[string]func(request) answer{"batch": inTurn(
			ok(`{"result":{"result":{"c0":`+hours+`,"c1":{"timezoneName":"UTC","timezoneOffsetUTC":0}},"result_error":[]},"time":[]}`), ok(berlinSettings))})
		c := f.client(t)
		got, err := c.Office(t.Context(), anna)
		var e *meet.Error
		if !errors.As(err, &e) || e.Kind != meet.Unavailable || e.Key != "error.portal_answer" {
			t.Errorf("%s: got %+v, %v", hours, got, err)
		}
		if _, err := c.Office(t.Context(), anna); err != nil {
			t.Errorf("%s: the failure was remembered: %v", hours, err)
		}
	}
}

// A failure to read the member's own settings is not cached for five minutes.
func TestOfficeWithoutOwnSettings(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"batch": inTurn(ok(
		`{"result":{"result":{"c0":{"work_time_start":"8","work_time_end":"17"}},"result_error":{"c1":{"error":"","error_description":"x"}},"result_total":[],"result_next":[]},"time":[]}`), ok(berlinSettings))})
	c := f.client(t)
	for _, want := range []string{"UTC", "Europe/Berlin", "Europe/Berlin"} {
		got, err := c.Office(t.Context(), anna)
		if err != nil || got.Zone.String() != want {
			t.Errorf("got %+v, %v; want %s", got, err, want)
		}
	}
	if f.count() != 2 {
		t.Errorf("%d requests, want 2", f.count())
	}
}

// Times of absences are relative to the token user's offset of today (FACTS.md fact 49). Without
// it they are not guessed. People without such absences stay known.
func TestAbsenceWithoutTheOffset(t *testing.T) {
	t.Parallel()
	for _, own := range []string{
		`"c1":[]`, `"c1":null`, `"c1":{}`, `"c1":{"timezoneName":"Europe\/Berlin"}`, `"c1":{"timezoneName":"Europe\/Berlin","timezoneOffsetUTC":""}`,
		`"c1":{"timezoneName":"Europe\/Berlin","timezoneOffsetUTC":null}`, `"c1":{"timezoneOffsetUTC":"999999"}`, `"cx":0`,
	} {
		f := newFake(map[string]func(request) answer{
			"batch": ok(`{"result":{"result":{"c0":{"work_time_start":9,"work_time_end":19},` + own + `},"result_error":[]},"time":{"date_start":"2026-03-10T02:46:40+03:00"}}`),
			"calendar.accessibility.get": ok(`{"result":{
				"1":[{"FROM_HR":true,"ID":"346","DT_FROM":"19.03.2026 13:30:00","DT_TO":"19.03.2026 16:00:00","ACCESSIBILITY":"absent"}],
				"2":[{"FROM_HR":true,"ID":"345","DT_FROM":"18.03.2026","DT_TO":"20.03.2026","ACCESSIBILITY":"absent"}],
				"3":[]}}`),
		})
		people := []meet.Resident{{ID: 1, Zone: time.UTC}, {ID: 2, Zone: time.UTC}, {ID: 3, Zone: time.UTC}}
		got, err := f.client(t).Busy(t.Context(), anna, people, between(t, "2026-03-01 00:00", "2026-04-05 00:00"), false)
		if err != nil {
			t.Fatal(err)
		}
		want := map[int64]string{1: "unknown: unreadable", 2: "03-18 00:00 - 03-21 00:00 all-day absent #0", 3: ""}
		for id, want := range want {
			if show(got[id]) != want {
				t.Errorf("%s: person %d is %q, want %q", own, id, show(got[id]), want)
			}
		}
	}
}

func TestOfficeFails(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"batch": inTurn(
		ok(`{"result":{"result":[],"result_error":{"c0":{"error":"insufficient_scope","error_description":""}}}}`), ok(berlinSettings))})
	c := f.client(t)
	if _, err := c.Office(t.Context(), anna); meet.KindOf(err) != meet.Unsupported {
		t.Errorf("got %v", err)
	}
	if _, err := c.Office(t.Context(), anna); err != nil {
		t.Errorf("the failure was remembered: %v", err)
	}
}
