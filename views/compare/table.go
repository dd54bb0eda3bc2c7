package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// measured is the table that sets two of the shown pictures side by side.
type measured struct {
	wb          *workbench.Workbench
	tips        *kit.Tips
	root        *fyne.Container
	choose      *kit.Button // which metrics there are rows for
	body        *fyne.Container
	left, right *kit.Chip
	rows        []*measuredRow
}

type measuredRow struct {
	kit.Tap
	name        *kit.Text
	left, right *kit.Text
	help        string
}

const (
	rowHeight   = 20
	columnWidth = 76
)

func newMeasured(wb *workbench.Workbench, tips *kit.Tips) *measured {
	m := &measured{wb: wb, tips: tips, left: kit.NewChip(1), right: kit.NewChip(1), body: kit.Column(0)}
	m.choose = kit.NewGhost("metrics …", m.menu)
	m.choose.Points = kit.SmallSize
	m.choose.SetTip(tips, "Choose the metrics to measure with   T")
	m.root = kit.Column(0, kit.Row(0, 0, kit.Caption("MEASURED").Clipped(), m.choose), m.body)
	return m
}

// menu offers all metrics, to be ticked.
func (m *measured) menu() {
	items := metricmenu.Items(m.wb, m.wb.TableMetrics(), m.wb.ToggleTableMetric)
	kit.OpenMenu(m.choose, append(items, kit.Item{Name: "With settings …", Note: "such as butteraugli@nits=203", Do: func() {
		if c := fyne.CurrentApp().Driver().CanvasForObject(m.choose); c != nil {
			metricmenu.OpenSettings(c, m.wb, m.wb.AddTableMetric)
		}
	}}))
}

func (m *measured) changed() {
	left, right := m.wb.Compared()
	m.left.SetNumber(left)
	m.right.SetNumber(right)
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
		r := newMeasuredRow(m.tips)
		m.rows = append(m.rows, r)
		objects = append(objects, kit.NewGround(kit.ColorLine, 0, 0, 0.5, nil), kit.Fixed(0, rowHeight, r))
	}
	m.body.Objects = objects
	m.body.Refresh()
}

func newMeasuredRow(tips *kit.Tips) *measuredRow {
	r := &measuredRow{name: kit.Muted("").Clipped(), left: digits(), right: digits()}
	r.Init(kit.Row(0, 0, r.name, kit.Fixed(columnWidth, 0, r.left), kit.Fixed(columnWidth, 0, r.right)), nil)
	r.SetTip(tips, func() string { return r.help })
	return r
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
	r.help = row.Help
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
