package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// shortcuts lists all keys, made from the actions.
func (w *Window) shortcuts() {
	groups := map[string][]fyne.CanvasObject{}
	for _, a := range w.actions {
		if key := a.Shortcut(); key != "" && a.HelpAs == "" {
			groups[a.Menu] = append(groups[a.Menu], keyLine(key, a.Name))
		}
	}
	// What differs in a number or a direction alone is one line.
	several := [][2]string{{"1 … 9", helpRight}, {"Alt+1 … 9", helpLeft}, {"hold space", "The original; in flicker, the left"}, {"arrows", helpArrows}, {"[ ]", helpDivider}, {", .", helpStrength}, {"< >", helpReach}}
	for _, l := range several {
		groups[""] = append(groups[""], keyLine(l[0], l[1]))
	}
	column := func(title, menu string) fyne.CanvasObject {
		return kit.Column(3, append([]fyne.CanvasObject{kit.Caption(title)}, groups[menu]...)...)
	}
	left := kit.Column(kit.Wide, column("FILE", "File"), column("HELP", "Help"), mouseHelp())
	middle := kit.Column(kit.Wide, column("VIEW", "View"))
	right := kit.Column(kit.Wide, column("EDIT", "Edit"), column("CANDIDATES AND PICTURE", ""))
	title := kit.Strong("Shortcuts")
	title.Points = 15
	columns := container.NewHBox(left, kit.Spacer(kit.Wide, 0), middle, kit.Spacer(kit.Wide, 0), right)
	w.popup(kit.NewGround("", 0, kit.Wide, kit.Wide, kit.Column(kit.Wide,
		kit.Row(kit.Space, 1, title, kit.NewText("").Clipped(), kit.Muted("Esc closes").Small()), columns)))
}

func keyLine(key, name string) fyne.CanvasObject {
	k := kit.Muted(key)
	k.Points = 12
	return kit.Row(kit.Space, 1, kit.Fixed(82, 0, k), kit.NewText(name))
}

func mouseHelp() fyne.CanvasObject {
	lines := []fyne.CanvasObject{kit.Caption("MOUSE")}
	for _, l := range [][2]string{{"wheel", "Zoom at the mouse"}, {"drag", "Move the picture, or the divider"},
		{"double click", "Fit or 100 %; dividers back"}, {"click a card", "Show it at the right"}, {"Shift+click", "Show it at the left"},
		{"click a point", "Take its setting"}} {
		lines = append(lines, keyLine(l[0], l[1]))
	}
	return kit.Column(3, lines...)
}

// popup shows content in the middle of the window; a tap outside or Escape ends it.
func (w *Window) popup(content fyne.CanvasObject) {
	c := w.win.Canvas()
	p := widget.NewPopUp(content, c)
	size := p.MinSize()
	p.ShowAtPosition(fyne.NewPos((c.Size().Width-size.Width)/2, max((c.Size().Height-size.Height)/3, kit.TopBar)))
}

// about says what the program is.
func (w *Window) about() {
	text := widget.NewLabel("Compare image codecs on your own pictures: what they cost, what they lose, and how they do it.\n\n" +
		"Rates are the lengths of files that decode. PSNR and MS-SSIM follow CompressAI's conventions.")
	text.Wrapping = fyne.TextWrapWord
	meta := w.app.Metadata()
	title := windowTitle
	if meta.Version != "" {
		title += " " + meta.Version
	}
	w.ask(title, "", "Close", container.NewGridWrap(fyne.NewSize(420, 110), text), nil)
}
