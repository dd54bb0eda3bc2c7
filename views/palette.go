package views

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// palette opens the command palette: all actions, found by typing.
func (w *Window) palette() {
	p := &palette{w: w, others: slices.Concat(w.presetActions(), w.watchedActions())}
	p.field = kit.NewField(paletteWidth, false, nil)
	p.field.SetPlaceHolder("Find a command")
	p.field.OnChanged = func(text string) { p.filter(text) }
	p.field.OnKey = p.key
	p.field.OnSubmitted = func(string) { p.run() }
	var rows []fyne.CanvasObject
	for i := range p.rows {
		r := &paletteRow{name: kit.NewText("").Clipped(), key: kit.Muted("").Small()}
		r.key.Mono = true
		r.ground = kit.NewGround("", kit.Corner, kit.Space, 4, kit.Row(kit.Space, 0, r.name, r.key))
		p.rows[i] = r
		rows = append(rows, kit.NewTap(r.ground, func() {
			p.at = i
			p.run()
		}))
	}
	body := kit.Column(1, append([]fyne.CanvasObject{p.field, kit.Spacer(0, 4)}, rows...)...)
	c := w.win.Canvas()
	p.popup = widget.NewPopUp(container.NewPadded(body), c)
	p.filter("")
	p.popup.Resize(fyne.NewSize(paletteWidth, p.popup.MinSize().Height))
	p.popup.ShowAtPosition(fyne.NewPos((c.Size().Width-paletteWidth)/2, kit.TopBar+kit.Space))
	c.Focus(p.field)
}

const (
	paletteWidth = 460
	paletteRows  = 14
)

type palette struct {
	w     *Window
	popup *widget.PopUp
	field *kit.Field
	rows  [paletteRows]*paletteRow
	found []*Action
	// others are the presets and watched folders that there were when the palette opened.
	others []*Action
	at     int
}

type paletteRow struct {
	ground    *kit.Ground
	name, key *kit.Text
}

// filter lists the actions that a text finds, those that can be done now.
func (p *palette) filter(text string) {
	p.found = find(slices.Concat(p.w.actions, p.w.recentActions(), p.others), text)
	p.at = 0
	p.show()
}

func (p *palette) show() {
	for i, r := range p.rows {
		name, key := "", ""
		if i < len(p.found) {
			name, key = p.found[i].Name, p.found[i].Shortcut()
			if m := p.found[i].Menu; m != "" {
				name = m + ": " + name
			}
		}
		r.name.Set(name)
		r.key.Set(key)
		fill := fyne.ThemeColorName("")
		if i == p.at && i < len(p.found) {
			fill = kit.ColorAccentGround
		}
		r.ground.SetFill(fill, "")
		r.ground.Refresh()
	}
	if len(p.found) == 0 {
		p.rows[0].name.Set("No command has these letters")
		p.rows[0].name.SetStyle(kit.ColorMuted, false)
	} else {
		p.rows[0].name.SetStyle(theme.ColorNameForeground, false)
	}
}

// key moves through the list.
func (p *palette) key(ev *fyne.KeyEvent) bool {
	n := min(len(p.found), len(p.rows))
	switch ev.Name {
	case fyne.KeyDown:
		p.at = min(p.at+1, max(n-1, 0))
	case fyne.KeyUp:
		p.at = max(p.at-1, 0)
	case fyne.KeyEscape:
		p.popup.Hide()
	default:
		return false
	}
	p.show()
	return true
}

func (p *palette) run() {
	p.popup.Hide()
	if p.at < len(p.found) {
		p.found[p.at].do()
	}
}

// find returns the actions that can be done now and whose names have the letters of
// a text in order: first those with the text as it is, then as words' beginnings.
func find(actions []*Action, text string) []*Action {
	text = strings.ToLower(strings.TrimSpace(text))
	var exact, loose []*Action
	for _, a := range actions {
		if !a.enabled() {
			continue
		}
		name := strings.ToLower(a.Menu + " " + a.Name)
		switch {
		case strings.Contains(name, text):
			exact = append(exact, a)
		case inOrder(name, text):
			loose = append(loose, a)
		}
	}
	return append(exact, loose...)
}

// inOrder reports whether the runes of text occur in s one after the other.
func inOrder(s, text string) bool {
	rest := []rune(strings.ReplaceAll(text, " ", ""))
	for _, r := range s {
		if len(rest) > 0 && r == rest[0] {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}
