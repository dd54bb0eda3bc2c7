package compare

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// measured is the table that sets the shown pictures side by side.
type measured struct {
	wb     *workbench.Workbench
	tips   *kit.Tips
	root   *fyne.Container
	choose *kit.Button // which metrics there are rows for
	body   *fyne.Container
	chips  []*kit.Chip // one a column
	rows   []*measuredRow
	built  string // what the rows were made for
}

type measuredRow struct {
	kit.Tap
	values []*kit.Text // one a column
	help   string
}

const rowHeight = 20

// columnWidth is the width of a column among n; more of them stand closer.
func columnWidth(n int) float32 {
	switch n {
	case 2:
		return 76
	case 3:
		return 62
	}
	return 53
}

func newMeasured(wb *workbench.Workbench, tips *kit.Tips) *measured {
	m := &measured{wb: wb, tips: tips, body: kit.Column(0)}
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
	columns, rows := m.wb.TableColumns(), m.wb.Table()
	key := fmt.Sprint(len(columns))
	for _, r := range rows {
		key += "\n" + r.Name
	}
	if key != m.built {
		m.built = key
		m.rebuild(rows, len(columns))
	}
	for i, n := range columns {
		m.chips[i].SetNumber(n)
	}
	for i, r := range rows {
		m.rows[i].show(r)
	}
}

func (m *measured) rebuild(rows []workbench.Row, columns int) {
	m.rows, m.chips = nil, nil
	cells := []fyne.CanvasObject{kit.NewText("").Clipped()}
	for range columns {
		c := kit.NewChip(1)
		m.chips = append(m.chips, c)
		cells = append(cells, kit.Fixed(columnWidth(columns), 0, rightAligned(c)))
	}
	objects := []fyne.CanvasObject{kit.Fixed(0, rowHeight, kit.Row(0, 0, cells...))}
	for _, row := range rows {
		r := newMeasuredRow(m.tips, row.Name, columns)
		m.rows = append(m.rows, r)
		objects = append(objects, kit.NewGround(kit.ColorLine, 0, 0, 0.5, nil), r)
	}
	m.body.Objects = objects
	m.body.Refresh()
}

func newMeasuredRow(tips *kit.Tips, name string, columns int) *measuredRow {
	r := &measuredRow{}
	lines := nameLines(name, kit.SidePanel-2*kit.PanelPadding-float32(columns)*columnWidth(columns))
	cells := []fyne.CanvasObject{kit.Column(0, lines...)}
	for range columns {
		t := digits(columns)
		r.values = append(r.values, t)
		cells = append(cells, kit.Fixed(columnWidth(columns), 0, t))
	}
	r.Init(kit.Fixed(0, rowHeight+float32(len(lines)-1)*nameLine, kit.Row(0, 0, cells...)), nil)
	r.SetTip(tips, func() string { return r.help })
	return r
}

// nameLine is the height of a further line of a metric's name.
const nameLine = 13

// nameLines writes a metric's name into a width: small where it is long, and in lines
// where it is longer still.
func nameLines(name string, width float32) []fyne.CanvasObject {
	wide := func(s string, points float32) bool {
		return fyne.MeasureText(s, points, fyne.TextStyle{}).Width > width
	}
	if !wide(name, kit.TextSize) {
		return []fyne.CanvasObject{kit.Muted(name).Clipped()}
	}
	var lines []fyne.CanvasObject
	line := ""
	for _, word := range strings.Fields(name) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && wide(longer, kit.SmallSize) {
			lines = append(lines, kit.Fixed(0, nameLine, kit.Muted(line).Small().Clipped()))
			longer = word
		}
		line = longer
	}
	return append(lines, kit.Fixed(0, nameLine, kit.Muted(line).Small().Clipped()))
}

func digits(columns int) *kit.Text {
	t := kit.Digits("").Clipped()
	t.Points = 12
	if columns > 2 {
		t.Points = kit.SmallSize
	}
	return t
}

// rightAligned puts an object at the right of its place.
func rightAligned(o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Row(0, 0, kit.NewText("").Clipped(), container.NewStack(o))
}

func (r *measuredRow) show(row workbench.Row) {
	r.help = row.Help
	decided := slices.Contains(row.Best, true)
	for i, t := range r.values {
		t.Set(row.Values[i])
		ink := fyne.ThemeColorName(theme.ColorNameForeground)
		if decided && !row.Best[i] {
			ink = kit.ColorMuted
		}
		t.SetStyle(ink, row.Best[i])
	}
}
