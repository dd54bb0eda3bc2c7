package sweeps

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// grid shows a sweep: a row a codec, a cell a rate point, filling as pictures
// finish.
type grid struct {
	widget.BaseWidget
	tips *kit.Tips
	rows []workbench.SweepRow
	run  bool
	at   [2]int // row and cell under the mouse; -1: none
	// places of cells, as they were laid out
	x0, pitch float32
	// anchor is the object of a cell, for its tooltip.
	anchor func(at [2]int) fyne.CanvasObject
	// OnRow is called for a tap on a row's name.
	OnRow func(row int, at fyne.CanvasObject)
	// OnCell is called for a tap on a cell that has a result.
	OnCell func(row, cell int)
}

func newGrid(tips *kit.Tips) *grid {
	g := &grid{tips: tips, at: [2]int{-1, -1}}
	g.ExtendBaseWidget(g)
	return g
}

// show takes a sweep's progress.
func (g *grid) show(s workbench.Sweep) {
	g.rows, g.run = s.Rows, s.Running
	g.Refresh()
}

// cellAt is the row and the cell at a position; -1: none.
func (g *grid) cellAt(pos fyne.Position) (at [2]int) {
	row, cell := int(pos.Y/lineHeight), int((pos.X-g.x0)/max(g.pitch, 1))
	if pos.X < g.x0 || row < 0 || row >= len(g.rows) || cell >= len(g.rows[row].Cells) {
		return [2]int{-1, -1}
	}
	return [2]int{row, cell}
}

