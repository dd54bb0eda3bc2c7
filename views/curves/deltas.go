package curves

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
)

// deltaTable is the table of Bjontegaard deltas, with what the best one means in a
// sentence over it.
type deltaTable struct {
	wb       *workbench.Workbench
	root     *kit.Ground
	anchor   *kit.Picker
	about    *kit.Text
	sentence *fyne.Container
	said     string
	rows     *fyne.Container
	scroll   *container.Scroll
	width    float32
	list     []workbench.Plotted
	tips     *kit.Tips
	over     func(name string) // the mouse is on a curve's row; empty: on none
}

func newDeltaTable(wb *workbench.Workbench, tips *kit.Tips, over func(name string)) *deltaTable {
	t := &deltaTable{wb: wb, tips: tips, over: over, about: kit.Muted("").Clipped(), sentence: kit.Row(0, -1)}
	t.anchor = kit.NewPicker(t.names, wb.SetAnchor)
	t.anchor.SetTip(tips, "The curve that the others are compared with")
	t.rows = kit.Column(0)
	head := kit.Row(kit.Space, 3, kit.Strong("BD-rate"), kit.Muted("against"), kit.Fixed(150, 0, t.anchor), t.about)
	t.scroll = container.NewVScroll(t.rows)
	t.root = kit.Card(container.NewBorder(kit.Column(kit.Gap, t.sentence, head), nil, nil, nil, t.scroll))
	return t
}

func (t *deltaTable) names() []kit.Option {
	var out []kit.Option
	for _, p := range t.list {
		out = append(out, kit.Option{ID: p.Curve.Name, Name: p.Curve.Name, Note: t.wb.MeasuredOn(p)})
	}
	return out
}

// Measures of the table.
const (
	deltaHeight = 24
	deltaShown  = 5 // rows without scrolling

	nameColumn    = 160
	valueColumn   = 64
	rangeColumn   = 116
	overlapColumn = 56
	noteColumn    = 120 // least
)

// group is what the table shows of one metric.
type group struct {
	info          metrics.Info
	list          []workbench.Comparison
	ranged, short bool // has intervals; only the BD-rate has room
	changed       bool // the convention changes numbers
}

// width of a metric's columns.
func (g group) width() float32 {
	w := g.firstColumn()
	if g.changed {
		w += kit.Wide + valueColumn
	}
	if g.short {
		return w
	}
	if g.ranged {
		w += kit.Wide + rangeColumn
	}
	return w + kit.Wide + overlapColumn
}

// setWidth tells how much room the table has.
func (t *deltaTable) setWidth(w float32) {
	if t.width != w {
		t.width = w
		t.fill()
	}
}

func (t *deltaTable) changed(list []workbench.Plotted) {
	t.list = list
	t.fill()
}

func (t *deltaTable) groups() []group {
	infos := metricsOf(t.wb)
	var out []group
	room := t.width - 2*kit.PanelPadding - nameColumn - noteColumn
	for i, c := range t.wb.Compare(t.list, infos...) {
		g := group{info: infos[i], list: c, changed: !t.wb.CurveView().Convention().Usual()}
		g.ranged = slices.ContainsFunc(c, func(c workbench.Comparison) bool { return c.Waiting || c.Images > 0 })
		out = append(out, g)
		room -= g.width() + 2*kit.Wide
	}
	for i := len(out) - 1; i >= 0 && room < 0 && t.width > 0; i-- {
		room += out[i].width()
		out[i].short = true
		room -= out[i].width()
	}
	return out
}

func (t *deltaTable) fill() {
	t.anchor.Put(anchorName(t.wb, t.list), "")
	groups := t.groups()
	if len(groups) == 0 {
		return
	}
	t.rows.Objects = nil
	if len(groups[0].list) > 0 {
		t.rows.Add(t.head(groups))
	}
	for k, c := range groups[0].list {
		t.rows.Add(kit.NewGround(kit.ColorLine, 0, 0, 0.5, nil))
		why, row := refusal(groups, k), t.row(groups, k, c.Plotted)
		if why != "" {
			row = kit.Fixed(0, deltaHeight, kit.Row(kit.Wide, 1, kit.Fixed(nameColumn, 0, curveName(c.Plotted)), kit.Muted(why).Clipped()))
		}
		t.rows.Add(t.live(row, c.Test, notesOf(groups, k)))
	}
	t.rows.Refresh()
	t.scroll.SetMinSize(fyne.NewSize(0, min(t.rows.MinSize().Height, deltaHeight*(deltaShown+1))+kit.Gap))
	t.about.Set(t.convention())
	if len(t.list) < 2 {
		t.about.Set("needs two curves to compare")
	}
	t.say(t.wb.CurveSentence(groups[0].info, groups[0].list))
}

// live makes a row of the table tell all of its note, make its curve stand out, and make
// it the anchor when it is tapped.
func (t *deltaTable) live(row fyne.CanvasObject, name, note string) fyne.CanvasObject {
	r := newOverRow(row, func() { t.wb.SetAnchor(name) }, func(on bool) {
		if on {
			t.over(name)
		} else {
			t.over("")
		}
	})
	r.SetTip(t.tips, func() string {
		return strings.TrimSpace(strings.TrimPrefix(note+". ", ". ") + "Click to compare the others with " + name + ".")
	})
	return r
}

// notesOf is what there is to say of a row.
func notesOf(groups []group, k int) string {
	var notes []string
	for _, g := range groups {
		if n := g.list[k].Note; n != "" && !slices.Contains(notes, n) {
			notes = append(notes, n)
		}
	}
	return strings.Join(notes, "; ")
}

