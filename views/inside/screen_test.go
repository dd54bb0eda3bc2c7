package inside

import (
	"image"
	"os"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"codecworkbench/app/sweep"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/codecs/classical"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/views/kit"
)

// stage is the screen in a window of its own, on a JPEG file.
type stage struct {
	*Screen
	t     *testing.T
	queue chan func()
}

func newStage(t *testing.T) *stage {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(kit.NewTheme(kit.Dark))
	s := &stage{t: t, queue: make(chan func(), 1000)}
	registry, err := codecs.NewRegistry([]codecs.Codec{classical.NewJPEG(), classical.NewWebPLossless()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	none, err := metrics.NewRegistry(nil)
	if err != nil {
		t.Fatal(err)
	}
	wb, err := workbench.New(workbench.Config{
		Tools:   sweep.Tools{Codecs: registry, Metrics: none, Models: codecs.NewModels(os.DirFS(t.TempDir()))},
		Post:    func(f func()) { s.queue <- f },
		Samples: []workbench.Sample{{Name: "one", Open: func() (*picture.Picture, error) { return waves(96, 64), nil }}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(wb.Close)
	s.Screen = New(wb, kit.NewTips(func(func()) {}))
	w := test.NewTempWindow(t, s.Root)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1280, 756))
	wb.Observe(s.Changed)
	wb.Start(nil)
	wb.SetParam(2, "q", "60")
	s.until("the inside", func() bool { return len(wb.Inside().Panels) > 0 && !wb.Inside().Loading && wb.Idle() })
	return s
}

func waves(w, h int) *picture.Picture {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(128 + (i/4%w*5+i/4/w*3)%90)
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	p, err := picture.New(img, false, false, picture.Source{Name: "one.png"})
	if err != nil {
		panic(err)
	}
	return p
}

func (s *stage) until(what string, ok func() bool) {
	s.t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case f := <-s.queue:
			f()
		case <-time.After(2 * time.Millisecond):
		case <-limit:
			s.t.Fatalf("never came: %s", what)
		}
	}
}

// altered waits for the decode with changes.
func (s *stage) altered() workbench.Altered {
	s.t.Helper()
	s.until("the decode", func() bool { return !s.wb.Redecoding() })
	return s.wb.Inside().Altered
}

// tapPixel taps the picture's pixel in the pane.
func (s *stage) tapPixel(x, y int) {
	p := s.picture.pane
	p.generate(int(p.Size().Width), int(p.Size().Height))
	dx, dy := p.view.ToPane(float64(x)+.5, float64(y)+.5)
	p.Tapped(&fyne.PointEvent{Position: fyne.NewPos(float32(dx), float32(dy))})
}

// A tap on the picture shows the numbers that are coded there; typing one changes the
// picture there, and Reset takes it back.
func TestNumbersAtAPlace(t *testing.T) {
	s := newStage(t)
	s.tapPixel(41, 27)
	h := s.lower.here
	if s.lower.tabs.Selected() != tabHere || len(h.table.values) != 64 || s.picture.pane.cell != image.Rect(40, 24, 48, 32) {
		t.Fatalf("%q shows %d numbers of %v", s.lower.tabs.Selected(), len(h.table.values), s.picture.pane.cell)
	}
	was := h.table.values[0]
	h.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	h.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	h.table.TypedRune('3')
	test.Type(h.field, "7")
	h.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	a := s.altered()
	if e := s.wb.Changes().Edits; len(e) != 1 || e[0].Value != 37 || e[0].X != 5 || e[0].Y != 3 {
		t.Fatalf("edits: %+v", e)
	}
	if a.Picture == nil || a.Picture.Equal(s.wb.Inside().Picture) || s.picture.pane.pic != a.Picture || s.picture.show.Selected() != showPicture {
		t.Error("the picture does not follow")
	}
	if h.table.replaced[0] != 37 || h.was.Value() == "" {
		t.Errorf("the table shows %v", h.table.replaced)
	}
	h.table.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	s.altered()
	if e := s.wb.Changes().Edits; e[0].Value != 36 {
		t.Errorf("a step down gives %d", e[0].Value)
	}
	h.replace("x")
	if e := s.wb.Changes().Edits; e[0].Value != 36 {
		t.Error("a letter is a number")
	}
	s.picture.controls.reset.Tapped(nil)
	if s.wb.Changes().Any() || h.table.values[0] != was || len(h.table.replaced) != 0 || s.picture.pane.pic != s.wb.Inside().Picture {
		t.Error("Reset leaves a change")
	}
}

// Switches and steps change the decode, say what it costs, and follow undo.
func TestPartsOff(t *testing.T) {
	s := newStage(t)
	c := s.picture.controls
	c.byID["chroma"].Tapped(nil)
	a := s.altered()
	p := a.Picture.RGB8().NRGBAAt(50, 30)
	if p.R != p.G || p.G != p.B {
		t.Errorf("without chroma, a pixel is %v", p)
	}
	c.slider.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	s.altered()
	if n := s.wb.Changes().UpTo; n != 63 || c.step.Value() != "63 of 64 coefficients" {
		t.Errorf("up to %d, %q", n, c.step.Value())
	}
	s.wb.Undo()
	s.wb.Undo()
	s.altered()
	if s.wb.Changes().Any() || !c.byID["chroma"].On() || c.step.Value() != "everything" {
		t.Errorf("after undo: %+v", s.wb.Changes())
	}
}

// Damage shows in the bytes, and the decoder's words below the picture; typing the byte
// back heals it.
func TestBytes(t *testing.T) {
	s := newStage(t)
	s.lower.open(tabBytes)
	s.lower.bytes.damage.Tapped(nil)
	s.altered()
	b := s.wb.Changes().Bytes
	if len(b) != 1 || s.wb.Inside().PartAt(b[0].Offset) != s.part {
		t.Fatalf("bytes %+v of part %d", b, s.part)
	}
	if note := s.picture.controls.note.Value(); !strings.Contains(note, "1 byte replaced") {
		t.Errorf("the note is %q", note)
	}
	g := s.lower.bytes.grid
	g.choose(b[0].Offset - g.from)
	value := s.wb.Inside().Data[b[0].Offset]
	for _, r := range string([]byte{"0123456789abcdef"[value>>4], "0123456789abcdef"[value&15]}) {
		g.TypedRune(r)
	}
	s.altered()
	if s.wb.Changes().Any() {
		t.Errorf("typing the byte back leaves %+v", s.wb.Changes())
	}
}

// Parts light their places: the picture's data everywhere, tables nowhere.
func TestPartsLight(t *testing.T) {
	s := newStage(t)
	s.selectPart(s.part)
	if len(s.picture.pane.lit) != 1 || s.picture.pane.lit[0] != image.Rect(0, 0, 96, 64) {
		t.Errorf("the picture's data lights %v", s.picture.pane.lit)
	}
	s.hoverPart(2)
	if len(s.picture.pane.lit) != 0 || !strings.Contains(s.picture.reading.Value(), "no place") {
		t.Errorf("a table lights %v: %q", s.picture.pane.lit, s.picture.reading.Value())
	}
	s.selectPart(s.part)
	if len(s.picture.pane.lit) != 0 {
		t.Error("a second tap leaves the light on")
	}
}

// A lossless codec without an inspector still shows its file's parts and bytes.
func TestNoInspector(t *testing.T) {
	s := newStage(t)
	n := s.wb.Add("webp-lossless")
	s.until("the other file", func() bool { return s.wb.Idle() })
	s.wb.LookInto(n)
	s.until("its inside", func() bool { return s.wb.Inside().Number == n && !s.wb.Inside().Loading })
	if !s.empty.root.Visible() || s.panel.root.Visible() || s.picture.pane.pic == nil || len(s.lower.parts.grounds) < 2 {
		t.Error("its parts or its picture are missing")
	}
	s.tapPixel(3, 3)
	if s.lower.tabs.Selected() != tabParts {
		t.Error("a tap opens an empty table")
	}
}

// Keys zoom the picture as in Compare; 0 shows all of it again.
func TestZoom(t *testing.T) {
	s := newStage(t)
	p := s.picture.pane
	p.generate(500, 300)
	fitted := p.view.Scale
	s.ZoomTo(func(now float64) float64 { return 2 * now })
	if p.view.Scale != 2*fitted || p.view.Fit {
		t.Errorf("the scale is %g, it was %g", p.view.Scale, fitted)
	}
	s.Fit()
	if p.view.Scale != fitted || !p.view.Fit {
		t.Errorf("fitted again, the scale is %g, it was %g", p.view.Scale, fitted)
	}
}

// The map's overlay has the map's colours where it should, and lets the rest alone.
func TestOverlay(t *testing.T) {
	s := newStage(t)
	p := s.picture.pane
	p.setShow(showMap)
	img, ok := p.generate(500, 300).(*image.RGBA)
	if !ok {
		t.Fatal("no picture")
	}
	for _, at := range []image.Point{{4, 4}, {50, 33}, {95, 63}} {
		x, y := p.view.ToPane(float64(at.X)+.5, float64(at.Y)+.5)
		want := p.shades.At(p.plane.Values[at.Y/8*p.plane.Width+at.X/8])
		if got := img.RGBAAt(int(x), int(y)); got != want {
			t.Errorf("at %v the map is %v, want %v", at, got, want)
		}
	}
	p.setShow(showPicture)
	img, _ = p.generate(500, 300).(*image.RGBA)
	x, y := p.view.ToPane(50.5, 33.5)
	want := p.pic.RGB8().NRGBAAt(50, 33)
	if got := img.RGBAAt(int(x), int(y)); got.R != want.R || got.B != want.B {
		t.Errorf("the picture is %v, want %v", got, want)
	}
}
