//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemory returns the bytes that a process held at most.
func peakMemory(s *os.ProcessState) float64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss)
	}
	return 1024 * float64(usage.Maxrss)
}
