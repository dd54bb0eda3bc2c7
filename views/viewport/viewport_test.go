package viewport

import (
	"context"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"weak"
)

func noise(w, h int, alpha bool) *image.NRGBA {
	r := rand.New(rand.NewPCG(1, uint64(w*h)))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(r.Uint32())
		if i%4 == 3 && !alpha {
			img.Pix[i] = 255
		}
	}
	return img
}

func pyramid(t testing.TB, img *image.NRGBA, alpha bool) *Pyramid {
	t.Helper()
	p, err := NewPyramid(context.Background(), img, alpha)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func render(t testing.TB, w, h int, scene Scene) *image.RGBA {
	t.Helper()
	s := NewSampler()
	defer s.Close()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	s.Render(dst, scene)
	return dst
}

var grey = color.RGBA{0x2b, 0x2b, 0x2b, 255}

// At whole-number scales every device pixel is the source pixel under its centre,
// and everything outside the picture is the surround.
func TestNearestIsExact(t *testing.T) {
	img := noise(37, 23, false)
	p := pyramid(t, img, false)
	for _, scale := range []float64{1, 1.5, 2, 3, 7, 64} {
		v := View{PicW: 37, PicH: 23, PaneW: 61, PaneH: 50}.Fitted().ZoomAt(13, 17, scale)
		got := render(t, 61, 50, Scene{Surround: grey, Layers: []Layer{{Rect: image.Rect(0, 0, 61, 50), View: v, Source: p}}})
		for y := range 50 {
			for x := range 61 {
				want := grey
				if px, py, ok := v.PixelAt(float64(x)+.5, float64(y)+.5); ok {
					c := img.NRGBAAt(px, py)
					want = color.RGBA{c.R, c.G, c.B, 255}
				}
				if c := got.RGBAAt(x, y); c != want {
					t.Fatalf("scale %v: pixel %d,%d is %v, want %v", scale, x, y, c, want)
				}
			}
		}
	}
}

// At 1:1 the picture is copied: one device pixel each, in order, wherever it lies.
func TestOneToOneCopies(t *testing.T) {
	img := noise(200, 100, false)
	p := pyramid(t, img, false)
	v := View{PicW: 200, PicH: 100, PaneW: 101, PaneH: 60}.Fitted().ZoomAt(10.3, 7.9, 1).Panned(-12.25, 3.5)
	got := render(t, 101, 60, Scene{Layers: []Layer{{Rect: image.Rect(0, 0, 101, 60), View: v, Source: p}}})
	px, py, ok := v.PixelAt(20.5, 20.5)
	if !ok {
		t.Fatal("pane pixel 20,20 is outside the picture")
	}
	for y := 20; y < 40; y++ {
		for x := 20; x < 80; x++ {
			c := img.NRGBAAt(px+x-20, py+y-20)
			if got.RGBAAt(x, y) != (color.RGBA{c.R, c.G, c.B, 255}) {
				t.Fatalf("pixel %d,%d is not picture pixel %d,%d", x, y, px+x-20, py+y-20)
			}
		}
	}
}

// A divider shows the left source up to its column and the right one from it on.
func TestDivider(t *testing.T) {
	a, b := noise(50, 40, false), noise(50, 40, false)
	for i := range b.Pix {
		b.Pix[i] ^= 0x55
		if i%4 == 3 {
			b.Pix[i] = 255
		}
	}
	pa, pb := pyramid(t, a, false), pyramid(t, b, false)
	v := View{PicW: 50, PicH: 40, PaneW: 120, PaneH: 100}.Fitted()
	whole := image.Rect(0, 0, 120, 100)
	left := render(t, 120, 100, Scene{Surround: grey, Layers: []Layer{{Rect: whole, View: v, Source: pa}}})
	right := render(t, 120, 100, Scene{Surround: grey, Layers: []Layer{{Rect: whole, View: v, Source: pb}}})
	for _, split := range []int{0, 1, 55, 119, 120} {
		l, r := whole, whole
		l.Max.X, r.Min.X = split, split
		got := render(t, 120, 100, Scene{Surround: grey, Layers: []Layer{{Rect: l, View: v, Source: pa}, {Rect: r, View: v, Source: pb}}})
		for y := range 100 {
			for x := range 120 {
				want := right.RGBAAt(x, y)
				if x < split {
					want = left.RGBAAt(x, y)
				}
				if got.RGBAAt(x, y) != want {
					t.Fatalf("split %d: pixel %d,%d differs", split, x, y)
				}
			}
		}
	}
}

// Halving is the mean of blocks, with partial blocks at odd edges.
func TestPyramidMeans(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 3, 3))
	for i, v := range []uint8{10, 20, 31, 30, 41, 50, 7, 8, 9} {
		img.SetNRGBA(i%3, i/3, color.NRGBA{v, v, v, 255})
	}
	p := pyramid(t, img, false)
	if p.Levels() != 3 {
		t.Fatalf("%d levels, want 3 (3x3, 2x2, 1x1)", p.Levels())
	}
	for i, want := range []uint8{25, 41, 8, 9} { // (10+20+30+41)/4=25.25, (31+50)/2=40.5, 7.5, 9
		if got := p.levels[1].Pix[4*i]; got != want {
			t.Errorf("level 1 pixel %d is %d, want %d", i, got, want)
		}
	}
}

