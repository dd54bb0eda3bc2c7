//go:build !unix

package command

import "os/exec"

// ownGroup does nothing: without process groups only the program itself is stopped.
func ownGroup(*exec.Cmd) {}

// endGroup does nothing.
func endGroup(*exec.Cmd) {}
