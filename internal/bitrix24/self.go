package bitrix24

import (
	"context"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// selfPatience is less than for other questions: a search that waits for the answer
// can do without it.
const selfPatience = 3 * time.Second

// Self implements meet.Profiles. It costs one request, and is remembered for ten
// minutes for those who don't need it fresh. No failure is remembered.
func (c *Client) Self(ctx context.Context, m meet.Member, fresh bool) (meet.Profile, error) {
	if fresh {
		profile, err := c.readSelf(ctx, m)
		return profile, explain(err)
	}
	if profile, ok := c.profiles.get(m); ok {
		return profile, nil
	}
	profile, err := together(ctx, c, fmt.Sprint("self", m), func(ctx context.Context) (meet.Profile, error) {
		return c.readSelf(ctx, m)
	})
	return profile, explain(err)
}

func (c *Client) readSelf(ctx context.Context, m meet.Member) (meet.Profile, error) {
	ctx, cancel := context.WithTimeout(ctx, selfPatience)
	defer cancel()
	began := c.cfg.Now()
	var profile meet.Profile
	err := c.read(ctx, m, "profile", nil, func(body []byte) (err error) {
		profile, err = readProfile(body)
		return err
	})
	if err != nil {
		return meet.Profile{}, err
	}
	if profile.User != m.User { // no token of his
		return meet.Profile{}, &Error{Method: "profile", Status: 200, Err: errMissing}
	}
	c.profiles.put(m, profile, 1, began)
	return profile, nil
}
