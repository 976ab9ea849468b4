package bitrix24

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
)

// recorder is a visitor that records everything, with all escapes resolved.
type recorder struct{ lines []string }

func (r *recorder) person(id []byte, list bool) bool {
	r.lines = append(r.lines, fmt.Sprintf("person %q list %v", unescaped(id), list))
	return true
}

func (r *recorder) entry(e *entry) bool {
	line := fmt.Sprintf("broken %v chart %v", e.broken, e.absence)
	for f, v := range e.value {
		if v != nil {
			line += fmt.Sprintf(" %d=%q", f, unescaped(v))
		}
	}
	r.lines = append(r.lines, line)
	return true
}

// member is a name and value of an object, or a value of an array.
type member struct {
	key string
	raw json.RawMessage
}

// membersOf takes an object or array apart with encoding/json.
func membersOf(raw json.RawMessage) []member {
	d := json.NewDecoder(bytes.NewReader(raw))
	open, _ := d.Token()
	var all []member
	for d.More() {
		var m member
		if open == json.Delim('{') {
			key, _ := d.Token()
			m.key = key.(string)
		}
		if d.Decode(&m.raw) != nil {
			return nil
		}
		all = append(all, m)
	}
	return all
}

// textOf is a value as an entry holds it.
func textOf(raw json.RawMessage) []byte {
	var s string
	switch {
	case string(raw) == "null":
		return nil
	case raw[0] == '"' && json.Unmarshal(raw, &s) == nil:
		return append([]byte{}, s...)
	}
	return unescaped(raw)
}

// reference does with encoding/json what walkAnswer does.
func reference(body []byte) []string {
	var r recorder
	for _, top := range membersOf(body) {
		if top.key != "result" || top.raw[0] != '{' {
			continue
		}
		for _, person := range membersOf(top.raw) {
			list := person.raw[0] == '['
			r.lines = append(r.lines, fmt.Sprintf("person %q list %v", person.key, list))
			if !list {
				continue
			}
			for _, element := range membersOf(person.raw) {
				values := map[field][]byte{}
				broken := element.raw[0] != '{'
				if !broken {
					for _, m := range membersOf(element.raw) {
						if f := fieldOf([]byte(m.key)); f != ignored {
							values[f] = textOf(m.raw)
						}
					}
				}
				line := fmt.Sprintf("broken %v chart %v", broken, isYes(values[absenceMark]))
				for f := range fields {
					if values[f] != nil {
						line += fmt.Sprintf(" %d=%q", f, values[f])
					}
				}
				r.lines = append(r.lines, line)
			}
		}
	}
	return r.lines
}

var oddAnswers = []string{
	`{"result":{"7":[{"ID":"5012","NAME":"[Busy]","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DATE_FROM_TS_UTC":"1773122400","DATE_TO_TS_UTC":"1773126000","~USER_OFFSET_FROM":14400,"~USER_OFFSET_TO":14400,"DT_SKIP_TIME":"N","TZ_FROM":"Asia\/Yekaterinburg","TZ_TO":null,"ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}],"12":[]},"time":{"start":1}}`,
	`{"result":{"7":[{"FROM_HR":true,"ID":"345","DT_FROM":"18.03.2026","DT_TO":"20.03.2026","ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773781200,"TO":1773954000}]}}`,
	` { "time" : [ ] , "result" : { "7" : [ { "ID" : 5 , "NAME" : "a \" \\" , "X" : { "ID" : [ 1 , { } ] } } , null , 3 , "x" , [ ] ] , "8" : { } , "9" : null } } `,
	`{"result":{"7":[{"\u0049D":"1","ID":"\u0032","TZ_FROM":"","TZ_TO":{"a":"}"},"DATE_TO":["]"]}]},"result":[]}`,
	`{"result":[],"time":{}}`, `{"result":"Access denied"}`, `{}`, `[]`, `null`, `"x"`, `7`,
	`{"result":{"":[{}]}}`, `{"result":{"7":[{"NAME":"\\","ID":"\\\"","DATE_FROM":"\\\\"}]}}`,
	"{\"result\":{\"7\":[{\"ID\":\"\xff\"}]}}",
}

