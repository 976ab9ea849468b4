package app

import (
	"net"

	"golang.org/x/sys/unix"
)

// refuseNew has the kernel drop what begins a connection to the listener, and nothing
// else. Clients try again after a second, and find another server or none; they have
// sent nothing yet. Where it does not work a few may be cut off.
func refuseNew(listener *net.TCPListener) {
	const flags, syn = 13, 2 // of the TCP header, with which a packet begins here
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: flags},
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, Jf: 1, K: syn},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0},
		{Code: unix.BPF_RET | unix.BPF_K, K: 1<<32 - 1},
	}
	raw, err := listener.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
		_ = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &filter)
	})
}
