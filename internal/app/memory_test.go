package app

import (
	"io"
	"io/fs"
	"log/slog"
	"math"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
)

// machine is a file system with some files.
func machine(files ...string) fs.FS {
	m := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		m[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return m
}

func TestContainerMemory(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		root fs.FS
		want int64 // 0 = no limit
	}{
		"no Linux":                 {machine(), 0},
		"no limit":                 {machine("proc/self/cgroup", "0::/\n", "sys/fs/cgroup/memory.max", "max\n"), 0},
		"a container":              {machine("proc/self/cgroup", "0::/\n", "sys/fs/cgroup/memory.max", "536870912\n"), 512 << 20},
		"a service":                {machine("proc/self/cgroup", "0::/system.slice/slotfinder.service\n", "sys/fs/cgroup/system.slice/slotfinder.service/memory.max", "1073741824\n"), 1 << 30},
		"a slice around a service": {machine("proc/self/cgroup", "0::/small.slice/slotfinder.service\n", "sys/fs/cgroup/small.slice/memory.max", "1000\n", "sys/fs/cgroup/small.slice/slotfinder.service/memory.max", "max\n"), 1000},
		"version 1":                {machine("proc/self/cgroup", "9:memory:/docker/abc\n1:name=systemd:/x\n", "sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "2000\n"), 2000},
		"version 1 in a container": {machine("proc/self/cgroup", "9:memory:/docker/abc\n", "sys/fs/cgroup/memory/memory.limit_in_bytes", "3000\n"), 3000},
		"version 1 without limit":  {machine("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"), 0},
		"nonsense":                 {machine("proc/self/cgroup", "::\n0::/../../x\n\n", "sys/fs/cgroup/memory.max", "much\n"), 0},
	} {
		if got, ok := containerMemory(c.root); ok != (c.want > 0) || ok && got != c.want {
			t.Errorf("%s: %d %v, want %d", name, got, ok, c.want)
		}
	}
}

// TestMemoryIsLimited: by the container, or by GOMEMLIMIT where that is less; and the
// log says so.
func TestMemoryIsLimited(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	small := machine("sys/fs/cgroup/memory.max", "10000000000")
	for name, c := range map[string]struct {
		root       fs.FS
		told, want int64
	}{
		"a container":              {small, math.MaxInt64, 9_000_000_000},
		"told less":                {small, 8_000_000_000, 8_000_000_000},
		"told more than there is":  {small, 20_000_000_000, 9_000_000_000},
		"told, and no container":   {machine(), 8_000_000_000, 8_000_000_000},
		"neither told nor limited": {machine(), math.MaxInt64, math.MaxInt64},
	} {
		debug.SetMemoryLimit(c.told)
		var log strings.Builder
		limitMemory(c.root, slog.New(slog.NewTextHandler(io.Writer(&log), nil)))
		if got := debug.SetMemoryLimit(-1); got != c.want || !strings.Contains(log.String(), "limit of memory") {
			t.Errorf("%s: %d, want %d; %s", name, got, c.want, log.String())
		}
	}
}
