package inside

import (
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
	l, err := histogram(codecs.Histogram{First: -1, Counts: []int{5, 1200, 0}, Prior: []float64{.1, .8, .1}})
	if err != nil || !l.counts || len(l.plotters) != 3 || len(l.stops) != 2 { // the empty end is left out
		t.Fatalf("%d plotters, %v", len(l.plotters), err)
	}
	ticks := countTicker(400)(0, logCount(1200))
	if n := len(ticks); n != 5 || ticks[n-1].Label != "1,000" {
		t.Errorf("the ticks up to 1200 are %v", ticks)
	}
}
