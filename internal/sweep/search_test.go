package sweep

import (
	"reflect"
	"testing"
	"time"
)

// People need not be painted again only if none of the rules changes that decide what is
// painted and where.
func TestRefines(t *testing.T) {
	t.Parallel()
	refinable := map[string]bool{
		"Days": true, "Hours": true, "Now": true, "Notice": true, "Quorum": true, "Any": true, "Prefer": true,
	}
	for i := range reflect.TypeFor[Rules]().NumField() {
		before, after := rules("2026-05-05"), rules("2026-05-05")
		change(reflect.ValueOf(&after).Elem().Field(i))
		name := reflect.TypeFor[Rules]().Field(i).Name
		if got := after.refines(&before); got != refinable[name] {
			t.Errorf("another %s refines: %v", name, got)
		}
	}
}

// change gives a field of the rules another value.
func change(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int32:
		v.SetInt(v.Int() + 5)
	case reflect.Pointer:
		v.Set(reflect.ValueOf(time.Local))
	case reflect.Array:
		change(v.Index(0))
	case reflect.Struct:
		change(v.Field(v.NumField() - 1))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	default:
		panic(v.Kind().String())
	}
}
