package inside

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

func TestSpan(t *testing.T) {
	in := workbench.Inside{Bytes: 10, Data: []byte("0123456789"),
		Parts: []codecs.Part{{Name: "head", Bytes: 3}, {Name: "body", Bytes: 6}, {Name: "tail", Bytes: 1}}}
	if from, n := in.Span(1); from != 3 || n != 6 {
		t.Errorf("the second part is %d+%d", from, n)
	}
	if in.PartAt(2) != 0 || in.PartAt(3) != 1 || in.PartAt(9) != 2 || in.PartAt(10) != -1 {
		t.Error("bytes are in other parts than they should be")
	}
	if largest(in.Parts) != 1 {
		t.Error("the largest part is not the second")
	}
	in.Data = in.Data[:5] // the file is another one than the parts
	for _, part := range []int{-1, 1, 2, 3} {
		if _, n := in.Span(part); n != 0 {
			t.Errorf("part %d of a file that is too short has %d bytes", part, n)
		}
	}
}

func TestHistogramTicks(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	d := codecs.Histogram{First: -1, Counts: []int{5, 1200, 0}, Prior: []float64{.1, .9, .0001}, Noun: codecs.Noun{One: "latent", Many: "latents"}}
	l, err := histogram(d)
	if err != nil || !l.counts || len(l.plotters) != 3 || len(l.stops) != 2 { // the empty end is left out
		t.Fatalf("%d plotters, %v", len(l.plotters), err)
	}
	if got := l.read(l.first); got != "0: 1,200 latents, 99.6 %; prior 90.0 %" {
		t.Errorf("the highest bar reads %q", got)
	}
	d.Prior[2] = .1 // what was expected and never came is shown
	if l, err = histogram(d); err != nil || len(l.stops) != 3 || l.read(2) != "1: 0 latents, 0.0 %; prior 10.0 %" {
		t.Errorf("%d stops, %v", len(l.stops), err)
	}
	ticks := countTicker(400)(0, logCount(1200))
	if n := len(ticks); n != 5 || ticks[n-1].Label != "1,000" {
		t.Errorf("the ticks up to 1200 are %v", ticks)
	}
	for _, tick := range countTicker(90)(0, logCount(1e6)) {
		if tick.Label == "1" || tick.Label == "" && tick.Value > logCount(1e5) {
			t.Errorf("a low axis is marked %q at %g", tick.Label, tick.Value)
		}
	}
}

// Many bins are added up in groups: none is lost.
func TestManyBins(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	d := codecs.Histogram{Counts: make([]int, 4096)}
	for i := range d.Counts {
		d.Counts[i] = 1
	}
	l, err := histogram(d)
	if err != nil || len(l.stops) != maxBars || l.stops[0] != 7.5 || l.read(255) != "4080 to 4095: 16 symbols, 0.39 %" {
		t.Errorf("%d bars, %v, the last: %q", len(l.stops), err, l.read(len(l.stops)-1))
	}
}

// Axes are marked at round numbers, without more digits than they need.
func TestStepTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi, most float64
		want         string
	}{{1, 128, 6, "50 100"}, {0, 3000, 4, "0 1,000 2,000 3,000"}, {-0.3, 0.45, 4, "-0.2 0.0 0.2 0.4"}, {1.4, 1.8, 3, "1.4 1.6 1.8"}, {5, 5, 3, ""}} {
		var got []string
		for _, tick := range stepTicker(c.most)(c.lo, c.hi) {
			got = append(got, tick.Label)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("from %g to %g: %s, want %s", c.lo, c.hi, s, c.want)
		}
	}
}
