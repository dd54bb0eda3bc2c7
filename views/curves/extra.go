package curves

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// extraList is a list that leaves the window its keys.
type extraList struct{ widget.List }

func newExtraList(length func() int, create func() fyne.CanvasObject, update func(widget.ListItemID, fyne.CanvasObject)) *extraList {
	l := &extraList{}
	l.Length, l.CreateItem, l.UpdateItem, l.HideSeparators = length, create, update, true
	l.ExtendBaseWidget(l)
	return l
}

// TypedKey implements fyne.Focusable.
func (l *extraList) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeySpace:
		l.List.TypedKey(ev)
	default:
		kit.ForwardKey(l, ev)
	}
}

// TypedRune implements fyne.Focusable.
func (l *extraList) TypedRune(r rune) { kit.ForwardRune(l, r) }

// extraRow is a curve of the library: its colour where it is drawn, its name, what to
// mind, and the data set where it is not Kodak's. The mouse shows where it comes from.
type extraRow struct {
	widget.BaseWidget
	mark                *swatch
	name, warning, from *kit.Text
	ground              *kit.Ground
	end                 *fyne.Container // keeps off the list's scroll bar
	extra               workbench.Extra
	tips                *kit.Tips
	over                func(workbench.Extra)
	left                func() // the mouse left; may be nil
}

func newExtraRow(tips *kit.Tips) *extraRow {
	r := &extraRow{mark: newSwatch(), name: kit.NewText("").Small().Clipped(), warning: kit.NewText(""), from: kit.Muted("").Small(), tips: tips}
	r.name.Middle = true
	r.end = kit.Fixed(2, 0, kit.Spacer(2, 0))
	r.warning.Color = theme.ColorNameWarning
	r.ground = kit.NewGround("", 4, 0, 0, kit.Row(kit.Space, 1, r.mark, r.name, r.warning, r.from, r.end))
	r.ExtendBaseWidget(r)
	return r
}

// show fills the row; slot is the curve's colour, 0 where it is not drawn.
func (r *extraRow) show(e workbench.Extra, slot int, over func(workbench.Extra)) {
	r.extra, r.over = e, over
	r.mark.set(slot, e.Published, false)
	r.name.Set(e.Name)
	r.name.SetStyle(inkOf(e.Shown), false)
	r.warning.Set("")
	if e.Caveats != "" {
		r.warning.Set("!")
	}
	// Most are Kodak's: only another set is worth the room.
	short, _, _ := strings.Cut(e.From, " (")
	if short == "Kodak" || short == e.Name {
		short = ""
	}
	r.from.Set(shorter(short))
	if short == "" {
		r.end.Hide()
	} else {
		r.end.Show()
	}
	r.ground.Refresh()
}

// shorter cuts the name of a set to the room that a row has for it.
func shorter(set string) string {
	return kit.Shorten(set, 62, kit.SmallSize, fyne.TextStyle{})
}

// CreateRenderer implements fyne.Widget.
func (r *extraRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.ground) }

// MouseIn implements desktop.Hoverable.
func (r *extraRow) MouseIn(*desktop.MouseEvent) {
	r.ground.SetFill(theme.ColorNameHover, "")
	if r.tips != nil {
		r.tips.Show(r, r.extra.Name+", "+r.extra.From)
	}
	if r.over != nil {
		r.over(r.extra)
	}
}

// MouseMoved implements desktop.Hoverable.
func (r *extraRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *extraRow) MouseOut() {
	r.ground.SetFill("", "")
	if r.left != nil {
		r.left()
	}
	if r.tips != nil {
		r.tips.Hide()
	}
}

// provenance tells where a curve comes from and what to mind.
type provenance struct {
	root  *kit.Ground
	name  *kit.Text
	text  *widget.RichText
	close *kit.Button // of what was opened
	shown string
}

func newProvenance(wb *workbench.Workbench, tips *kit.Tips) *provenance {
	p := &provenance{name: kit.Strong("Where a curve comes from").Clipped(), text: widget.NewRichText()}
	p.text.Wrapping = fyne.TextWrapWord
	p.set(widget.RichTextStyle{ColorName: kit.ColorMuted, SizeName: theme.SizeNameCaptionText},
		"Point at a curve to read its source and settings. Those marked ! were measured differently from here.")
	p.close = kit.NewGhost("Close", func() {
		p.close.Hide()
		wb.CloseResults(p.shown)
	})
	p.close.Points = kit.SmallSize
	p.close.SetTip(tips, "Take all curves of this file or text out of the library")
	p.close.Hide()
	p.root = kit.NewGround(kit.ColorRaised, kit.CardCorner, 10, kit.Space, container.NewBorder(kit.Row(kit.Gap, 0, p.name, p.close), nil, nil, nil, container.NewVScroll(p.text)))
	return p
}

func (p *provenance) set(style widget.RichTextStyle, text string) {
	p.text.Segments = append(p.text.Segments, &widget.TextSegment{Text: text, Style: style})
}

func (p *provenance) show(e workbench.Extra) {
	if p.shown == e.ID {
		return
	}
	p.shown = e.ID
	p.name.Set(e.Name)
	p.text.Segments = nil
	style := widget.RichTextStyle{ColorName: kit.ColorMuted, SizeName: theme.SizeNameCaptionText}
	p.set(style, e.From)
	if e.Caveats != "" {
		warning := style
		warning.ColorName = theme.ColorNameForeground
		p.set(warning, "Mind: "+e.Caveats)
	}
	if e.Notes != "" {
		p.set(style, e.Notes)
	}
	p.text.Refresh()
	if e.Published {
		p.close.Hide()
	} else {
		p.close.Show()
	}
	p.root.Refresh()
}
