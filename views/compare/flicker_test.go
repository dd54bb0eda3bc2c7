package compare

import (
	"slices"
	"testing"
	"time"

	"codecworkbench/app/workbench"
)

// The clock shows the two pictures in turn, with grey between them where it is wanted,
// rests while it is paused, and stops with its mode.
func TestFlickerClock(t *testing.T) {
	queue := make(chan func(), 100)
	var shown []int
	c := flickerClock{post: func(f func()) { queue <- f }, show: func(place int) { shown = append(shown, place) }}
	run := func(n int) {
		t.Helper()
		for len(shown) < n {
			select {
			case f := <-queue:
				f()
			case <-time.After(20 * time.Second):
				t.Fatalf("the clock stands after %v", shown)
			}
		}
	}
	view := workbench.ViewSettings{Mode: workbench.Flicker, Flicker: workbench.FlickerView{Every: 1}}
	c.set(view)
	run(4)
	if !slices.Equal(shown, []int{1, 0, 1, 0}) {
		t.Errorf("it shows %v", shown)
	}
	shown, view.Flicker.Grey = nil, 1
	c.set(view)
	run(6)
	if !slices.Equal(shown[:6], []int{1, grey, 0, grey, 1, grey}) {
		t.Errorf("with grey it shows %v", shown)
	}
	still := func(why string) {
		t.Helper()
		n := len(shown)
		for deadline := time.After(30 * time.Millisecond); ; {
			select {
			case f := <-queue:
				f()
				continue
			case <-deadline:
			}
			break
		}
		if len(shown) != n {
			t.Errorf("%s, it goes on: %v", why, shown[n:])
		}
	}
	c.pause(true)
	still("paused")
	c.pause(false)
	run(len(shown) + 2)
	view.Mode = workbench.Split
	c.set(view)
	still("in another mode")
}
