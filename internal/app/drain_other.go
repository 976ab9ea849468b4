//go:build !linux

package app

import "net"

// refuseNew does nothing: what Linux can do has no name in common.
func refuseNew(*net.TCPListener) {}
