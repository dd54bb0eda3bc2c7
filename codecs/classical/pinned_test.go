package classical

import "testing"

func TestPinnedPNG(t *testing.T) { pinned(t, NewPNG(), "735434970fd1a372") }
