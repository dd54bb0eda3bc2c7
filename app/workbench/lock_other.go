//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package workbench

import "os"

// lockFile opens the file that tells of a crash. Files are not locked here: of two
// windows, the one that saves last has the session.
func lockFile(path string) (f *os.File, free bool) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, true
	}
	return f, true
}
