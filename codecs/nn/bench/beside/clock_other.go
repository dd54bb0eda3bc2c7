//go:build !unix

package beside

import "time"

var began = time.Now()

// ProcessorTime is wall time where there is no portable clock for it.
func ProcessorTime() time.Duration { return time.Since(began) }
