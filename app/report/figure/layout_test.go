package figure

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// recorder is a canvas that notes where text is written and lines go.
type recorder struct {
	at    []vg.Point // translation, by Push
	turn  []float64
	texts []placed
	paths vg.Rectangle
}

type placed struct {
	text string
	box  vg.Rectangle
}

func newRecorder() *recorder {
	return &recorder{at: make([]vg.Point, 1), turn: make([]float64, 1),
		paths: vg.Rectangle{Min: vg.Point{X: 1e9, Y: 1e9}, Max: vg.Point{X: -1e9, Y: -1e9}}}
}

func (r *recorder) SetLineWidth(vg.Length)              {}
func (r *recorder) SetLineDash([]vg.Length, vg.Length)  {}
func (r *recorder) SetColor(color.Color)                {}
func (r *recorder) Scale(float64, float64)              {}
func (r *recorder) DrawImage(vg.Rectangle, image.Image) {}
func (r *recorder) Push() {
	r.at, r.turn = append(r.at, r.at[len(r.at)-1]), append(r.turn, r.turn[len(r.turn)-1])
}
func (r *recorder) Pop()                 { r.at, r.turn = r.at[:len(r.at)-1], r.turn[:len(r.turn)-1] }
func (r *recorder) Rotate(rad float64)   { r.turn[len(r.turn)-1] += rad }
func (r *recorder) Translate(p vg.Point) { r.at[len(r.at)-1] = r.at[len(r.at)-1].Add(p) }
func (r *recorder) Fill(p vg.Path)       { r.Stroke(p) }

func (r *recorder) Stroke(p vg.Path) {
	for _, c := range p {
		if c.Type == vg.CloseComp {
			continue
		}
		r.paths.Min.X, r.paths.Min.Y = min(r.paths.Min.X, c.Pos.X), min(r.paths.Min.Y, c.Pos.Y)
		r.paths.Max.X, r.paths.Max.Y = max(r.paths.Max.X, c.Pos.X), max(r.paths.Max.Y, c.Pos.Y)
	}
}

func (r *recorder) FillString(f plotfont.Face, p vg.Point, s string) {
	w, up, down := f.Width(s), f.Font.Size*capHeight, f.Font.Size*descent*.5
	sin, cos := math.Sincos(r.turn[len(r.turn)-1])
	box := vg.Rectangle{Min: vg.Point{X: 1e9, Y: 1e9}, Max: vg.Point{X: -1e9, Y: -1e9}}
	for _, c := range []vg.Point{{Y: -down}, {X: w, Y: -down}, {Y: up}, {X: w, Y: up}} {
		c = c.Add(p)
		q := r.at[len(r.at)-1].Add(vg.Point{X: c.X*vg.Length(cos) - c.Y*vg.Length(sin), Y: c.X*vg.Length(sin) + c.Y*vg.Length(cos)})
		box.Min.X, box.Min.Y = min(box.Min.X, q.X), min(box.Min.Y, q.Y)
		box.Max.X, box.Max.Y = max(box.Max.X, q.X), max(box.Max.Y, q.Y)
	}
	r.texts = append(r.texts, placed{s, box})
}

// Whatever is asked for, no text leaves the page, no two texts touch, the panels
// have room, and the legend keeps off them or off the data.
func TestLayout(t *testing.T) {
	long := synthetic("a name that is far too long to be put beside anything, least of all beside a small figure of a paper", 4, 1)
	single := synthetic("single", 1, 0)
	constant := Series{Curve: rd.Curve{Name: "constant", Points: []rd.Point{
		{Values: map[string]float64{rd.KeyBPP: 8, "psnr": 40}}, {Values: map[string]float64{rd.KeyBPP: 8, "psnr": 40}},
	}}}
	sets := map[string][]Series{
		"one": some(1), "four": some(4), "twenty": some(20), "sixty": some(60), "single": {single}, "constant": {constant},
		"long": append(some(2), long, single), "negative": {synthetic("negative", 5, -80)},
	}
	panels := [][]metrics.Info{{psnr}, {psnr, msim}, {psnr, msim, lpips}, {psnr, msim, lpips, psnr, msim}}
	pages := [][2]vg.Length{{0, 0}, {3.5 * 72, 0}, {648, 432}, {400, 600}}
	for name, series := range sets {
		for _, ms := range panels {
			for _, page := range pages {
				for _, legend := range []Legend{LegendAuto, LegendOutside, LegendEnds, LegendNone} {
					f := &Figure{Series: series, Metrics: ms, Legend: legend, Width: page[0], Height: page[1],
						Better: len(ms) == 2, Log: len(ms) == 1}
					if len(ms) == 3 {
						f.Title = strings.Repeat("A title ", 30)
					}
					if (len(series)+len(ms))%2 == 0 {
						f.Theme = Dark()
					}
					checkLayout(t, fmt.Sprintf("%s, %d panels, page %v, legend %d", name, len(ms), page, legend), f)
				}
			}
		}
	}
}

func checkLayout(t *testing.T, where string, f *Figure) {
	t.Helper()
	l, err := f.onPage()
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	rec := newRecorder()
	l.draw(draw.NewCanvas(rec, l.page.Max.X, l.page.Max.Y))
	paper := grown(l.page, .01)
	for i, a := range rec.texts {
		if !contains(paper, a.box.Min) || !contains(paper, a.box.Max) {
			t.Errorf("%s: %q leaves the page: %v of %v", where, a.text, a.box, l.page.Max)
		}
		for _, b := range rec.texts[:i] {
			if overlap(a.box, b.box) > .5 {
				t.Errorf("%s: %q lies on %q", where, a.text, b.text)
			}
		}
	}
	if !contains(paper, rec.paths.Min) || !contains(paper, rec.paths.Max) {
		t.Errorf("%s: lines leave the page: %v of %v", where, rec.paths, l.page.Max)
	}
	for i := range l.panels {
		p := &l.panels[i]
		if size := p.rect.Size(); size.X < 4*l.em || size.Y < 4*l.em {
			t.Errorf("%s: the data have %v", where, size)
		}
		if len(p.x.ticks) < 2 && p.rect.Size().X > 100 || len(p.y.ticks) < 2 && p.rect.Size().Y > 60 {
			t.Errorf("%s: %d and %d ticks", where, len(p.x.ticks), len(p.y.ticks))
		}
		if g := l.legend; g != nil && !g.framed && overlap(g.box, p.box) > .5 {
			t.Errorf("%s: the legend lies on a panel", where)
		}
	}
	if g := l.legend; g != nil && g.framed && !l.panels[g.panel].free(g.box, 0) {
		t.Errorf("%s: the legend covers data", where)
	}
}
