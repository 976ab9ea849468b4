package bitrix24

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/civil"
)

// bigAnswer writes an availability answer as a portal does: so many people and
// days, about 4.3 entries per person and day, in one of two cultures.
func bigAnswer(people, days int, american bool) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	zones := []string{`Europe\/Moscow`, `Europe\/Berlin`, `America\/New_York`, `Asia\/Kolkata`}
	layout := "02.01.2006 15:04:05"
	if american {
		layout = `01\/02\/2006 03:04:05 pm`
	}
	var b bytes.Buffer
	b.WriteString(`{"result":{`)
	first := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	for p := range people {
		if p > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%d":[`, p+1)
		zone := zones[r.IntN(len(zones))]
		for n := range days * 43 / 10 {
			if n > 0 {
				b.WriteByte(',')
			}
			start := first.Add(time.Duration(r.IntN(days*96)) * 15 * time.Minute)
			end := start.Add(time.Duration(1+r.IntN(6)) * 15 * time.Minute)
			skip := "N"
			if r.IntN(20) == 0 {
				skip, start, end = "Y", start.Truncate(24*time.Hour), end.Truncate(24*time.Hour)
			}
			fmt.Fprintf(&b, `{"ID":"%d","NAME":"%s","DATE_FROM":"%s","DATE_TO":"%s","DATE_FROM_TS_UTC":"%d","DATE_TO_TS_UTC":"%d",`+
				`"~USER_OFFSET_FROM":7200,"~USER_OFFSET_TO":7200,"DT_SKIP_TIME":"%s","TZ_FROM":"%s","TZ_TO":"%s",`+
				`"ACCESSIBILITY":"%s","IMPORTANCE":"normal","EVENT_TYPE":null}`,
				r.IntN(1e6), [...]string{"[Busy]", "Planning [Busy]", "Встреча отдела"}[r.IntN(3)], start.Format(layout), end.Format(layout),
				start.Unix()-10800, end.Unix()-10800, skip, zone, zone, [...]string{"busy", "busy", "quest", "absent"}[r.IntN(4)])
		}
		b.WriteByte(']')
	}
	b.WriteString(`},"time":{"start":1773100000,"finish":1773100000.5}}`)
	return b.Bytes()
}

// plainEntry is what encoding/json decodes into for comparison.
type plainEntry struct {
	From string `json:"DATE_FROM"`
	To   string `json:"DATE_TO"`
	Zone string `json:"TZ_FROM"`
	Skip string `json:"DT_SKIP_TIME"`
}

func decodePlainly(body []byte) (n int, err error) {
	var answer struct {
		Result map[string][]plainEntry `json:"result"`
	}
	err = json.Unmarshal(body, &answer)
	for _, entries := range answer.Result {
		n += len(entries)
	}
	return n, err
}

// BenchmarkAnswer measures bytes to blocks against encoding/json alone, which is
// left with strings. The goal is a ratio of at most 0.15.
func BenchmarkAnswer(b *testing.B) {
	for _, culture := range []string{"dots", "american"} {
		body := bigAnswer(100, 31, culture == "american")
		residents := everyone(b, 100)
		during := civil.Span{Start: civil.Floor(time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)), End: civil.Floor(time.Date(2026, 4, 9, 0, 0, 0, 0, time.UTC))}
		blocks := func() (n int) {
			evidence := dateOrderVotes{window: windowFor(during)}
			if walkAnswer(body, &evidence) != nil {
				b.Fatal("walk")
			}
			found, err := newAnswerReader(evidence.winner(), nil, residents, during).read(b.Context(), body)
			if err != nil {
				b.Fatal(err)
			}
			for _, a := range found {
				if a.Unknown != "" {
					b.Fatal(a.Unknown)
				}
				n += len(a.Blocks)
			}
			return n
		}
		plain, err := decodePlainly(body)
		if err != nil || blocks() < plain*9/10 || strings.Count(string(body), "NAME") != plain {
			b.Fatal(blocks(), plain, err)
		}
		b.Run(culture, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			ours := compare(b, "×encoding/json", func() { blocks() }, func() { _, _ = decodePlainly(body) })
			b.ReportMetric(float64(ours)/float64(plain), "ns/entry")
		})
	}
}
