package blind

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// interval is a score with its interval on a line that all rows share.
type interval struct {
	widget.BaseWidget
	number           int
	score, low, high float64
	from, to         float64 // ends of the line
}

func newInterval(number int, score, low, high, from, to float64) *interval {
	i := &interval{number: number, score: score, low: low, high: high, from: from, to: to}
	i.ExtendBaseWidget(i)
	return i
}

// CreateRenderer implements fyne.Widget.
func (i *interval) CreateRenderer() fyne.WidgetRenderer {
	r := &intervalRenderer{i: i, zero: canvas.NewRectangle(color.Transparent), span: canvas.NewRectangle(color.Transparent), dot: canvas.NewCircle(color.Transparent)}
	for k := range r.ends {
		r.ends[k] = canvas.NewRectangle(color.Transparent)
	}
	r.Refresh()
	return r
}

type intervalRenderer struct {
	i          *interval
	zero, span *canvas.Rectangle
	ends       [2]*canvas.Rectangle
	dot        *canvas.Circle
}

func (r *intervalRenderer) Destroy()           {}
func (r *intervalRenderer) MinSize() fyne.Size { return fyne.NewSize(60, 22) }

func (r *intervalRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.zero, r.span, r.ends[0], r.ends[1], r.dot}
}

func (r *intervalRenderer) Layout(s fyne.Size) {
	const edge = 6
	at := func(v float64) float32 {
		return edge + (s.Width-2*edge)*float32((v-r.i.from)/max(r.i.to-r.i.from, 1e-9))
	}
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	middle := s.Height / 2
	place(r.zero, at(0), 0, 1, s.Height)
	place(r.span, at(r.i.low), middle-1, at(r.i.high)-at(r.i.low), 2)
	place(r.ends[0], at(r.i.low)-1, middle-4, 2, 8)
	place(r.ends[1], at(r.i.high)-1, middle-4, 2, 8)
	place(r.dot, at(r.i.score)-5, middle-5, 10, 10)
}

func (r *intervalRenderer) Refresh() {
	ink := kit.SeriesInk(r.i.number)
	r.zero.FillColor = theme.Color(kit.ColorLine)
	for _, o := range []*canvas.Rectangle{r.span, r.ends[0], r.ends[1]} {
		o.FillColor = ink
	}
	r.dot.FillColor = ink
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// tally is a line from no right answer to all, with chance, where more than guessing
// begins, and the answers' place.
type tally struct {
	widget.BaseWidget
	right, n, needed int
}

func newTally(right, n, needed int) *tally {
	t := &tally{right: right, n: n, needed: needed}
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *tally) CreateRenderer() fyne.WidgetRenderer {
	r := &tallyRenderer{t: t, track: canvas.NewRectangle(color.Transparent), beyond: canvas.NewRectangle(color.Transparent), dot: canvas.NewCircle(color.Transparent)}
	for range 5 {
		r.dashes = append(r.dashes, canvas.NewRectangle(color.Transparent))
	}
	for _, text := range []string{"0", fmt.Sprint(t.n), fmt.Sprintf("%d right", t.right)} {
		r.texts = append(r.texts, canvas.NewText(text, color.Black))
	}
	r.Refresh()
	return r
}

type tallyRenderer struct {
	t             *tally
	track, beyond *canvas.Rectangle
	dashes        []*canvas.Rectangle
	dot           *canvas.Circle
	texts         []*canvas.Text
}

func (r *tallyRenderer) Destroy()           {}
func (r *tallyRenderer) MinSize() fyne.Size { return fyne.NewSize(200, 66) }

func (r *tallyRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.track, r.beyond}
	for _, d := range r.dashes {
		out = append(out, d)
	}
	out = append(out, r.dot)
	for _, t := range r.texts {
		out = append(out, t)
	}
	return out
}

func (r *tallyRenderer) Layout(s fyne.Size) {
	const edge, y = 12, 36
	at := func(v float64) float32 { return edge + (s.Width-2*edge)*float32(v/float64(max(r.t.n, 1))) }
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	place(r.track, at(0), y-3, at(float64(r.t.n))-at(0), 6)
	beyond := min(r.t.needed, r.t.n)
	place(r.beyond, at(float64(beyond)), y-3, at(float64(r.t.n))-at(float64(beyond)), 6)
	for i, d := range r.dashes {
		place(d, at(float64(r.t.n)/2)-1, y-14+6*float32(i), 2, 4)
	}
	x := at(float64(r.t.right))
	place(r.dot, x-7, y-7, 14, 14)
	for i, centre := range []float32{at(0), at(float64(r.t.n)), x} {
		m := r.texts[i].MinSize()
		below := y + float32(14)
		if i == 2 {
			below = y - 17 - m.Height
		}
		r.texts[i].Move(fyne.NewPos(min(max(centre-m.Width/2, 0), s.Width-m.Width), below))
	}
}

func (r *tallyRenderer) Refresh() {
	r.track.FillColor, r.beyond.FillColor = theme.Color(kit.ColorTrack), theme.Color(theme.ColorNamePrimary)
	r.track.CornerRadius, r.beyond.CornerRadius = 3, 3
	for _, d := range r.dashes {
		d.FillColor = theme.Color(kit.ColorMuted)
	}
	r.dot.FillColor, r.dot.StrokeColor, r.dot.StrokeWidth = theme.Color(theme.ColorNameForeground), theme.Color(kit.ColorPanel), 2
	for i, t := range r.texts {
		t.TextSize, t.Color = kit.SmallSize, theme.Color(kit.ColorMuted)
		if i == 2 {
			t.TextSize, t.Color, t.TextStyle.Bold = kit.TextSize, theme.Color(theme.ColorNameForeground), true
		}
	}
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
