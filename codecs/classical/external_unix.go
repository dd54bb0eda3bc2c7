//go:build unix

package classical

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the program into a process group, which is stopped as a whole: an
// encoder may be a script that starts the real one.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