func TestWalkSeesWhatEncodingJSONSees(t *testing.T) {
	t.Parallel()
	for _, body := range oddAnswers {
		var got recorder
		if err := walkAnswer([]byte(body), &got); err != nil && body[0] == '{' {
			t.Errorf("%s: %v", body, err)
		}
		if body[0] != '{' && body[0] != ' ' {
			continue
		}
		if diff := cmp.Diff(reference([]byte(body)), got.lines); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

// An answer that is cut off is noticed, wherever it is cut.
func TestCutAnswers(t *testing.T) {
	t.Parallel()
	for _, body := range oddAnswers[:4] {
		whole := bytes.TrimSpace([]byte(body))
		for n := range whole {
			if err := walkAnswer(whole[:n], &recorder{}); !errors.Is(err, errNotJSON) {
				t.Fatalf("%s: %v", whole[:n], err)
			}
		}
	}
}

func TestNoJSON(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", " ", "<html>", `{"result":{}} x`, `{"result":{}}}`, `{"result":{"7":[}]}`, `{"result":{,}}`, `{"result" {}}`, `{result:{}}`, `{"result":{"7":[{"ID":}]}}`, `{"result":{"7":[{"ID":"1"},]}}x`, `{"result":{"7":[1 2]}}`, `{"result":{"7":[{"ID" "1"}]}}`, `{"a":,}`, `{"a"::1}`} {
		if err := walkAnswer([]byte(body), &recorder{}); !errors.Is(err, errNotJSON) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// Hostile answers of a megabyte take time in proportion to their length. If it were its square,
// this test would take minutes.
func TestWalkIsLinear(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"[", "{", `\\`, `"`, `\"`, `"\\`, `{"a":`, `{"ID":"1"},`, `"a":1,`, " ", ","} {
		for _, head := range []string{"", `{"a":`, `{"result":{"7":[`, `{"result":{"7":[{"NAME":"`, `{"`} {
			_ = walkAnswer(append([]byte(head), bytes.Repeat([]byte(piece), 1<<20/len(piece))...), &recorder{})
		}
	}
}

// leaver is a visitor whose context ends at the third entry.
type leaver struct {
	recorder
	seen  int
	leave func()
}

func (l *leaver) entry(e *entry) bool {
	if l.seen++; l.seen == 3 {
		l.leave()
	}
	return l.recorder.entry(e)
}

// A long answer is read no further when nobody waits for it any more.
func TestWalkEndsWhenNobodyWaits(t *testing.T) {
	t.Parallel()
	body := bigAnswer(4, 1000, true)
	ctx, cancel := context.WithCancel(t.Context())
	l := &leaver{leave: cancel}
	if err := walkContext(ctx, body, l); !errors.Is(err, context.Canceled) || l.seen != 3 {
		t.Errorf("%d entries were read; %v", l.seen, err)
	}
	l = &leaver{leave: func() {}}
	if err := walkContext(t.Context(), body, l); err != nil || l.seen < 4000 {
		t.Errorf("%d entries were read; %v", l.seen, err)
	}
	r := newAnswerReader(dayFirst, nil, nil, civil.Span{})
	if found, err := r.read(ctx, body); !errors.Is(err, context.Canceled) || found != nil {
		t.Errorf("what was read of it is taken for an answer: %v, %v", found, err)
	}
}

func FuzzWalk(f *testing.F) {
	for _, body := range oddAnswers {
		f.Add([]byte(body))
	}
	f.Add(bigAnswer(2, 2, true))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got recorder
		err := walkAnswer(body, &got)
		if !json.Valid(body) || bytes.TrimSpace(body)[0] != '{' {
			return // what encoding/json refuses must only not break us
		}
		if err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if diff := cmp.Diff(reference(body), got.lines); diff != "" {
			t.Errorf("%q (-want +got):\n%s", body, diff)
		}
	})
}
