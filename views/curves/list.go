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

// curveList is the list of curves at the left, which is the figure's legend: the
// candidates', the others that are shown, and the library with a search. Below it stand
// where a curve comes from and the conventions.
type curveList struct {
	wb      *workbench.Workbench
	tips    *kit.Tips
	root    *kit.Ground
	own     *fyne.Container
	search  *kit.Field
	library *extraList
	found   []workbench.Extra
	caption *kit.Text
	about   *provenance
	terms   *conventions
	slots   map[string]int // colours of shown extras
	key     string         // what own was built for
	body    *fyne.Container
	over    func(name string) // the mouse is on a shown curve; empty: on none
}

func newCurveList(wb *workbench.Workbench, tips *kit.Tips, over func(name string)) *curveList {
	l := &curveList{wb: wb, tips: tips, over: over, caption: kit.Caption("")}
	l.own = kit.Column(1)
	l.search = kit.NewField(100, false, nil)
	l.search.SetPlaceHolder("Search name, set, kind or source")
	l.search.OnChanged = func(string) { l.filter() }
	l.library = newExtraList(func() int { return len(l.found) }, func() fyne.CanvasObject { return newExtraRow(tips) }, l.fill)
	l.library.OnSelected = func(i widget.ListItemID) {
		l.library.UnselectAll()
		if i < len(l.found) {
			e := l.found[i]
			l.about.show(e)
			wb.ShowExtra(e.ID, !e.Shown)
		}
	}
	l.about = newProvenance(wb, tips)
	l.terms = newConventions(wb, tips)
	top := container.NewVScroll(container.New(barRoom{}, l.own))
	middle := kit.Column(kit.Gap, l.caption, l.search)
	l.body = container.New(listLayout{l}, top, middle, l.library, l.about.root, l.terms.root)
	l.root = kit.NewGround(kit.ColorPanel, 0, kit.Wide, kit.Wide, l.body)
	return l
}

func (l *curveList) fill(i widget.ListItemID, o fyne.CanvasObject) {
	if i < len(l.found) {
		e := l.found[i]
		o.(*extraRow).show(e, l.slots[e.ID], func(e workbench.Extra) { l.about.show(e) })
	}
}

func inkOf(shown bool) fyne.ThemeColorName {
	if shown {
		return "foreground"
	}
	return kit.ColorMuted
}

const ownHeight = 24

func (l *curveList) changed(list []workbench.Plotted) {
	l.slots = map[string]int{}
	for _, p := range list {
		if p.Extra {
			l.slots[p.ID] = p.Slot
		}
	}
	l.legend(list)
	l.filter()
	l.terms.changed()
}

// legend lists the candidates and the extras that are shown; a tap takes a curve out of
// the figure or brings it back.
func (l *curveList) legend(list []workbench.Plotted) {
	caption := "MEASURED HERE, THIS PICTURE"
	if l.wb.CurveView().Scope != workbench.OnePicture {
		caption = "MEASURED HERE, MEAN"
	}
	progress := l.wb.CurveProgress()
	key := fmt.Sprint(caption, progress.Ready, progress.Set)
	rows := []fyne.CanvasObject{kit.Caption(caption)}
	sets, numbers := l.wb.CurveSet()
	for i, c := range sets {
		shown := l.wb.CurveShown(numbers[i])
		key += fmt.Sprint(numbers[i], c.Name, len(c.Points), shown, "\n")
		name := kit.NewText(c.Name).Clipped()
		name.Color = inkOf(shown)
		note := kit.Muted(workbench.Plural(len(c.Points), "point")).Small()
		switch {
		case !shown:
			note.Set("hidden")
		case progress.Set > 1:
			note.Set(fmt.Sprintf("%d of %s", progress.Ready, workbench.Plural(progress.Set, "picture")))
		}
		row := newOverRow(kit.Fixed(0, ownHeight, kit.Row(kit.Space, 1, kit.NewChip(numbers[i]), name, note)),
			func() { l.wb.ShowCurve(numbers[i], !shown) }, l.standOut(c.Name))
		row.SetTip(l.tips, func() string { return "Click to take the curve out of the figure, or to bring it back" })
		rows = append(rows, row)
	}
	if len(sets) == 0 {
		rows = append(rows, kit.Muted("no candidate with a curve"))
	}
	more, moreKey := l.shownExtras(list)
	rows, key = append(rows, more...), key+moreKey
	if key != l.key {
		l.key = key
		l.own.Objects = rows
		l.own.Refresh()
		l.body.Refresh()
	}
}

