package viewport

import (
	"context"
	"image"
	"image/color"
	"testing"

	"codecworkbench/app/report/heatmap"
)

func flat(w, h int, c color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = c.R, c.G, c.B, c.A
	}
	return img
}

// The tones show a difference as it is, with its sign, and as a colour; the gain
// multiplies all of them.
func TestTones(t *testing.T) {
	a, b := flat(8, 8, color.NRGBA{100, 50, 30, 255}), flat(8, 8, color.NRGBA{90, 60, 30, 255})
	colors := heatmap.Colors()
	for _, c := range []struct {
		name  string
		build func(context.Context, *image.NRGBA, *image.NRGBA) (*Pyramid, error)
		tone  Tone
		gain  int
		want  color.RGBA
	}{
		{"absolute", Difference, Plain, 4, color.RGBA{40, 40, 0, 255}},
		{"signed", SignedDifference, Signed, 1, color.RGBA{138, 118, 128, 255}},
		{"signed, more", SignedDifference, Signed, 8, color.RGBA{208, 48, 128, 255}},
		{"signed, cut", SignedDifference, Signed, 32, color.RGBA{255, 0, 128, 255}},
		{"colour", LargestDifference, FalseColor, 8, color.RGBA{colors[80][0], colors[80][1], colors[80][2], 255}},
	} {
		p, err := c.build(context.Background(), a, b)
		if err != nil {
			t.Fatal(err)
		}
		v := View{PicW: 8, PicH: 8, PaneW: 40, PaneH: 40}.Fitted().ZoomAt(20, 20, 2)
		got := render(t, 40, 40, Scene{Layers: []Layer{{Rect: image.Rect(0, 0, 40, 40), View: v, Source: p, Tone: c.tone, Gain: c.gain}}})
		if g := got.RGBAAt(20, 20); g != c.want {
			t.Errorf("%s: %v, want %v", c.name, g, c.want)
		}
	}
}

// Enlarged pixels are squares, or blend into each other; 1:1 is exact in both cases.
func TestSmooth(t *testing.T) {
	img := flat(2, 1, color.NRGBA{0, 0, 0, 255})
	img.SetNRGBA(1, 0, color.NRGBA{200, 200, 200, 255})
	p := pyramid(t, img, false)
	v := View{PicW: 2, PicH: 1, PaneW: 60, PaneH: 41}.Fitted().ZoomAt(30, 20, 16)
	at := func(smooth bool, x int) uint8 {
		return render(t, 60, 41, Scene{Layers: []Layer{{Rect: image.Rect(0, 0, 60, 41), View: v, Source: p, Smooth: smooth}}}).RGBAAt(x, 20).R
	}
	if a, b := at(false, 29), at(false, 30); a != 0 || b != 200 {
		t.Errorf("squares: %d and %d beside the edge", a, b)
	}
	if a, b := at(true, 29), at(true, 30); a < 80 || b > 120 || a >= b {
		t.Errorf("blended: %d and %d beside the middle", a, b)
	}
	v = v.ZoomAt(30, 20, 1)
	if a, b := at(true, 29), at(true, 30); a != 0 || b != 200 {
		t.Errorf("1:1: %d and %d", a, b)
	}
}

// Lines stand between large pixels, values in larger ones, and neither below their scale.
func TestGridAndValues(t *testing.T) {
	p := pyramid(t, flat(8, 8, color.NRGBA{10, 20, 130, 255}), false)
	drawn := func(scale float64, grid bool) (n int) {
		v := View{PicW: 8, PicH: 8, PaneW: 120, PaneH: 120}.Fitted().ZoomAt(60, 60, scale)
		img := render(t, 120, 120, Scene{Layers: []Layer{{Rect: image.Rect(0, 0, 120, 120), View: v, Source: p, Grid: grid}}})
		for y := 55; y < 90; y++ {
			for x := 55; x < 90; x++ {
				if img.RGBAAt(x, y) != (color.RGBA{10, 20, 130, 255}) {
					n++
				}
			}
		}
		return n
	}
	if n := drawn(32, false); n != 0 {
		t.Errorf("%d pixels differ without a grid", n)
	}
	if n := drawn(8, true); n != 0 {
		t.Errorf("%d pixels differ at a small scale", n)
	}
	lines, values := drawn(16, true), drawn(32, true)
	if lines < 100 || lines > 300 {
		t.Errorf("%d pixels are lines at 16:1", lines)
	}
	if values < 120 {
		t.Errorf("%d pixels are lines and values at 32:1", values)
	}
}

