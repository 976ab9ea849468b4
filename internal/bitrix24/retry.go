package bitrix24

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// maxTries is how often a read is attempted, the first time included.
const maxTries = 4

// withRetry calls once until it succeeds, fails for good, or has failed maxTries times.
func (c *Client) withRetry(ctx context.Context, method string, once func() error) error {
	delay := &retryDelay{random: c.cfg.Rand}
	attempt := func() (struct{}, error) {
		err := once()
		var e *Error
		if !errors.As(err, &e) || !e.meaning().retry {
			return struct{}{}, backoff.Permanent(err)
		}
		delay.minimum, delay.tooFast = e.retryAfter, e.Code == codeTooFast
		return struct{}{}, err
	}
	options := []backoff.RetryOption{
		backoff.WithBackOff(delay),
		backoff.WithMaxTries(maxTries),
		backoff.WithNotify(func(err error, next time.Duration) {
			c.cfg.Log.WarnContext(ctx, "bitrix24: asking again", "method", method, "in", next, "err", err)
		}),
	}
	if end, ok := ctx.Deadline(); ok {
		// Don't begin a pause that would outlast ctx.
		options = append(options, backoff.WithMaxElapsedTime(time.Until(end)))
	}
	_, err := backoff.Retry(ctx, attempt, options...)
	var last *backoff.PermanentError
	if errors.As(err, &last) {
		return last.Err
	}
	return err
}

// retryDelay says how long to wait before a read is repeated: a random part of a time that
// doubles with each try. When the portal said that we are too fast, that time is twice as
// long, and the wait is at least half of it: the portal's bucket refills slowly.
type retryDelay struct {
	random  func() float64
	tries   int
	tooFast bool
	minimum time.Duration
}

// NextBackOff implements backoff.BackOff.
func (p *retryDelay) NextBackOff() time.Duration {
	longest := min(500*time.Millisecond<<p.tries, 30*time.Second)
	share := p.random()
	if p.tooFast {
		longest = min(2*longest, 30*time.Second)
		share = (1 + share) / 2
	}
	p.tries++
	return max(p.minimum, time.Duration(share*float64(longest)))
}

// Reset implements backoff.BackOff.
func (p *retryDelay) Reset() { p.tries = 0 }

// retryAfter reads the Retry-After header: seconds or a date.
func (c *Client) retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 && seconds < 1e6 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(c.cfg.Now()))
	}
	return 0
}
