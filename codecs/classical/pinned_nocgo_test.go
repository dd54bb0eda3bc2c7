//go:build !cgo

package classical

import "testing"

func TestPinnedWebP(t *testing.T) { pinned(t, NewWebPLossless(), "173803c1e6962a0e") }