// MouseIn implements desktop.Hoverable.
func (g *grid) MouseIn(ev *desktop.MouseEvent) { g.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable: the cell under the mouse says how far it is.
func (g *grid) MouseMoved(ev *desktop.MouseEvent) {
	at := g.cellAt(ev.Position)
	if at == g.at {
		return
	}
	g.at = at
	if at[0] < 0 {
		g.tips.Hide()
		return
	}
	g.tips.Show(g.anchor(at), describe(g.rows[at[0]], at[1]))
}

// MouseOut implements desktop.Hoverable.
func (g *grid) MouseOut() {
	g.at = [2]int{-1, -1}
	g.tips.Hide()
}

// opens reports whether a cell has something to show.
func (g *grid) opens(at [2]int) bool {
	if at[0] < 0 {
		return false
	}
	c := g.rows[at[0]].Cells[at[1]]
	return c.Done > c.Failed
}

// Tapped implements fyne.Tappable: a cell with a result is opened.
func (g *grid) Tapped(ev *fyne.PointEvent) {
	if at := g.cellAt(ev.Position); g.opens(at) {
		g.tips.Hide()
		g.OnCell(at[0], at[1])
	}
}

// Cursor implements desktop.Cursorable.
func (g *grid) Cursor() desktop.Cursor {
	if g.at[0] < len(g.rows) && g.opens(g.at) {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// describe says how far a cell is.
func describe(r workbench.SweepRow, i int) string {
	c := r.Cells[i]
	text := r.Name
	if c.Q != "" {
		text += " at q " + c.Q
	}
	text += fmt.Sprintf(": %d of %s done", c.Done, workbench.Plural(c.Total, "picture"))
	if c.Failed > 0 {
		text += fmt.Sprintf(", %d failed", c.Failed)
	}
	if c.Running > 0 {
		text += fmt.Sprintf(", %d running", c.Running)
	}
	if c.Done > c.Failed {
		text += ". Click: open in Compare"
	}
	return text
}

const (
	nameWidth  = 150
	nameMargin = 22 // of a name's button, and to the first cell
	leftWidth  = 92
	lineHeight = 36
	cellHeight = 30
	cellGap    = 6
	widestCell = 48
	narrowCell = 30 // with its gap
)

// CreateRenderer implements fyne.Widget.
func (g *grid) CreateRenderer() fyne.WidgetRenderer {
	r := &gridRenderer{g: g}
	g.anchor = func(at [2]int) fyne.CanvasObject { return r.lines[at[0]].ground[at[1]] }
	r.Refresh()
	return r
}

// gridRenderer keeps the objects of all cells and reuses them from one state to the
// next.
type gridRenderer struct {
	g     *grid
	lines []*gridLine
	built string
}

// gridLine is the objects of one row.
type gridLine struct {
	name         *kit.Button
	left         *kit.Text
	ground, fill []*canvas.Rectangle
	text         []*canvas.Text
}

func (r *gridRenderer) Destroy() {}

func (r *gridRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, l := range r.lines {
		out = append(out, l.name, l.left)
		for i := range l.ground {
			out = append(out, l.ground[i], l.fill[i], l.text[i])
		}
	}
	return out
}

func (r *gridRenderer) MinSize() fyne.Size {
	return fyne.NewSize(nameWidth+leftWidth+200, float32(len(r.g.rows))*lineHeight)
}

func (r *gridRenderer) build() {
	key := ""
	for _, row := range r.g.rows {
		key += row.Name + strconv.Itoa(len(row.Cells)) + "\n"
	}
	if key == r.built {
		return
	}
	r.built, r.lines = key, nil
	for i, row := range r.g.rows {
		l := &gridLine{name: kit.NewGhost(row.Name, nil), left: kit.Muted("").Clipped()}
		l.name.Bold = true
		l.name.OnTapped = func() { r.g.OnRow(i, l.name) }
		l.name.SetTip(r.g.tips, "Its place in the order, its range, or leave it out")
		l.left.Align = fyne.TextAlignTrailing
		for range row.Cells {
			ground, fill := canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)
			ground.CornerRadius, fill.CornerRadius = 4, 4
			text := canvas.NewText("", color.White)
			text.TextSize, text.Alignment = kit.SmallSize, fyne.TextAlignCenter
			l.ground, l.fill, l.text = append(l.ground, ground), append(l.fill, fill), append(l.text, text)
		}
		r.lines = append(r.lines, l)
	}
}

func (r *gridRenderer) Layout(s fyne.Size) {
	most := 1
	for _, row := range r.g.rows {
		most = max(most, len(row.Cells))
	}
	names, gap := float32(nameWidth), float32(cellGap)
	if (s.Width-names-leftWidth)/float32(most) < narrowCell {
		names, gap = r.widestName(), 2
	}
	w := min((s.Width-names-leftWidth)/float32(most)-gap, widestCell)
	r.g.x0, r.g.pitch = names, w+gap
	for i, l := range r.lines {
		y := float32(i) * lineHeight
		l.name.Set(kit.Shorten(r.g.rows[i].Name, names-nameMargin, kit.TextSize, fyne.TextStyle{Bold: true}), "")
		l.name.Move(fyne.NewPos(-10, y+(cellHeight-kit.ControlSize)/2))
		l.name.Resize(fyne.NewSize(min(l.name.MinSize().Width, names+8), kit.ControlSize))
		l.left.Move(fyne.NewPos(s.Width-leftWidth, y))
		l.left.Resize(fyne.NewSize(leftWidth, cellHeight))
		for k, c := range r.g.rows[i].Cells {
			x := names + float32(k)*(w+gap)
			l.ground[k].Move(fyne.NewPos(x, y))
			l.ground[k].Resize(fyne.NewSize(w, cellHeight))
			l.fill[k].Move(fyne.NewPos(x, y))
			l.fill[k].Resize(fyne.NewSize(w*float32(c.Done)/float32(max(c.Total, 1)), cellHeight))
			m := l.text[k].MinSize()
			l.text[k].Move(fyne.NewPos(x+3, y+(cellHeight-m.Height)/2))
			l.text[k].Resize(fyne.NewSize(w-6, m.Height))
			if m.Width > w {
				l.text[k].Move(fyne.NewPos(-10000, 0)) // no room for it
			}
		}
	}
}

// widestName is the room that the names need, up to that which they have where there is
// enough.
func (r *gridRenderer) widestName() float32 {
	width := float32(0)
	for _, row := range r.g.rows {
		width = max(width, fyne.MeasureText(row.Name, kit.TextSize, fyne.TextStyle{Bold: true}).Width+nameMargin)
	}
	return min(width, nameWidth)
}

func (r *gridRenderer) Refresh() {
	r.build()
	for i, row := range r.g.rows {
		l := r.lines[i]
		done, failed, total := 0, 0, 0
		for k, c := range row.Cells {
			r.paint(l, k, c)
			failed += c.Failed
			done += c.Done
			total += c.Total
		}
		l.left.Set(r.g.lineState(row, done, failed, total))
	}
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}

// lineState says how far a row is: its failures, or the time that it still takes.
func (g *grid) lineState(row workbench.SweepRow, done, failed, total int) string {
	switch {
	case failed > 0:
		return fmt.Sprintf("%d failed", failed)
	case done == total:
		return "done"
	case row.Out:
		return "left out"
	case g.run && row.Left > 0:
		return strings.TrimSuffix(strings.TrimPrefix(workbench.FormatLeft(row.Left), "about "), " left")
	case done == 0:
		return ""
	}
	return fmt.Sprintf("%d %%", 100*done/max(total, 1))
}

// paint colours one cell: blue while it fills, green when it is full, vermilion
// where something failed. It shows its quality; while it fills, how many pictures are
// done.
func (r *gridRenderer) paint(l *gridLine, k int, c workbench.SweepCell) {
	l.ground[k].FillColor, l.ground[k].StrokeWidth = theme.Color(kit.ColorRaised), 0
	if c.Running > 0 {
		l.ground[k].StrokeColor, l.ground[k].StrokeWidth = theme.Color(theme.ColorNamePrimary), 1.5
	}
	fill := color.Color(color.NRGBA{0x56, 0x94, 0xde, 255})
	switch {
	case c.Failed > 0:
		fill = color.NRGBA{0xd5, 0x5e, 0x00, 255}
	case c.Done == c.Total:
		fill = color.NRGBA{0x00, 0x9e, 0x73, 255}
	}
	if c.Done == 0 {
		fill = color.Transparent // a bar without width would still show its corners
	}
	l.fill[k].FillColor = fill
	l.text[k].Text, l.text[k].Alignment = c.Q, fyne.TextAlignCenter
	l.text[k].Color = theme.Color(kit.ColorMuted)
	if c.Done > 0 {
		if c.Done < c.Total {
			l.text[k].Text, l.text[k].Alignment = strconv.Itoa(c.Done), fyne.TextAlignLeading
		}
		l.text[k].Color = color.NRGBA{0x10, 0x12, 0x14, 255}
	}
	if c.Done > 0 && c.Done*2 < c.Total {
		l.text[k].Color = theme.Color(theme.ColorNameForeground) // the bar does not reach it
	}
	l.ground[k].Refresh()
	l.fill[k].Refresh()
	l.text[k].Refresh()
}
