package curves

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// curveList is the list of curves at the left: the candidates', those from files,
// and the published ones with a search.
type curveList struct {
	wb        *workbench.Workbench
	tips      *kit.Tips
	root      *kit.Ground
	own       *fyne.Container
	search    *kit.Field
	published *extraList
	found     []workbench.Extra
	caption   *kit.Text
	about     *provenance
	key       string // what own was built for
}

func newCurveList(wb *workbench.Workbench, tips *kit.Tips) *curveList {
	l := &curveList{wb: wb, tips: tips, caption: kit.Caption("PUBLISHED")}
	l.own = kit.Column(2)
	l.search = kit.NewField(100, false, nil)
	l.search.SetPlaceHolder("Search names and data sets")
	l.search.OnChanged = func(string) { l.filter() }
	l.published = newExtraList(func() int { return len(l.found) }, func() fyne.CanvasObject { return newExtraRow(tips) }, l.fill)
	l.published.OnSelected = func(i widget.ListItemID) {
		l.published.UnselectAll()
		if i < len(l.found) {
			e := l.found[i]
			l.about.show(e)
			wb.ShowExtra(e.ID, !e.Shown)
		}
	}
	l.about = newProvenance()
	top := kit.Column(kit.Gap, kit.Caption("THIS PICTURE"), l.own, kit.Spacer(0, kit.Space), l.caption, l.search)
	body := container.New(listLayout{}, top, l.published, l.about.root)
	l.root = kit.NewGround(kit.ColorPanel, 0, kit.Wide, kit.Wide, body)
	return l
}

func (l *curveList) fill(i widget.ListItemID, o fyne.CanvasObject) {
	if i < len(l.found) {
		o.(*extraRow).show(l.found[i], func(e workbench.Extra) { l.about.show(e) })
	}
}

func inkOf(shown bool) fyne.ThemeColorName {
	if shown {
		return "foreground"
	}
	return kit.ColorMuted
}

func (l *curveList) changed() {
	var rows []fyne.CanvasObject
	key := ""
	sets, numbers := l.wb.CurveSet()
	for i, c := range sets {
		shown := l.wb.CurveShown(numbers[i])
		key += fmt.Sprint(numbers[i], c.Name, len(c.Points), shown, "\n")
		name := kit.NewText(c.Name).Clipped()
		name.Color = inkOf(shown)
		count := kit.Muted(workbench.Plural(len(c.Points), "point")).Small()
		row := kit.NewTap(kit.Fixed(0, 24, kit.Row(kit.Space, 1, kit.NewChip(numbers[i]), name, count)), func() { l.wb.ShowCurve(numbers[i], !shown) })
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		rows = append(rows, kit.Muted("no candidate with a curve"))
	}
	if key != l.key || key == "" {
		l.key = key
		l.own.Objects = rows
		l.own.Refresh()
	}
	l.filter()
}

// filter lists the extras whose name or data set has the searched text.
func (l *curveList) filter() {
	text := strings.ToLower(strings.TrimSpace(l.search.Text))
	l.found = nil
	all := l.wb.Extras()
	for _, e := range all {
		if strings.Contains(strings.ToLower(e.Name+" "+e.From), text) {
			l.found = append(l.found, e)
		}
	}
	l.caption.Set(fmt.Sprintf("OPENED AND PUBLISHED, %d", len(all)))
	if len(all) == 0 {
		l.caption.Set("OPENED AND PUBLISHED")
	}
	l.published.Refresh()
}

// listLayout: the candidates on top, the origins at the bottom where there is room,
// the list between them.
type listLayout struct{}

// MinSize implements fyne.Layout.
func (listLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 200) }

// Layout implements fyne.Layout.
func (listLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	top, about := o[0].MinSize().Height, min(s.Height*0.28, 190)
	o[0].Resize(fyne.NewSize(s.Width, top))
	o[1].Move(fyne.NewPos(0, top+kit.Gap))
	o[1].Resize(fyne.NewSize(s.Width, max(s.Height-top-about-kit.Gap-kit.Space, 0)))
	o[2].Move(fyne.NewPos(0, s.Height-about))
	o[2].Resize(fyne.NewSize(s.Width, about))
}
