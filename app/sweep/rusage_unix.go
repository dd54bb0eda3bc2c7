//go:build unix

package sweep

import (
	"os"
	"runtime"
	"syscall"
)

// peakBytes is the greatest resident memory of an ended process.
func peakBytes(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss) // bytes there, kibibytes elsewhere
	}
	return int64(usage.Maxrss) * 1024
}
