package company

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// userTests are the conditions of a filter; a user has to meet all. Like Bitrix24
// it ignores fields that do not exist.
func (c *call) userTests(filter php.Params) []func(*portal.User) bool {
	var tests []func(*portal.User) bool
	for _, f := range filter {
		operator, name := splitOperator(f.Key)
		if test := c.userTest(operator, name, f.Value); test != nil {
			tests = append(tests, test)
		}
	}
	return tests
}

// splitOperator takes the comparison off a filter key: ">=ID" is ">=" and "ID".
func splitOperator(key string) (operator, name string) {
	end := strings.IndexFunc(key, func(r rune) bool { return !strings.ContainsRune("!%=<>", r) })
	if end < 0 {
		return "", key
	}
	return key[:end], key[end:]
}

// userTest is one condition, nil for a field that does not exist.
func (c *call) userTest(operator, name string, want any) func(*portal.User) bool {
	switch name {
	case "ACTIVE":
		return func(u *portal.User) bool { return (u.Active == phpYes(want)) != (operator == "!") }
	case "NAME_SEARCH", "FIND":
		return c.search(name == "FIND", php.Text(want))
	case "HAS_DEPARTAMENT": // spelt so in Bitrix24
		return func(u *portal.User) bool { return (len(u.Departments) > 0) == phpYes(want) }
	}
	value := c.userField(name)
	if value == nil {
		return nil
	}
	wanted, isList := php.Items(want)
	if !isList {
		wanted = []any{want}
	}
	return func(u *portal.User) bool { return matches(operator, value(u), wanted) }
}

// userField reads a field that filters compare as text, nil for any other. A
// field may have several values.
func (c *call) userField(name string) func(*portal.User) []string {
	one := func(value func(*portal.User) string) func(*portal.User) []string {
		return func(u *portal.User) []string { return []string{value(u)} }
	}
	switch name {
	case "ID":
		return one(func(u *portal.User) string { return strconv.Itoa(u.ID) })
	case "NAME":
		return one(func(u *portal.User) string { return u.Name })
	case "LAST_NAME":
		return one(func(u *portal.User) string { return u.LastName })
	case "WORK_POSITION":
		return one(func(u *portal.User) string { return u.Position })
	case "USER_TYPE":
		return one(userType)
	case "IS_ONLINE":
		return one(func(*portal.User) string { return "N" })
	case "UF_DEPARTMENT_NAME":
		return c.company.DepartmentNames
	case "UF_DEPARTMENT":
		return func(u *portal.User) []string {
			var ids []string
			for _, id := range u.Departments {
				ids = append(ids, strconv.Itoa(id))
			}
			return ids
		}
	}
	return nil
}

// matches compares the values that a row has with those wanted. One equal pair is
// enough; with "!" there must be none.
func matches(operator string, has []string, wanted []any) bool {
	if rest, not := strings.CutPrefix(operator, "!"); not {
		return !matches(rest, has, wanted)
	}
	return slices.ContainsFunc(wanted, func(want any) bool {
		return slices.ContainsFunc(has, func(value string) bool { return compares(operator, value, php.Text(want)) })
	})
}

func compares(operator, value, want string) bool {
	order := strings.Compare(strings.ToLower(value), strings.ToLower(want))
	a, errA := strconv.Atoi(value)
	b, errB := strconv.Atoi(want)
	if errA == nil && errB == nil {
		order = a - b
	}
	switch operator {
	case "%":
		return strings.Contains(strings.ToLower(value), strings.ToLower(want))
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	}
	return order == 0
}

// phpYes is how filters read a flag: "N" and what PHP calls empty mean no. Any
// other text means yes, even the "false" of a form.
func phpYes(v any) bool {
	if s, ok := v.(string); ok && s == "N" {
		return false
	}
	return php.Bool(v)
}

// search tests whether each word of text begins a word of the user's names or, if
// wide, of their position or a department's name. Case and punctuation are
// ignored.
func (c *call) search(wide bool, text string) func(*portal.User) bool {
	asked := wordsOf(text)
	return func(u *portal.User) bool {
		in := u.Name + " " + u.LastName
		if wide {
			in += " " + u.Position + " " + strings.Join(c.company.DepartmentNames(u), " ")
		}
		have := wordsOf(in)
		return !slices.ContainsFunc(asked, func(word string) bool {
			return !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, word) })
		})
	}
}

// wordsOf splits text into lower-case words of letters and digits.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}
