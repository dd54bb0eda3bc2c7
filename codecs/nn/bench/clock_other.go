//go:build !unix

package main

import "time"

var began = time.Now()

// processorTime is wall time where there is no portable clock for it.
func processorTime() time.Duration { return time.Since(began) }
