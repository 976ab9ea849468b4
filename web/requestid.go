package web

import (
	"crypto/rand"

	"github.com/labstack/echo/v4"
)

// requestKey is where the number of a request stands in its context.
const requestKey = "request"

// requestLength is that of a number in characters: 50 random bits, short enough to
// be read out on the telephone.
const requestLength = 10

// numberRequests gives each request a number of its own. It stands in all lines that
// the log has of the request, and on the page that tells somebody of a fault. It is
// random, so that it says nothing of other requests, and the caller has no part in it.
func numberRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Set(requestKey, rand.Text()[:requestLength])
		return next(c)
	}
}

// requestID is the number of a request.
func requestID(c echo.Context) string {
	id, _ := c.Get(requestKey).(string)
	return id
}
