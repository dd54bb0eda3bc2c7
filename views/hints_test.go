package views

import (
	"strings"
	"testing"
)

// The hints come one after the other, once, block nothing, and can be had again.
func TestHints(t *testing.T) {
	h := newHarness(t)
	shown := func() bool { return h.hints.card.Position().X > -1000 }
	if !shown() || !strings.Contains(h.texts(), "1 of 3") {
		t.Fatal("a newcomer sees no hint")
	}
	if h.win.Canvas().Overlays().Top() != nil {
		t.Error("a hint stands in the way")
	}
	h.hints.next.Tapped(nil)
	h.wantText("2 of 3")
	again := newHints(h.Window)
	if again.at != 1 {
		t.Errorf("the next start begins at hint %d", again.at+1)
	}
	h.ShowScreen("curves")
	if shown() {
		t.Error("the hint of another screen stays")
	}
	h.ShowScreen("compare")
	h.hints.next.Tapped(nil)
	h.wantText("Got it")
	h.hints.next.Tapped(nil)
	if shown() {
		t.Error("the last hint stays")
	}
	h.Do("help.hints")
	if !shown() || h.hints.at != 0 {
		t.Error("the hints can't be had again")
	}
}