// shownExtras are the rows of the extras that are drawn, and what they were made of.
func (l *curveList) shownExtras(list []workbench.Plotted) (rows []fyne.CanvasObject, key string) {
	extras := map[string]workbench.Extra{}
	for _, e := range l.wb.Extras() {
		extras[e.ID] = e
	}
	for _, p := range list {
		if !p.Extra {
			continue
		}
		if len(rows) == 0 {
			rows = append(rows, kit.Spacer(0, kit.Gap), kit.Caption("FROM THE LIBRARY"))
		}
		key += fmt.Sprint(p.ID, p.Slot, p.Curve.Name, "\n")
		row := newExtraRow(l.tips)
		stand := l.standOut(p.Curve.Name)
		row.show(extras[p.ID], p.Slot, func(e workbench.Extra) {
			l.about.show(e)
			stand(true)
		})
		row.left = func() { stand(false) }
		rows = append(rows, kit.NewTap(kit.Fixed(0, ownHeight, row), func() { l.wb.ShowExtra(p.ID, false) }))
	}
	return rows, key
}

// standOut makes a curve stand out while the mouse is on its row.
func (l *curveList) standOut(name string) func(on bool) {
	return func(on bool) {
		if on {
			l.over(name)
		} else {
			l.over("")
		}
	}
}

// filter lists the extras that have every searched word in their name, data set, kind or
// source.
func (l *curveList) filter() {
	words := strings.Fields(strings.ToLower(l.search.Text))
	l.found = nil
	all := l.wb.Extras()
	for _, e := range all {
		text := strings.ToLower(strings.Join([]string{e.Name, e.From, e.Kind, e.Notes, e.Caveats}, " "))
		has := true
		for _, w := range words {
			has = has && strings.Contains(text, w)
		}
		if has {
			l.found = append(l.found, e)
		}
	}
	caption := fmt.Sprintf("LIBRARY, %s", workbench.Plural(len(all), "CURVE"))
	switch {
	case len(all) == 0:
		caption = "LIBRARY"
	case len(words) > 0:
		caption = fmt.Sprintf("LIBRARY, %d OF %d", len(l.found), len(all))
	}
	l.caption.Set(strings.ToUpper(caption))
	l.library.Refresh()
}

// barRoom keeps the place of the scroll bar free beside a list.
type barRoom struct{}

const scrollBar = 8

// MinSize implements fyne.Layout.
func (barRoom) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().AddWidthHeight(scrollBar, 0)
}

// Layout implements fyne.Layout.
func (barRoom) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s.SubtractWidthHeight(scrollBar, 0))
}

// listLayout: the shown curves on top, the library below them as high as there is room,
// where a curve comes from, and the conventions at the bottom.
type listLayout struct{ l *curveList }

// MinSize implements fyne.Layout.
func (listLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 200) }

// Layout implements fyne.Layout.
func (f listLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, y, h float32) float32 {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, max(h, 0)))
		return y + max(h, 0)
	}
	terms := o[4].MinSize().Height
	about := min(s.Height*0.22, 150)
	top := min(f.l.own.MinSize().Height, s.Height*0.34)
	y := put(o[0], 0, top)
	y = put(o[1], y+kit.Space, o[1].MinSize().Height)
	put(o[2], y+kit.Gap, s.Height-terms-about-y-kit.Gap-kit.Space-kit.Wide)
	put(o[3], s.Height-terms-about-kit.Wide, about)
	put(o[4], s.Height-terms, terms)
}

// find searches the library as if it had been typed.
func (l *curveList) find(text string) { l.search.SetText(text) }
