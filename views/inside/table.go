package inside

import (
	"fmt"
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// shownRows bounds the rows of a table on the screen.
const shownRows = 200

// tableStart keeps cells clear of the ring around a table.
const tableStart = 6

// tableEnd keeps cells clear of the scroll bar.
const tableEnd = 14

// tableView shows rows of text; the cell under the mouse, or where the keys are, is marked.
type tableView struct {
	board
	table  codecs.Table
	scroll *container.Scroll
	layout *cellLayout
	at     image.Point // the column and row that is read
	read   bool
	// OnRead is called with what is read; empty: nothing.
	OnRead func(text string)
}

// tableOf shows a table.
func (v *panelView) tableOf(d codecs.Table) (fyne.CanvasObject, string) {
	t := &tableView{table: d, OnRead: v.read, layout: &cellLayout{columns: max(len(d.Head), 1)}}
	t.place, t.walk, t.leave, t.filled = t.cell, t.step, func() { t.show(t.at, false) }, true
	t.turn, v.board = v.Turn, &t.board
	t.start(t, cells(d, t.layout))
	t.scroll = container.NewVScroll(t)
	return t.scroll, ""
}

func (t *tableView) rows() int { return min(len(t.table.Rows), shownRows) }

// cell is where the mark lies.
func (t *tableView) cell() (pos fyne.Position, size fyne.Size, ok bool) {
	x, w := t.layout.column(t.at.X)
	return fyne.NewPos(x, float32(t.at.Y+1)*rowHeight), fyne.NewSize(w, rowHeight), t.read && t.at.Y < t.rows()
}

// show reads a cell.
func (t *tableView) show(at image.Point, ok bool) {
	t.at, t.read = at, ok
	text := ""
	if ok {
		text = readCell(t.table, at.X, at.Y)
	}
	t.OnRead(text)
	t.update()
}

func (t *tableView) step(dx, dy int) {
	if t.rows() == 0 {
		return
	}
	at := image.Pt(min(max(t.at.X+dx, 0), t.layout.columns-1), min(max(t.at.Y+dy, 0), t.rows()-1))
	t.show(at, true)
	// The row has to be seen.
	top, bottom := float32(at.Y)*rowHeight, float32(at.Y+2)*rowHeight
	switch y := t.scroll.Offset.Y; {
	case top < y:
		t.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > y+t.scroll.Size().Height:
		t.scroll.ScrollToOffset(fyne.NewPos(0, bottom-t.scroll.Size().Height))
	}
}

// readCell writes a cell in full, with its row and its column.
func readCell(d codecs.Table, x, y int) string {
	cell := func(list []string, i int) string {
		if i < len(list) {
			return list[i]
		}
		return ""
	}
	row := d.Rows[y]
	name := strings.TrimSpace(cell(d.Head, 0) + " " + cell(row, 0))
	if x == 0 {
		return name
	}
	return strings.TrimSpace(name+", "+cell(d.Head, x)) + ": " + cell(row, x)
}

// cellAt is the cell at a position.
func (t *tableView) cellAt(pos fyne.Position) (at image.Point, ok bool) {
	at.Y = int(pos.Y/rowHeight) - 1
	for i := range t.layout.columns {
		if x, w := t.layout.column(i); pos.X >= x && pos.X < x+w {
			at.X = i
			return at, at.Y >= 0 && at.Y < t.rows()
		}
	}
	return at, false
}

// Tapped implements fyne.Tappable: it brings the keys here.
func (t *tableView) Tapped(ev *fyne.PointEvent) {
	if at, ok := t.cellAt(ev.Position); ok {
		t.at = at
	}
	t.focus()
}

// MouseIn implements desktop.Hoverable.
func (t *tableView) MouseIn(ev *desktop.MouseEvent) { t.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (t *tableView) MouseMoved(ev *desktop.MouseEvent) {
	if at, ok := t.cellAt(ev.Position); ok || t.read {
		t.show(at, ok)
	}
}

// MouseOut implements desktop.Hoverable.
func (t *tableView) MouseOut() { t.show(t.at, false) }

// cells are a table's texts.
func cells(d codecs.Table, l *cellLayout) fyne.CanvasObject {
	columns := l.columns
	body := container.New(l)
	add := func(row []string, head bool) {
		for i := range columns {
			text := ""
			if i < len(row) {
				text = row[i]
			}
			t := kit.NewText(text).Clipped()
			t.Mono, t.Points = !head && i > 0, 12
			if head {
				t.Color = kit.ColorMuted
			}
			if i > 0 {
				t.Align = fyne.TextAlignTrailing
			}
			body.Add(t)
		}
	}
	add(d.Head, true)
	for i, row := range d.Rows {
		if i == shownRows {
			add([]string{fmt.Sprintf("and %d more", len(d.Rows)-shownRows)}, true)
			break
		}
		add(row, false)
	}
	return body
}

// cellLayout lays cells out in rows; the first column gets what the others leave, which
// are all as wide as the widest of their texts, where there is room.
type cellLayout struct {
	columns      int
	first, other float32 // widths, as they were laid out
}

const rowHeight = 20

// MinSize implements fyne.Layout.
func (l *cellLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, float32((len(o)+l.columns-1)/l.columns)*rowHeight)
}

// Layout implements fyne.Layout.
func (l *cellLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	widest := make([]float32, l.columns)
	for i, cell := range o {
		if t, ok := cell.(*kit.Text); ok {
			style := fyne.TextStyle{Monospace: t.Mono}
			widest[i%l.columns] = max(widest[i%l.columns], fyne.MeasureText(t.Value(), t.Points, style).Width+2*kit.Space)
		}
	}
	other := float32(0)
	for _, w := range widest[1:] {
		other = max(other, w)
	}
	width := s.Width - tableEnd
	if l.columns > 1 {
		// The first column keeps half at most, unless it is narrower anyway.
		other = min(other, (width-min(widest[0], width/2))/float32(l.columns-1))
	}
	l.first, l.other = width-other*float32(l.columns-1), other
	for i, cell := range o {
		x, w := l.column(i % l.columns)
		if i%l.columns == 0 {
			x, w = x+tableStart, w-tableStart
		}
		cell.Move(fyne.NewPos(x, float32(i/l.columns)*rowHeight))
		cell.Resize(fyne.NewSize(w, rowHeight))
	}
}

// column is where a column lies.
func (l *cellLayout) column(i int) (x, width float32) {
	if i == 0 {
		return 0, l.first
	}
	return l.first + l.other*float32(i-1), l.other
}
