package workbench

import (
	"fmt"
	"os"
	"testing"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/classical"
	"codecworkbench/codecs/hyperprior"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// While a slider moves faster than a codec, each setting's run ends before the next
// begins: of all runs, the last alone is finished.
func TestSliderLeavesNoStaleWork(t *testing.T) {
	slow := &bits{id: "slow", delay: time.Hour}
	b := newBench(t, Config{}, slow)
	b.Start(nil)
	const moves = 5
	for i := range int32(moves) {
		b.until("an encode to start", func() bool { return slow.encodes.Load() == i+1 })
		if ends := slow.ends.Load(); ends != i {
			t.Fatalf("%d runs were started, %d of them ended", i+1, ends)
		}
		b.SetParam(2, "q", fmt.Sprint(i%3+5))
	}
	b.until("the last encode to start", func() bool { return slow.encodes.Load() == moves+1 })
	b.CancelRun(2)
	b.settle()
	if starts, ends := slow.encodes.Load(), slow.ends.Load(); starts != moves+1 || ends != starts {
		t.Errorf("%d of %d runs were cancelled", ends, starts)
	}
}

// A codec that takes longer than the pause between two moves, but not long, shows pictures
// of earlier settings while the slider is on its way.
func TestSliderShowsPicturesOnItsWay(t *testing.T) {
	c := &bits{id: "one", delay: 200 * time.Millisecond}
	b := newBench(t, Config{}, c)
	b.Start(nil)
	b.settle()
	first, moves := b.Run(2).Result, 0
	b.until("a picture while the slider moves", func() bool {
		moves++
		b.SetParam(2, "invert", fmt.Sprint(moves%2 == 0)) // a new setting in every step
		b.SetParam(2, "q", fmt.Sprint(moves/2%8+1))
		r := b.Run(2)
		return r.Result != first && !r.Fresh
	})
	if n := c.ends.Load(); n > 20 { // some, where the machine is so busy that the slider seems to rest
		t.Errorf("%d runs were cancelled before one was shown", n)
	}
}

// BenchmarkSlider moves the quality of a learned codec 60 times a second, alone and with
// a second codec that follows its rate, and counts the different pictures that came to be
// shown.
func BenchmarkSlider(b *testing.B) {
	const moves = 60
	for _, match := range []bool{false, true} {
		b.Run(fmt.Sprintf("match=%t", match), func(b *testing.B) {
			w := newSlider(b, match)
			shown, last := 0, w.Shown(w.moved)
			tick := time.NewTicker(time.Second / moves)
			defer tick.Stop()
			up, q := 0.07, 5.
			for b.Loop() {
				if q+up > 9.9 || q+up < 3 {
					up = -up
				}
				q += up
				w.SetParam(w.moved, "q", fmt.Sprintf("%.2f", q))
				for waiting := true; waiting; {
					select {
					case f := <-w.queue:
						f()
						if now := w.Shown(w.moved); now != last {
							shown, last = shown+1, now
						}
					case <-tick.C:
						waiting = false
					}
				}
			}
			b.ReportMetric(float64(shown)/b.Elapsed().Seconds(), "pictures/s")
		})
	}
}

// slider is a workbench on a picture of 768 x 512 with the left candidate's quality to move.
type slider struct {
	*Workbench
	queue chan func()
	moved int
}

func newSlider(b *testing.B, match bool) *slider {
	models := codecs.NewModels(os.DirFS("../../assets/models"))
	if len(models.Names(hyperprior.ID)) == 0 {
		b.Skip("no shipped model of the hyperprior")
	}
	s := &slider{queue: make(chan func(), 10000)}
	registry, err := codecs.NewRegistry([]codecs.Codec{hyperprior.New(models), classical.NewJPEG()}, nil)
	if err != nil {
		b.Fatal(err)
	}
	measures, err := metrics.NewRegistry([]metrics.Metric{metrics.NewPSNRRGB(), metrics.NewMSSSIMRGB()})
	if err != nil {
		b.Fatal(err)
	}
	config := Config{Post: func(f func()) { s.queue <- f }, Samples: []Sample{{Name: "meadow", Open: func() (*picture.Picture, error) {
		return picture.Open("../../sample_images/scenes/meadow.png")
	}}}}
	config.Tools.Codecs, config.Tools.Metrics, config.Tools.Models = registry, measures, models
	if s.Workbench, err = New(config); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	s.Start(nil)
	s.moved = s.Setup().Left
	if !match {
		s.SetMatch(Match{})
	}
	for s.Run(s.moved).Result == nil {
		(<-s.queue)()
	}
	return s
}
