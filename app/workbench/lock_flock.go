//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package workbench

import (
	"errors"
	"os"
	"syscall"
)

// lockFile opens a file that only one process has at a time, whatever ends that process;
// free is false where another one has it. Where files can't be locked, all are free.
func lockFile(path string) (f *os.File, free bool) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, true
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		_ = f.Close() // nothing was written
		return nil, false
	}
	return f, true
}
