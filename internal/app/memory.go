package app

import (
	"io/fs"
	"log/slog"
	"math"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// limitMemory keeps the garbage collector from growing the heap beyond what the
// container has: 90 % of it, or what GOMEMLIMIT says where that is less. Without either
// there is no limit. root is the file system of the machine.
func limitMemory(root fs.FS, log *slog.Logger) {
	limit := debug.SetMemoryLimit(-1) // what the runtime has made of GOMEMLIMIT
	if most, ok := containerMemory(root); ok {
		limit = min(limit, most/10*9)
	}
	if limit == math.MaxInt64 {
		log.Info("no limit of memory", "hint", "set GOMEMLIMIT")
		return
	}
	debug.SetMemoryLimit(limit)
	log.Info("limit of memory", "bytes", limit)
}

// containerMemory returns the least limit, in bytes, of the control groups that the
// program is in: version 2, else version 1.
func containerMemory(root fs.FS) (least int64, ok bool) {
	least = math.MaxInt64
	for _, name := range limitFiles(root) {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			continue
		}
		// "max", and numbers near the greatest of version 1, are no limit.
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && 0 < n && n < 1<<60 {
			least = min(least, n)
		}
	}
	return least, least < math.MaxInt64
}

// limitFiles are the files that may hold a limit: those of our group and of all groups
// around it. A container sees its own group as the outermost.
func limitFiles(root fs.FS) []string {
	const v1, v2 = "sys/fs/cgroup/memory", "sys/fs/cgroup"
	groups, _ := fs.ReadFile(root, "proc/self/cgroup") // none: not Linux
	files := []string{v2 + "/memory.max", v1 + "/memory.limit_in_bytes"}
	for line := range strings.Lines(string(groups)) {
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		for group = path.Clean("/" + group); group != "/"; group = path.Dir(group) {
			switch controllers {
			case "":
				files = append(files, v2+group+"/memory.max")
			case "memory":
				files = append(files, v1+group+"/memory.limit_in_bytes")
			}
		}
	}
	return files
}
