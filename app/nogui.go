//go:build nogui

package main

import "codecworkbench/app/sweep"

// openWindow is absent from builds without the window.
var openWindow func(sweep.Tools, []string) error