// Bands of rows that several workers draw join without a seam: the picture is the same
// as that of one worker.
func TestMarksAndValuesInBands(t *testing.T) {
	p := pyramid(t, noise(9, 9, false), false)
	v := View{PicW: 9, PicH: 9, PaneW: 200, PaneH: 131}.Fitted().ZoomAt(100, 60, 40)
	scene := Scene{Layers: []Layer{{Rect: image.Rect(3, 5, 190, 120), View: v, Source: p, Grid: true, Ground: true}},
		Marks: []Mark{{Rect: image.Rect(20, 20, 60, 90), Color: grey, Text: "12", Ink: color.RGBA{255, 0, 0, 255}, Size: 3}, {Rect: image.Rect(10, 10, 100, 100), Color: grey, Frame: 2}}}
	var images []*image.RGBA
	for _, workers := range []int{1, 5} {
		s := NewSampler()
		s.Close()
		s = &Sampler{start: make(chan int, workers), workers: workers, rows: make([]rowBuffer, workers)}
		for range workers - 1 {
			go func() {
				for band := range s.start {
					s.band(band)
					s.done.Done()
				}
			}()
		}
		dst := image.NewRGBA(image.Rect(0, 0, 200, 131))
		s.Render(dst, scene)
		s.Close()
		images = append(images, dst)
	}
	for i := range images[0].Pix {
		if images[0].Pix[i] != images[1].Pix[i] {
			t.Fatalf("pixel %d,%d differs", i/4%200, i/4/200)
		}
	}
	red := 0
	for i := 0; i < len(images[0].Pix); i += 4 {
		if images[0].Pix[i] == 255 && images[0].Pix[i+1] == 0 && images[0].Pix[i+2] == 0 {
			red++
		}
	}
	if red < 9*15 {
		t.Errorf("the mark's text has %d pixels", red)
	}
}

// A mask is stretched over the picture and covers it where it is light.
func TestMaskOver(t *testing.T) {
	p := pyramid(t, flat(100, 60, color.NRGBA{0, 0, 0, 255}), false)
	m := image.NewGray(image.Rect(0, 0, 10, 6))
	for y := range 6 {
		for x := range 5 {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	for _, scale := range []float64{0.5, 1, 3} {
		v := View{PicW: 100, PicH: 60, PaneW: 80, PaneH: 50}.Fitted().ZoomAt(40, 25, scale)
		got := render(t, 80, 50, Scene{Layers: []Layer{{Rect: image.Rect(0, 0, 80, 50), View: v, Source: p, Mask: &Mask{m, color.RGBA{255, 0, 0, 255}}}}})
		x, y := v.ToPane(50, 30)
		left, right := got.RGBAAt(int(x)-2, int(y)), got.RGBAAt(int(x)+2, int(y))
		if left.R < 100 || right.R != 0 {
			t.Errorf("scale %v: %v and %v beside the mask's edge", scale, left, right)
		}
	}
}

// Tiles are equal, apart, inside the pane, and arranged for the largest picture.
func TestTiles(t *testing.T) {
	for _, c := range []struct{ n, picW, picH, w, h, cols int }{
		{2, 768, 512, 944, 680, 2}, {3, 768, 512, 944, 680, 2}, {4, 768, 512, 944, 680, 2},
		{3, 512, 768, 944, 680, 3}, {4, 300, 900, 944, 680, 4}, {2, 4000, 500, 944, 680, 1}, {1, 10, 10, 50, 50, 1},
	} {
		tiles := Tiles(c.n, c.picW, c.picH, c.w, c.h, 4)
		if len(tiles) != c.n {
			t.Fatalf("%d tiles for %d", len(tiles), c.n)
		}
		cols := 0
		for i, r := range tiles {
			if r.Min.Y == tiles[0].Min.Y {
				cols++
			}
			if r.Size() != tiles[0].Size() || !r.In(image.Rect(0, 0, c.w, c.h)) {
				t.Errorf("%+v: tile %d is %v", c, i, r)
			}
			for j := range i {
				if r.Overlaps(tiles[j]) {
					t.Errorf("%+v: tiles %d and %d overlap", c, i, j)
				}
			}
		}
		if cols != c.cols {
			t.Errorf("%+v: %d columns", c, cols)
		}
	}
}

// The overview shows the whole picture, and names the part that is seen.
func TestOverview(t *testing.T) {
	v := View{PicW: 6000, PicH: 4000, PaneW: 900, PaneH: 600}.Fitted().ZoomAt(450, 300, 1)
	r := Overview(6000, 4000, 120, image.Rect(14, 0, 900, 560))
	if r != image.Rect(14, 480, 134, 560) {
		t.Errorf("it lies at %v", r)
	}
	x0, y0, x1, y1 := v.Visible()
	if x0 != 2550./6000 || x1 != 3450./6000 || y0 != 1700./4000 || y1 != 2300./4000 {
		t.Errorf("seen is %v %v %v %v", x0, y0, x1, y1)
	}
	moved := v.CentredAt(0.25, 0.75)
	if px, py := moved.ToPicture(450, 300); px != 1500 || py != 3000 {
		t.Errorf("a tap at a quarter goes to %v, %v", px, py)
	}
}

// A frame with two pictures, lines and values at 32:1, and the differences' tones.
func BenchmarkTones(b *testing.B) {
	ctx := context.Background()
	p, err := SignedDifference(ctx, noise(3000, 2000, false), noise(3000, 2000, true))
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		tone  Tone
		scale float64
	}{{"signed", Signed, 0.3}, {"color", FalseColor, 0.3}, {"values", Signed, 32}} {
		b.Run(c.name, func(b *testing.B) {
			s := NewSampler()
			defer s.Close()
			dst := image.NewRGBA(image.Rect(0, 0, 1280, 760))
			v := View{PicW: 3000, PicH: 2000, PaneW: 1280, PaneH: 760}.Fitted().ZoomAt(600, 300, c.scale)
			for b.Loop() {
				s.Render(dst, Scene{Layers: []Layer{{Rect: dst.Rect, View: v, Source: p, Tone: c.tone, Gain: 8, Grid: true}}})
			}
		})
	}
}
