package finder

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/meet"
)

// nobodyAsked fails the test when somebody is looked up.
type nobodyAsked struct {
	meet.Directory
	t *testing.T
}

func (d nobodyAsked) People(context.Context, meet.Member, []int64) (map[int64]meet.Person, error) {
	d.t.Error("people were looked up")
	return nil, nil
}

// TestTooManyPeopleAreNotLookedUp: with the searcher 500 colleagues are one too many,
// and the portal doesn't hear of it.
func TestTooManyPeopleAreNotLookedUp(t *testing.T) {
	t.Parallel()
	ids := make([]string, meet.MaxPeople)
	for i := range ids {
		ids[i] = fmt.Sprint(100 + i)
	}
	q, err := meet.ParseQuery(url.Values{"who": {strings.Join(ids, ",")}})
	if err != nil {
		t.Fatal(err)
	}
	var fault *meet.Error
	f := &Finder{Directory: nobodyAsked{t: t}, Now: func() time.Time { return time.Unix(0, 0) }}
	if _, err := f.Find(t.Context(), meet.Member{User: 7}, q); !errors.As(err, &fault) || fault.Fields["who"] != "field.too_many_people" {
		t.Errorf("%v", err)
	}
}
