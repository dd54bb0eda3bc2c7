//go:build cgo

package classical

import "testing"

func TestPinnedWebP(t *testing.T) {
	pinned(t, NewWebP(), "45c3efaeae30bb6b")
	pinned(t, NewWebPLossless(), "723c0bf3f383915b")
}
