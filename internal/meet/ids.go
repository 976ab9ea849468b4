package meet

import (
	"strconv"
	"strings"
)

// Distinct returns ids once each, in order.
func Distinct(ids []int64) []int64 { return Without(ids, nil) }

// Without returns ids once each, in order, less those in drop.
func Without(ids, drop []int64) []int64 {
	seen := make(map[int64]bool, len(ids)+len(drop))
	for _, id := range drop {
		seen[id] = true
	}
	var kept []int64
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

// JoinIDs writes ids as parameters have them.
func JoinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

func parseIDs(items []string) ([]int64, bool) {
	var ids []int64
	for _, item := range items {
		id, ok := parseNumber(strings.TrimSpace(item), 1<<53-1)
		if !ok || id == 0 {
			return ids, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// parseNumber reads decimal digits only: no sign, no space, no exponent.
func parseNumber(text string, most int64) (int64, bool) {
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n <= most
}