// refusal is why a row has no number at all, to stand in their place.
func refusal(groups []group, k int) string {
	for _, g := range groups {
		if c := g.list[k]; !math.IsNaN(c.Percent) || c.Note == "" {
			return ""
		}
	}
	return notesOf(groups, k)
}

func anchorName(wb *workbench.Workbench, list []workbench.Plotted) string {
	want := wb.CurveView().Anchor
	if slices.ContainsFunc(list, func(p workbench.Plotted) bool { return p.Curve.Name == want }) {
		return want
	}
	if len(list) > 0 {
		return list[0].Curve.Name
	}
	return ""
}

// convention says how the numbers were made.
func (t *deltaTable) convention() string {
	v := t.wb.CurveView()
	var parts []string
	for _, p := range t.list {
		if on := t.wb.MeasuredOn(p); p.Curve.Name == anchorName(t.wb, t.list) && on != "" {
			parts = append(parts, "on "+on)
		}
	}
	parts = append(parts, methodName(v.Method))
	if v.MeanMSE {
		parts = append(parts, "PSNR of the mean MSE")
	}
	if v.Payload {
		parts = append(parts, "payload bytes")
	}
	return strings.Join(parts, ", ")
}

func methodName(m rd.Method) string {
	switch m {
	case rd.Cubic:
		return "cubic"
	case rd.Akima:
		return "Akima"
	}
	return "PCHIP"
}

func heading(width float32, text string) fyne.CanvasObject {
	h := kit.Muted(text).Clipped()
	h.Align = fyne.TextAlignTrailing
	return kit.Fixed(width, 0, h)
}

func digits(width float32, text string, muted bool) fyne.CanvasObject {
	d := kit.Digits(text).Clipped()
	if muted {
		d.Color = kit.ColorMuted
	}
	return kit.Fixed(width, 0, d)
}

func (t *deltaTable) head(groups []group) fyne.CanvasObject {
	row := []fyne.CanvasObject{kit.Fixed(nameColumn, 0, kit.Muted("Curve").Clipped())}
	for _, g := range groups {
		name := kit.NewText(g.info.Name + " %").Clipped()
		name.Align = fyne.TextAlignTrailing
		row = append(row, kit.Fixed(g.firstColumn(), 0, name))
		if g.changed {
			row = append(row, heading(valueColumn, "usual"))
		}
		if g.short {
			continue
		}
		if g.ranged {
			row = append(row, heading(rangeColumn, "95 % interval"))
		}
		row = append(row, heading(overlapColumn, "overlap"))
	}
	return kit.Fixed(0, deltaHeight, kit.Row(kit.Wide, len(row), append(row, kit.Muted("Note").Clipped())...))
}

// firstColumn is as wide as the metric's name needs.
func (g group) firstColumn() float32 {
	return max(valueColumn, fyne.MeasureText(g.info.Name+" %", kit.TextSize, fyne.TextStyle{}).Width+2)
}

func (t *deltaTable) row(groups []group, k int, p workbench.Plotted) fyne.CanvasObject {
	row := []fyne.CanvasObject{kit.Fixed(nameColumn, 0, curveName(p))}
	for _, g := range groups {
		c := g.list[k]
		row = append(row, digits(g.firstColumn(), number(c.Percent, "%+.1f"), false))
		if g.changed {
			row = append(row, digits(valueColumn, number(c.Usual, "%+.1f"), true))
		}
		if g.short {
			continue
		}
		if g.ranged {
			row = append(row, digits(rangeColumn, intervalText(c), true))
		}
		row = append(row, digits(overlapColumn, number(math.Floor(100*c.Overlap), "%.0f %%"), false))
	}
	note := kit.Muted(notesOf(groups, k)).Clipped()
	return kit.Fixed(0, deltaHeight, kit.Row(kit.Wide, len(row), append(row, note)...))
}

func intervalText(c workbench.Comparison) string {
	switch {
	case c.Waiting:
		return "…"
	case c.Images == 0:
		return "–"
	}
	return fmt.Sprintf("%+.1f … %+.1f", c.Low, c.High)
}

func number(v float64, format string) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf(format, v)
}

// trim writes a number with as many decimals as it has.
func trim(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// curveName is a curve's name with its candidate's chip or its colour.
func curveName(p workbench.Plotted) fyne.CanvasObject {
	name := kit.NewText(p.Curve.Name).Clipped()
	name.Middle = true
	if p.Number != 0 {
		return kit.Row(kit.Space, 1, kit.NewChip(p.Number), name)
	}
	s := newSwatch()
	s.set(p.Slot, p.Published, false)
	return kit.Row(kit.Space, 1, s, name)
}

// say shows the result as a sentence.
func (t *deltaTable) say(spans []workbench.Span) {
	text := workbench.Plain(spans) + fmt.Sprint(t.width)
	if text == t.said {
		return
	}
	t.said = text
	t.sentence.Objects = nil
	for _, s := range spans {
		piece := kit.NewText(s.Text)
		piece.Bold = s.Bold
		t.sentence.Add(piece)
	}
	if t.width > 0 && t.sentence.MinSize().Width > t.width-2*kit.PanelPadding {
		whole := kit.NewText(workbench.Plain(spans)).Clipped()
		t.sentence.Objects = []fyne.CanvasObject{kit.Fixed(t.width-2*kit.PanelPadding, 0, whole)}
	}
	if len(spans) == 0 {
		t.sentence.Hide()
	} else {
		t.sentence.Show()
	}
	t.sentence.Refresh()
}
