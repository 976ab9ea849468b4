package php

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		value any
		want  string
	}{
		{"slash", "Europe/Moscow", `"Europe\/Moscow"`},
		{"the four marks", `<a href='x'>&"`, `"\u003Ca href=\u0027x\u0027\u003E\u0026\u0022"`},
		{"backslash and control", "\\\b\f\n\r\t\x01\x1f", `"\\\b\f\n\r\t\u0001\u001f"`},
		{"cyrillic stays", "Под вопросом", `"Под вопросом"`},
		{"emoji stays", "🗓", `"🗓"`},
		{"line separators", "\u2028\u2029", `"\u2028\u2029"`},
		{"broken bytes", "a\xffb", "\"a\uFFFDb\""},
		{"empty map", Array{}, `[]`},
		{"nil map", Array(nil), `[]`},
		{"empty object", EmptyObject{}, `{}`},
		{"order is kept", Array{{"z", 1}, {"a", nil}}, `{"z":1,"a":null}`},
		{"numbered keys", Array{{"0", "x"}, {"1", "y"}}, `["x","y"]`},
		{"numbered keys with a gap", Array{{"1", "y"}}, `{"1":"y"}`},
		{"numbered keys out of order", Array{{"1", "y"}, {"0", "x"}}, `{"1":"y","0":"x"}`},
		{"key is escaped", Array{{"a/'b", true}}, `{"a\/\u0027b":true}`},
		{"offset key", Array{{"~USER_OFFSET_FROM", 14400}}, `{"~USER_OFFSET_FROM":14400}`},
		{"rows", []Array{{{"ID", "7"}}, {}}, `[{"ID":"7"},[]]`},
		{"ints", []int{1, 7}, `[1,7]`},
		{"no rows", []Array(nil), `[]`},
		{"nested", Array{{"7", []any{}}, {"12", Array{}}}, `{"7":[],"12":[]}`},
		{"int64", int64(1773122400), `1773122400`},
		{"whole float", 1773122400.0, `1773122400`},
		{"fraction", 1721913235.39, `1721913235.39`},
		{"tiny", 0.00001, `1.0e-5`},
		{"huge", 1e25, `1.0e+25`},
		{"zero", 0.0, `0`},
		{"not a number", math.NaN(), `0`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			same(t, tc.want, string(Encode(tc.value)))
		})
	}
}

func TestEncodedStringsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		var got string
		if err := json.Unmarshal(Encode(text), &got); err != nil {
			t.Fatal(err)
		}
		if got != text {
			t.Fatalf("%q came back as %q", text, got)
		}
	})
}

func TestEncodeRefusesValuesThatPHPDoesNotHave(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a Go map was written, in random order")
		}
	}()
	Encode(map[string]any{"a": 1})
}
