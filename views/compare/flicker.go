package compare

import (
	"time"

	"codecworkbench/app/workbench"
)

// flickerClock changes the pictures in flicker mode.
type flickerClock struct {
	post   func(func())
	show   func(place int)
	v      workbench.FlickerView
	on     bool
	paused bool
	round  int // of the clock that runs; others stop
	place  int
}

// set starts, stops or changes the clock as the settings say.
func (c *flickerClock) set(v workbench.ViewSettings) {
	on := v.Mode == workbench.Flicker
	if on == c.on && v.Flicker == c.v {
		return
	}
	c.on, c.v = on, v.Flicker
	c.start()
}

// pause stops the clock while a key is held.
func (c *flickerClock) pause(on bool) {
	if c.paused != on {
		c.paused = on
		if c.on {
			c.start()
		}
	}
}

func (c *flickerClock) start() {
	c.round++
	if !c.on {
		return
	}
	c.place = 1
	c.show(1)
	if c.v.Every > 0 && !c.paused {
		c.after(c.v.Every, c.round, c.next)
	}
}

func (c *flickerClock) after(ms, round int, f func()) {
	time.AfterFunc(time.Duration(ms)*time.Millisecond, func() {
		c.post(func() {
			if c.round == round {
				f()
			}
		})
	})
}

// next shows the other picture, after grey where it is wanted.
func (c *flickerClock) next() {
	turn := func() {
		c.place = 1 - c.place
		c.show(c.place)
		c.after(c.v.Every, c.round, c.next)
	}
	if c.v.Grey == 0 {
		turn()
		return
	}
	c.show(grey)
	c.after(c.v.Grey, c.round, turn)
}
