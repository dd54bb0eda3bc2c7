package views

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// topBar holds the menus, the switch of pictures, the switch of screens and the
// way into the command palette.
type topBar struct {
	w       *Window
	root    fyne.CanvasObject
	picture *kit.Picker
	tabs    *kit.Segmented
	find    *kit.Button
}

// Ids of the picture switch that are no picture's number.
const (
	pickOpen   = "open"
	pickSample = "sample "
)

func newTopBar(w *Window) *topBar {
	t := &topBar{w: w}
	var menus []fyne.CanvasObject
	for _, name := range menuNames {
		var b *kit.Button
		b = kit.NewGhost(name, func() { t.open(name, b) })
		menus = append(menus, b)
	}
	t.picture = kit.NewPicker(t.pictures, t.choose).Strong()
	t.picture.SetTip(w.tips, "The picture: choose another one   PgUp PgDn")
	var options []kit.Option
	for _, s := range w.screens {
		options = append(options, kit.Option{ID: s.id, Name: s.name, Note: string(s.key)})
	}
	t.tabs = kit.NewSegmented(options, w.ShowScreen).Bare().Roomy()
	t.find = kit.NewButton("Find a command", w.palette)
	t.find.Set("Find a command", "Ctrl K")
	help := kit.NewButton("?", w.shortcuts)
	help.SetTip(w.tips, "Shortcuts   ?")
	bar := container.New(barLayout{}, kit.Row(0, -1, menus...), t.picture, t.tabs, kit.Row(kit.Space, -1, t.find, help))
	t.root = container.NewStack(kit.NewGround(kit.ColorPanel, 0, 0, 0, nil), bar, container.New(bottomRule{}, kit.NewGround(kit.ColorLine, 0, 0, 0, nil)))
	return t
}

// barLayout puts the menus and the picture left, the tabs in the middle where there
// is room, and the rest right.
type barLayout struct{}

func (barLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(leastWidth, kit.TopBar) }

func (barLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, x, w float32) {
		h := o.MinSize().Height
		o.Move(fyne.NewPos(x, (s.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
	}
	menus, tabs, right := o[0].MinSize().Width, o[2].MinSize().Width, o[3].MinSize().Width
	put(o[0], kit.Space, menus)
	put(o[3], s.Width-kit.Wide-right, right)
	x := max((s.Width-tabs)/2, kit.Space+menus+120+2*kit.Wide)
	put(o[2], x, tabs)
	left := kit.Space + menus + kit.Space
	put(o[1], left, min(x-left-kit.Wide, 250))
}

type bottomRule struct{}

func (bottomRule) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (bottomRule) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.NewPos(0, s.Height-1))
	o[0].Resize(fyne.NewSize(s.Width, 1))
}

func (t *topBar) changed(c workbench.Change) {
	if c&(workbench.Pictures|workbench.Progress) == 0 {
		return
	}
	p := t.w.wb.Picture()
	switch {
	case p != nil:
		name := p.Source().Name
		if name == "" {
			name = "picture"
		}
		note := fmt.Sprintf("%d × %d", p.Width(), p.Height())
		if t.w.wb.Opening() {
			note += "  opening …"
		}
		t.picture.Put(name, note)
	case t.w.wb.Opening():
		t.picture.Put("Opening …", "")
	default:
		t.picture.Put("No picture", "")
	}
}

// pictures lists what can be chosen: the opened pictures, then the samples.
func (t *topBar) pictures() []kit.Option {
	var out []kit.Option
	entries, _ := t.w.wb.Entries()
	opened := map[string]bool{}
	for i, e := range entries {
		if len(entries) > maxListed && i >= maxListed {
			break
		}
		opened[e.Name] = true
		out = append(out, kit.Option{ID: fmt.Sprint(i), Name: e.Name})
	}
	for i, s := range t.w.wb.Samples() {
		if !opened[s.Name] {
			out = append(out, kit.Option{ID: pickSample + fmt.Sprint(i), Name: s.Name, Note: s.Note})
		}
	}
	return append(out, kit.Option{ID: pickOpen, Name: "Open …"})
}

// maxListed bounds the menu of pictures; PgUp and PgDn reach all.
const maxListed = 24

func (t *topBar) choose(id string) {
	var i int
	if id == pickOpen {
		t.w.openFile()
	} else if _, err := fmt.Sscanf(id, pickSample+"%d", &i); err == nil {
		t.w.wb.OpenSample(i)
	} else if _, err := fmt.Sscan(id, &i); err == nil {
		t.w.wb.Choose(i)
	}
}

// open opens a menu below its name.
func (t *topBar) open(name string, at fyne.CanvasObject) {
	menu := widget.NewPopUpMenu(t.w.menu(name), t.w.win.Canvas())
	menu.ShowAtRelativePosition(fyne.NewPos(0, at.Size().Height+2), at)
}

// menu makes a menu from the actions.
func (w *Window) menu(name string) *fyne.Menu {
	var items []*fyne.MenuItem
	for _, a := range w.actions {
		if a.Menu != name {
			continue
		}
		if a.Break && len(items) > 0 {
			items = append(items, fyne.NewMenuItemSeparator())
		}
		items = append(items, a.item())
		if a.ID == "file.compressed" {
			items = append(items, w.samplesItem())
		}
	}
	return fyne.NewMenu(name, items...)
}

func (w *Window) samplesItem() *fyne.MenuItem {
	item := fyne.NewMenuItem("Samples", nil)
	var samples []*fyne.MenuItem
	for i, s := range w.wb.Samples() {
		label := s.Name
		if s.Note != "" {
			label += "   " + s.Note
		}
		samples = append(samples, fyne.NewMenuItem(label, func() { w.wb.OpenSample(i) }))
	}
	item.ChildMenu = fyne.NewMenu("Samples", samples...)
	item.Disabled = len(samples) == 0
	return item
}

// light reports whether the light variant is on.
func (w *Window) light() bool {
	c := color.NRGBAModel.Convert(theme.Color(theme.ColorNameBackground)).(color.NRGBA)
	return kit.IsLight(c)
}
