package views

import (
	"fmt"
	"image/color"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// topBar holds the menus, the switch of pictures, the switch of screens and the
// way into the command palette.
type topBar struct {
	w       *Window
	root    fyne.CanvasObject
	menus   []*kit.Button
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
	for i, name := range menuNames {
		b := kit.NewGhost(name, func() { t.open(i) })
		t.menus = append(t.menus, b)
		menus = append(menus, b)
	}
	t.picture = kit.NewPicker(t.pictures, t.choose).Strong()
	t.picture.SetTip(w.tips, "The picture: choose another one   PgUp PgDn")
	var options []kit.Option
	for _, s := range w.screens {
		if s.id == blindScreen {
			continue
		}
		options = append(options, kit.Option{ID: s.id, Name: s.name, Note: string(s.key)})
	}
	t.tabs = kit.NewSegmented(options, w.ShowScreen).Bare().Roomy()
	t.find = kit.NewButton("Find a command", w.palette)
	t.find.Set("Find a command", "Ctrl K")
	help := kit.NewButton("?", w.shortcuts)
	help.SetTip(w.tips, "Shortcuts   ?")
	short := kit.NewButton("Ctrl K", w.palette)
	short.SetTip(w.tips, "Find a command   Ctrl+K")
	bar := container.New(barLayout{}, kit.Row(0, -1, menus...), t.picture, t.tabs, t.find, short, help)
	t.root = container.NewStack(kit.NewGround(kit.ColorPanel, 0, 0, 0, nil), bar, container.New(bottomRule{}, kit.NewGround(kit.ColorLine, 0, 0, 0, nil)))
	return t
}

// barLayout puts the menus and the picture left, the tabs in the middle where there
// is room, and the rest right; a narrow bar has the short way to the palette.
type barLayout struct{}

// The picture's switch is at least so wide, and so wide before the tabs are in the middle.
const (
	leastPicture = 120
	fairPicture  = 190
)

// MinSize implements fyne.Layout.
func (barLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(leastWidth, kit.TopBar) }

// Layout implements fyne.Layout.
func (barLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, x, w float32) {
		h := o.MinSize().Height
		o.Move(fyne.NewPos(x, (s.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
	}
	width := func(i int) float32 { return o[i].MinSize().Width }
	menus, tabs := width(0), width(2)
	find, other := 3, 4
	if kit.Space+menus+kit.Space+leastPicture+kit.Wide+tabs+kit.Wide+width(3)+kit.Space+width(5)+kit.Wide > s.Width {
		find, other = 4, 3
	}
	put(o[0], kit.Space, menus)
	right := s.Width - kit.Wide - width(5)
	put(o[5], right, width(5))
	right -= kit.Space + width(find)
	put(o[find], right, width(find))
	o[other].Move(parked)
	o[find].(*kit.Button).SetDisabled(false)
	o[other].(*kit.Button).SetDisabled(true) // so the focus passes over it
	left := kit.Space + menus + kit.Space
	x := min(max((s.Width-tabs)/2, left+fairPicture+kit.Wide), right-kit.Wide-tabs)
	put(o[2], x, tabs)
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
		name := "picture"
		if entries, i := t.w.wb.Entries(); i >= 0 && i < len(entries) {
			name = entries[i].Name
		}
		note := fmt.Sprintf("%d × %d", p.Width(), p.Height())
		switch {
		case t.w.wb.Opening():
			note += "  opening …"
		case t.w.wb.Follows(workbench.Original):
			note += "  followed"
		}
		t.picture.Put(name, note)
		if path := t.w.wb.SessionPath(); path != "" {
			name += " – " + strings.TrimSuffix(filepath.Base(path), workbench.SessionEnding)
		}
		if title := name + " – " + windowTitle; t.w.win.Title() != title {
			t.w.win.SetTitle(title)
		}
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
	rule := true
	for i, s := range t.w.wb.Samples() {
		if !opened[s.Name] {
			out = append(out, kit.Option{ID: pickSample + fmt.Sprint(i), Name: s.Name, Note: s.Note, Rule: rule})
			rule = false
		}
	}
	return append(out, kit.Option{ID: pickOpen, Name: "Open …", Rule: true})
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

// open opens a menu below its name; the keys left and right go on to its neighbours.
func (t *topBar) open(i int) {
	items := t.w.menu(menuNames[i])
	if menuNames[i] == "File" {
		items = t.withSamples(items)
		items = t.withRecent(items)
		items = t.withPresets(items)
		items = t.withWatched(items)
	}
	if m := kit.OpenMenu(t.menus[i], items); m != nil {
		n := len(menuNames)
		m.Side = func(step int) { t.open((i + step + n) % n) }
	}
}

// menu makes a menu from the actions; a submenu stands where its first action does.
func (w *Window) menu(name string) []kit.Item {
	var items []kit.Item
	at := map[string]int{}
	for _, a := range w.actions {
		if a.Menu != name {
			continue
		}
		if a.Sub == "" {
			items = append(items, a.item())
			continue
		}
		i, ok := at[a.Sub]
		if !ok {
			i = len(items)
			at[a.Sub] = i
			items = append(items, kit.Item{Name: a.Sub, Rule: a.Break})
		}
		items[i].Sub = append(items[i].Sub, a.item())
	}
	return items
}

// withSamples puts the samples behind the lines that open files.
func (t *topBar) withSamples(items []kit.Item) []kit.Item {
	var samples []kit.Item
	for i, s := range t.w.wb.Samples() {
		samples = append(samples, kit.Item{Name: s.Name, Note: s.Note, Do: func() { t.w.wb.OpenSample(i) }})
	}
	item := kit.Item{Name: "Samples", Disabled: len(samples) == 0, Sub: samples}
	at := slices.IndexFunc(items, func(i kit.Item) bool { return i.Rule })
	return slices.Insert(items, max(at, 0), item)
}

// withRecent puts what was opened last behind the samples.
func (t *topBar) withRecent(items []kit.Item) []kit.Item {
	var recent []kit.Item
	for _, a := range t.w.recentActions() {
		recent = append(recent, kit.Item{Name: strings.TrimPrefix(a.Name, recentPrefix), Note: a.note, Do: a.Run})
	}
	item := kit.Item{Name: "Recent", Disabled: len(recent) == 0, Sub: recent}
	at := slices.IndexFunc(items, func(i kit.Item) bool { return i.Name == "Samples" })
	return slices.Insert(items, at+1, item)
}

// light reports whether the light variant is on.
func (w *Window) light() bool {
	c := color.NRGBAModel.Convert(theme.Color(theme.ColorNameBackground)).(color.NRGBA)
	return kit.IsLight(c)
}