// A flat picture stays exactly flat at every scale; a smooth ramp stays within a level.
func TestMinificationKeepsValues(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 1024, 64))
	flat := image.NewNRGBA(img.Rect)
	for y := range 64 {
		for x := range 1024 {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x / 4), 0, 0, 255})
			flat.SetNRGBA(x, y, color.NRGBA{201, 3, 255, 255})
		}
	}
	ramp, even := pyramid(t, img, false), pyramid(t, flat, false)
	for _, scale := range []float64{0.9, 0.5, 0.37, 0.25, 0.11, 1.0 / 64} {
		v := View{PicW: 1024, PicH: 64, PaneW: 300, PaneH: 80}.Fitted().ZoomAt(150, 40, scale)
		rect := image.Rect(0, 0, 300, 80)
		r := render(t, 300, 80, Scene{Layers: []Layer{{Rect: rect, View: v, Source: ramp}}})
		f := render(t, 300, 80, Scene{Layers: []Layer{{Rect: rect, View: v, Source: even}}})
		for x := range 300 {
			px, py := v.ToPicture(float64(x)+.5, 40.5)
			if margin := 2 / scale; px < margin || px > 1024-margin || py < 0 || py >= 64 {
				continue
			}
			if c := f.RGBAAt(x, 40); c != (color.RGBA{201, 3, 255, 255}) {
				t.Fatalf("scale %v: the flat picture is %v at %d", scale, c, x)
			}
			want := (px - .5) / 4 // the ramp's value there, before rounding down
			if got := float64(r.RGBAAt(x, 40).R); math.Abs(got-want) > 1.2 {
				t.Fatalf("scale %v: ramp is %v at %d, want %.2f", scale, got, x, want)
			}
		}
	}
}

func TestDifference(t *testing.T) {
	a, b := noise(9, 5, false), noise(9, 5, false)
	b.Pix[0], a.Pix[0] = 10, 13
	b.Pix[5], a.Pix[5] = 255, 5
	d, err := Difference(context.Background(), a, b)
	if err != nil {
		t.Fatal(err)
	}
	v := View{PicW: 9, PicH: 5, PaneW: 29, PaneH: 25}.Fitted().ZoomAt(0, 0, 1)
	got := render(t, 29, 25, Scene{Surround: grey, Layers: []Layer{{Rect: image.Rect(0, 0, 29, 25), View: v, Source: d, Gain: 8}}})
	x, y := v.ToPane(0, 0)
	if c := got.RGBAAt(int(x), int(y)); c != (color.RGBA{24, 0, 0, 255}) {
		t.Errorf("a difference of 3 at gain 8 is %v", c)
	}
	if c := got.RGBAAt(int(x)+1, int(y)); c != (color.RGBA{0, 255, 0, 255}) {
		t.Errorf("a large difference does not saturate: %v", c)
	}
	if c := got.RGBAAt(int(x)+2, int(y)); c != (color.RGBA{0, 0, 0, 255}) {
		t.Errorf("equal pixels are %v", c)
	}
}

