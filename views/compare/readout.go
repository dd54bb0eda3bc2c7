package compare

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs/picture"
	"codecworkbench/views/kit"
)

// readout shows the values of the pixel under the mouse in the original and in every
// candidate, and how far each is off there: in one line where that has room, else in a
// line for each.
type readout struct {
	root    *kit.Ground
	body    *fyne.Container
	place   *kit.Text
	items   [workbench.MaxSlots]pixelItem
	used    int  // of the items
	length  int  // of all texts together: the layout depends on it
	stacked bool // the items stand below each other
	on      bool
}

type pixelItem struct {
	name, value, delta *kit.Text
	row                *fyne.Container
}

func newReadout() *readout {
	r := &readout{place: kit.NewText("")}
	r.place.Mono, r.place.Points = true, 12
	row := []fyne.CanvasObject{r.place}
	for i := range r.items {
		it := pixelItem{name: kit.Muted(""), value: kit.NewText(""), delta: kit.Muted("")}
		for _, t := range []*kit.Text{it.name, it.value, it.delta} {
			t.Mono = true
			t.Points = 12
		}
		it.row = kit.Row(6, -1, it.name, it.value, it.delta)
		r.items[i] = it
		row = append(row, it.row)
	}
	r.body = kit.Row(14, -1, row...)
	r.root = kit.Veil(r.body)
	return r
}

func (r *readout) empty() bool { return !r.on }

// fit puts the values into one line, or below each other where a line has no room.
func (r *readout) fit(width float32) {
	need := r.place.MinSize().Width + 2*kit.Space
	for _, it := range r.items[:r.used] {
		need += it.row.MinSize().Width + 14
	}
	if stacked := need > width; stacked != r.stacked {
		r.stacked = stacked
		layout := kit.Row(14, -1).Layout
		if stacked {
			layout = kit.Column(2).Layout
		}
		r.body.Layout = layout
		r.body.Refresh()
	}
}

// show reads the pixels of the original and of all candidates.
func (r *readout) show(wb *workbench.Workbench, x, y int, ok bool) {
	original := wb.Picture()
	r.on = ok && original != nil && x < original.Width() && y < original.Height()
	if !r.on {
		return
	}
	r.place.Set(fmt.Sprintf("x %-4d y %-4d", x, y))
	ref := pixel(original, x, y)
	r.items[0].name.Set("orig")
	r.items[0].value.Set(triple(ref, original.Alpha()))
	set(r.items[0].delta, "")
	n, length := 1, len(r.items[0].value.Value())
	for _, s := range wb.Setup().Slots {
		p := wb.Shown(s.Number)
		if s.Number == workbench.Original || p == nil || p.Width() != original.Width() || p.Height() != original.Height() {
			continue
		}
		it := r.items[n]
		if ink := kit.SeriesInk(s.Number); it.name.Ink != ink {
			it.name.Ink = ink
			it.name.Refresh()
		}
		it.name.Set(r.label(s.Number))
		it.name.SetStyle(kit.ColorMuted, wb.Seen(s.Number))
		v := pixel(p, x, y)
		it.value.Set(triple(v, p.Alpha()))
		mode := wb.ViewSettings().Mode
		set(it.delta, off(wb, s.Number, original, p, x, y))
		ink, strong := kit.ColorMuted, mode == workbench.Mapped || mode == workbench.Diff
		if strong {
			ink = theme.ColorNameForeground
		}
		it.delta.SetStyle(ink, strong)
		length = 64*length + len(it.name.Value()) + len(it.value.Value()) + len(it.delta.Value())
		n++
	}
	if n == r.used && length == r.length {
		return // every text has its place already, and refreshed itself where it changed
	}
	r.used, r.length = n, length
	for i, it := range r.items {
		show(it.row, i < n)
	}
	r.body.Refresh()
}

// label names a candidate, as wide as "orig" where the lines stand below each other.
func (r *readout) label(number int) string {
	if r.stacked {
		return fmt.Sprintf("%-4d", number)
	}
	return fmt.Sprint(number)
}

// off is how far a candidate is off at a pixel, as the mode asks: the differences of the
// channels; what the metric's map says; else the largest difference of a channel, and the
// root of the mean square in the pixel's neighbourhood.
func off(wb *workbench.Workbench, number int, original, p *picture.Picture, x, y int) string {
	switch wb.ViewSettings().Mode {
	case workbench.Mapped:
		if !wb.Seen(number) {
			return ""
		}
		return mapValue(wb, number, x, y)
	case workbench.Diff:
		d := difference(pixel(p, x, y), pixel(original, x, y))
		return fmt.Sprintf("%+4d%+4d%+4d", d[0], d[1], d[2])
	}
	d := largest(difference(pixel(p, x, y), pixel(original, x, y)))
	return fmt.Sprintf("Δ%-3d ±%4.1f", max(d, -d), around(p, original, x, y))
}

// mapValue is what the metric's map says of a pixel.
func mapValue(wb *workbench.Workbench, number, x, y int) string {
	m, ok := wb.Map(number)
	if !ok || m.Map == nil {
		return "…"
	}
	v, ok := m.At(x, y)
	if !ok {
		return "no value"
	}
	return heatmap.ScaleOf(m.Kind).Format(float64(v))
}

// aroundReach is how far the neighbourhood of a pixel reaches to each side.
const aroundReach = 4

// around is the root of the mean squared difference of two pictures of one size around a
// pixel, over its colour samples.
func around(a, b *picture.Picture, x, y int) float64 {
	sum, n := 0, 0
	for j := max(y-aroundReach, 0); j <= min(y+aroundReach, a.Height()-1); j++ {
		for i := max(x-aroundReach, 0); i <= min(x+aroundReach, a.Width()-1); i++ {
			d := difference(pixel(a, i, j), pixel(b, i, j))
			sum += d[0]*d[0] + d[1]*d[1] + d[2]*d[2]
			n += 3
		}
	}
	return math.Sqrt(float64(sum) / float64(max(n, 1)))
}

func pixel(p *picture.Picture, x, y int) [4]int {
	img := p.RGB8()
	i := img.PixOffset(x, y)
	return [4]int{int(img.Pix[i]), int(img.Pix[i+1]), int(img.Pix[i+2]), int(img.Pix[i+3])}
}

func triple(v [4]int, alpha bool) string {
	if alpha {
		return fmt.Sprintf("%3d %3d %3d a%3d", v[0], v[1], v[2], v[3])
	}
	return fmt.Sprintf("%3d %3d %3d", v[0], v[1], v[2])
}

// difference is a - b, channel by channel.
func difference(a, b [4]int) (d [3]int) {
	for c := range d {
		d[c] = a[c] - b[c]
	}
	return d
}

// largest is the difference that is farthest from none, with its sign.
func largest(d [3]int) int {
	most := 0
	for _, v := range d {
		if max(v, -v) > max(most, -most) {
			most = v
		}
	}
	return most
}
