package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// measured is the table that sets the two shown pictures side by side.
type measured struct {
	wb          *workbench.Workbench
	root        *fyne.Container
	left, right *kit.Chip
	rows        []*measuredRow
}

type measuredRow struct {
	name        *kit.Text
	left, right *kit.Text
}

const (
	rowHeight   = 20
	columnWidth = 76
)

func newMeasured(wb *workbench.Workbench) *measured {
	m := &measured{wb: wb, left: kit.NewChip(1), right: kit.NewChip(1)}
	m.root = kit.Column(0)
	return m
}

func (m *measured) changed() {
	setup := m.wb.Setup()
	m.left.SetNumber(setup.Left)
	m.right.SetNumber(setup.Right)
	rows := m.wb.Table()
	if len(rows) != len(m.rows) {
		m.rebuild(len(rows))
	}
	for i, r := range rows {
		m.rows[i].show(r)
	}
}

func (m *measured) rebuild(n int) {
	head := kit.Fixed(0, rowHeight, kit.Row(0, 0, kit.NewText("").Clipped(),
		kit.Fixed(columnWidth, 0, rightAligned(m.left)), kit.Fixed(columnWidth, 0, rightAligned(m.right))))
	objects := []fyne.CanvasObject{head}
	m.rows = nil
	for range n {
		r := &measuredRow{name: kit.Muted("").Clipped(), left: digits(), right: digits()}
		m.rows = append(m.rows, r)
		line := kit.NewGround(kit.ColorLine, 0, 0, 0.5, nil)
		objects = append(objects, line, kit.Fixed(0, rowHeight, kit.Row(0, 0, r.name,
			kit.Fixed(columnWidth, 0, r.left), kit.Fixed(columnWidth, 0, r.right))))
	}
	m.root.Objects = objects
	m.root.Refresh()
}

func digits() *kit.Text {
	t := kit.Digits("").Clipped()
	t.Points = 12
	return t
}

// rightAligned puts an object at the right of its place.
func rightAligned(o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Row(0, 0, kit.NewText("").Clipped(), container.NewStack(o))
}

func (r *measuredRow) show(row workbench.Row) {
	r.name.Set(row.Name)
	r.left.Set(row.Left)
	r.right.Set(row.Right)
	ink := func(better bool) fyne.ThemeColorName {
		if better || row.Better == 0 {
			return theme.ColorNameForeground
		}
		return kit.ColorMuted
	}
	r.left.SetStyle(ink(row.Better < 0), row.Better < 0)
	r.right.SetStyle(ink(row.Better > 0), row.Better > 0)
}