// Transparent pixels show the checkerboard; half transparent ones mix with it.
func TestAlphaOverChecks(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	img.SetNRGBA(0, 0, color.NRGBA{200, 0, 0, 128})
	p := pyramid(t, img, true)
	v := View{PicW: 16, PicH: 16, PaneW: 36, PaneH: 36}.Fitted().ZoomAt(18, 18, 1)
	got := render(t, 36, 36, Scene{Surround: grey, Layers: []Layer{{Rect: image.Rect(0, 0, 36, 36), View: v, Source: p}}})
	seen := map[uint8]bool{}
	for y := 12; y < 20; y++ {
		for x := 12; x < 20; x++ {
			seen[got.RGBAAt(x, y).R] = true
		}
	}
	if !seen[checkDark] || !seen[checkLight] || len(seen) != 2 {
		t.Errorf("checkerboard greys: %v", seen)
	}
	x, y := v.ToPane(0, 0)
	c := got.RGBAAt(int(x), int(y))
	if c.A != 255 || c.R < 140 || c.G < 40 || c.G > 80 {
		t.Errorf("half transparent red over a check is %v", c)
	}
}

func TestViewRules(t *testing.T) {
	v := View{PicW: 768, PicH: 512, PaneW: 944, PaneH: 682}.Fitted()
	if math.Abs(v.Scale-924.0/768) > 1e-9 {
		t.Errorf("fit scale %v", v.Scale)
	}
	// Zooming keeps the point under the mouse.
	px, py := v.ToPicture(300, 200)
	z := v.ZoomAt(300, 200, 4)
	if qx, qy := z.ToPicture(300, 200); math.Abs(qx-px) > 1e-9 || math.Abs(qy-py) > 1e-9 {
		t.Errorf("zoom moved %v,%v to %v,%v", px, py, qx, qy)
	}
	// Dragging never loses the picture, and a small picture stays centred.
	far := z.Panned(1e6, -1e6)
	if x, _ := far.ToPane(0, 0); math.Abs(x-FitMargin) > 1e-6 {
		t.Errorf("left edge at %v after dragging right, want %v", x, FitMargin)
	}
	if _, y := far.ToPane(0, 512); math.Abs(y-(682-FitMargin)) > 1e-6 {
		t.Errorf("bottom edge at %v after dragging up", y)
	}
	small := v.ZoomAt(0, 0, 0.1)
	if small.CX != 384 || small.CY != 256 {
		t.Errorf("a small picture lies at %v,%v", small.CX, small.CY)
	}
	// A fitted view follows its pane, any other keeps its centre.
	if r := v.InPane(500, 400); math.Abs(r.Scale-480.0/768) > 1e-9 {
		t.Errorf("fit did not follow the pane: %v", r.Scale)
	}
	if r := z.InPane(500, 400); r.Scale != z.Scale {
		t.Error("a zoomed view lost its scale when the pane changed")
	}
	if StepIn(1.2) != 1.5 || StepOut(1.2) != 1 || StepIn(64) != 64 || StepOut(1) != 2.0/3 {
		t.Error("zoom steps")
	}
	if (View{PicW: 5, PicH: 5}).Fitted().Scale <= 0 {
		t.Error("a pane without size gives no scale")
	}
}

// Odd shapes at many scales: nothing panics, everything is opaque.
func TestOddShapes(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {17, 31}, {4096, 3}, {3, 4096}, {2, 1}} {
		p := pyramid(t, noise(size[0], size[1], true), true)
		for _, scale := range []float64{MinScale, 0.3, 0.5, 1, 2.7, 64} {
			v := View{PicW: size[0], PicH: size[1], PaneW: 33, PaneH: 21}.Fitted().ZoomAt(5, 3, scale)
			got := render(t, 33, 21, Scene{Surround: grey, Layers: []Layer{{Rect: image.Rect(0, 0, 33, 21), View: v, Source: p}}})
			if !got.Opaque() {
				t.Fatalf("%v at %v: holes", size, scale)
			}
		}
	}
	render(t, 0, 0, Scene{Layers: []Layer{{}}})
}

