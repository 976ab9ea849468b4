package bitrix24

import (
	"context"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// profileTimeout is shorter than that of other reads: a search that waits for the answer can
// do without it.
const profileTimeout = 3 * time.Second

// Self implements meet.Profiles. It costs one request. The answer is cached for ten minutes for
// callers that don't need it fresh. Failures are not cached.
func (c *Client) Self(ctx context.Context, m meet.Member, fresh bool) (meet.Profile, error) {
	if fresh {
		profile, err := c.readSelf(ctx, m)
		return profile, toMeetError(err)
	}
	if profile, ok := c.profiles.get(m); ok {
		return profile, nil
	}
	profile, err := coalesce(ctx, c, fmt.Sprint("self", m), func(ctx context.Context) (meet.Profile, error) {
		return c.readSelf(ctx, m)
	})
	return profile, toMeetError(err)
}

func (c *Client) readSelf(ctx context.Context, m meet.Member) (meet.Profile, error) {
	ctx, cancel := context.WithTimeout(ctx, profileTimeout)
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
	if profile.User != m.User { // the token is somebody else's
		return meet.Profile{}, &Error{Method: "profile", Status: 200, Err: errMissing}
	}
	c.profiles.put(m, profile, 1, began)
	return profile, nil
}
