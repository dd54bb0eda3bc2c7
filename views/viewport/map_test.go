package viewport

import (
	"context"
	"image"
	"math"
	"testing"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/metrics"
)

// gridMap is a map with one value on, and zero beside it, in turns.
func gridMap(w, h int, on float32) *metrics.Map {
	m := &metrics.Map{Width: w, Height: h, Step: 1, Values: make([]float32, w*h)}
	for i := range m.Values {
		if (i%w+i/w)%2 == 0 {
			m.Values[i] = on
		}
	}
	return m
}

// A map is drawn as heatmap.Paint paints it, pixel by pixel; zoomed out, it shows the
// colour of the mean value, not a mix of colours that the legend lacks.
func TestMap(t *testing.T) {
	base := noise(64, 48, false)
	m := gridMap(64, 48, 1)
	scale := heatmap.Scale{Good: 0, Bad: 1}
	p, err := NewMap(context.Background(), base, m, scale)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Mapped() {
		t.Error("the pyramid does not know that it is a map")
	}
	rect := image.Rect(0, 0, 90, 70)
	draw := func(strength, at float64) (*image.RGBA, View) {
		v := View{PicW: 64, PicH: 48, PaneW: 90, PaneH: 70}.Fitted().ZoomAt(45, 35, at)
		return render(t, 90, 70, Scene{Layers: []Layer{{Rect: rect, View: v, Source: p, Painter: heatmap.NewPainter(strength)}}}), v
	}
	got, v := draw(0.6, 1)
	want := heatmap.Paint(base, m, scale, 0.6)
	for y := range 48 {
		for x := range 64 {
			sx, sy := v.ToPane(float64(x)+.5, float64(y)+.5)
			if g, w := got.RGBAAt(int(sx), int(sy)), want.RGBAAt(x, y); g != w {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, g, w)
			}
		}
	}
	small, v := draw(1, 0.5)
	middle := heatmap.Colors()[heatmap.Shades/2]
	sx, sy := v.ToPane(32, 24)
	g := small.RGBAAt(int(sx), int(sy))
	for c, have := range []uint8{g.R, g.G, g.B} {
		if math.Abs(float64(have)-float64(middle[c])) > 3 {
			t.Errorf("half of the pixels at the bad end: zoomed out %v, want about %v", g, middle)
			break
		}
	}
}

func BenchmarkMapFrame24MPFit(b *testing.B) {
	base := noise(6000, 4000, false)
	p, err := NewMap(context.Background(), base, gridMap(6000, 4000, 1), heatmap.Scale{Good: 0, Bad: 1})
	if err != nil {
		b.Fatal(err)
	}
	s := NewSampler()
	defer s.Close()
	dst := image.NewRGBA(image.Rect(0, 0, 944, 682))
	v := View{PicW: 6000, PicH: 4000, PaneW: 944, PaneH: 682}.Fitted()
	painter := heatmap.NewPainter(0.8)
	for b.Loop() {
		s.Render(dst, Scene{Layers: []Layer{{Rect: dst.Rect, View: v, Source: p, Painter: painter}}})
	}
}
