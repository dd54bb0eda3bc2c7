//go:build unix

package beside

import (
	"syscall"
	"time"
)

// ProcessorTime returns how long the program's threads have computed.
func ProcessorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
