package config

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Fault is one thing that is wrong with one variable.
type Fault struct {
	Name string // the variable, without _FILE
	Text string // what is wrong, in one line; never a secret
}

// String is the line that tells it: NAME: text.
func (f Fault) String() string { return f.Name + ": " + f.Text }

// Faults is everything that is wrong, in the order of the variables in Config.
type Faults []Fault

// Error has one line per fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

func (f Faults) name(name string) bool {
	return slices.ContainsFunc(f, func(fault Fault) bool { return fault.Name == name })
}

func (f Faults) sorted() Faults {
	order := map[string]int{}
	for i, v := range variables() {
		order[v.name] = i
	}
	slices.SortStableFunc(f, func(a, b Fault) int { return cmp.Compare(order[a.Name], order[b.Name]) })
	return f
}

// parseFaults translates the errors of the env package, which name the field of
// the struct, into faults, which name the variable.
func parseFaults(err error) Faults {
	all, ok := errors.AsType[env.AggregateError](err)
	if !ok {
		return nil
	}
	var faults Faults
	for _, one := range all.Errors {
		e, ok := errors.AsType[env.ParseError](one)
		if !ok {
			// Config's tags use no other feature of env, so this is a fault of ours.
			panic("config: " + one.Error())
		}
		field, _ := reflect.TypeFor[Config]().FieldByName(e.Name)
		faults = append(faults, Fault{field.Tag.Get("env"), e.Err.Error()})
	}
	return faults
}