// A picture that was drawn and is not shown any more leaves the memory, also while nothing
// else is drawn.
func TestFrameHoldsNothing(t *testing.T) {
	s := NewSampler()
	defer s.Close()
	dst := image.NewRGBA(image.Rect(0, 0, 40, 30))
	shown := func() weak.Pointer[Pyramid] {
		p, err := NewPyramid(t.Context(), image.NewNRGBA(image.Rect(0, 0, 80, 60)), false)
		if err != nil {
			t.Fatal(err)
		}
		v := View{PicW: 80, PicH: 60, PaneW: 40, PaneH: 30}.Fitted()
		s.Render(dst, Scene{Layers: []Layer{{Rect: dst.Rect, View: v, Source: p}}})
		return weak.Make(p)
	}()
	runtime.GC()
	if shown.Value() != nil {
		t.Error("the sampler holds on to a picture that it has drawn")
	}
}

func TestFrameAllocatesNothing(t *testing.T) {
	p := pyramid(t, noise(900, 700, false), false)
	dst := image.NewRGBA(image.Rect(0, 0, 400, 300))
	s := NewSampler()
	defer s.Close()
	scene := Scene{Surround: grey, Layers: make([]Layer, 2)}
	frame := func(scale float64) {
		v := View{PicW: 900, PicH: 700, PaneW: 400, PaneH: 300}.Fitted().ZoomAt(200, 150, scale)
		scene.Layers[0] = Layer{Rect: image.Rect(0, 0, 190, 300), View: v, Source: p}
		scene.Layers[1] = Layer{Rect: image.Rect(190, 0, 400, 300), View: v, Source: p}
		s.Render(dst, scene)
	}
	for _, scale := range []float64{0.4, 0.7, 1, 3} {
		frame(scale)
		if n := testing.AllocsPerRun(20, func() { frame(scale) }); n > 0 {
			t.Errorf("scale %v: %v allocations a frame", scale, n)
		}
	}
}

func benchmarkFrame(b *testing.B, scale float64) {
	p := pyramid(b, noise(6000, 4000, false), false)
	q := pyramid(b, noise(6000, 4000, false), false)
	dst := image.NewRGBA(image.Rect(0, 0, 944, 682))
	s := NewSampler()
	defer s.Close()
	v := View{PicW: 6000, PicH: 4000, PaneW: 944, PaneH: 682}.Fitted()
	if scale > 0 {
		v = v.ZoomAt(300, 300, scale)
	}
	scene := Scene{Surround: grey, Layers: []Layer{
		{Rect: image.Rect(0, 0, 472, 682), View: v, Source: p},
		{Rect: image.Rect(472, 0, 944, 682), View: v, Source: q},
	}}
	b.ReportAllocs()
	for b.Loop() {
		s.Render(dst, scene)
	}
}

func BenchmarkFrame24MPFit(b *testing.B)  { benchmarkFrame(b, 0) }
func BenchmarkFrame24MP07(b *testing.B)   { benchmarkFrame(b, 0.7) }
func BenchmarkFrame24MP1to1(b *testing.B) { benchmarkFrame(b, 1) }
func BenchmarkFrame24MP8to1(b *testing.B) { benchmarkFrame(b, 8) }

func BenchmarkPyramid24MP(b *testing.B) {
	img := noise(6000, 4000, false)
	for b.Loop() {
		pyramid(b, img, false)
	}
}

// A strip of a few rows is fitted so that it can be seen.
func TestFittedStrip(t *testing.T) {
	v := View{}.InPane(800, 600).WithPicture(20000, 3)
	if got := v.Scale * 3; math.Abs(got-leastFitted) > 1e-9 || !v.Fit {
		t.Errorf("3 rows are %v pixels high", got)
	}
	if v = v.WithPicture(20000, 300); v.Scale*20000 > 800 {
		t.Errorf("a wide picture is %v pixels wide", v.Scale*20000)
	}
}
