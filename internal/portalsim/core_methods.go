package portalsim

// coreMethods are the REST methods that are not the calendar's, by lower-case
// name.
func coreMethods() map[string]method {
	return map[string]method{
		"server.time": {run: serverTime},
	}
}

// serverTime is server.time: the instant in the server's zone.
func serverTime(c *call) (result, error) {
	return result{value: c.now.In(c.portal.zone()).Format("2006-01-02T15:04:05-07:00")}, nil
}
