package views

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// shortcuts lists all keys, made from the actions.
func (w *Window) shortcuts() {
	groups := map[string][]fyne.CanvasObject{}
	order := append(menuNames[:], "")
	for _, a := range w.actions {
		key := a.Shortcut()
		if key == "" {
			continue
		}
		k := kit.NewText(key)
		k.Mono, k.Points, k.Color = true, 12, kit.ColorMuted
		groups[a.Menu] = append(groups[a.Menu], kit.Row(kit.Space, 1, kit.Fixed(96, 0, k), kit.NewText(a.Name)))
	}
	columns := make([]fyne.CanvasObject, 0, len(order))
	for _, menu := range order {
		title := menu
		if menu == "" {
			title = "Candidates and picture"
		}
		columns = append(columns, kit.Column(3, append([]fyne.CanvasObject{kit.Caption(title)}, groups[menu]...)...))
	}
	left := kit.Column(kit.Wide, columns[0], columns[1])
	middle := kit.Column(kit.Wide, columns[2], columns[3], mouseHelp())
	body := container.NewHBox(left, kit.Spacer(24, 0), middle, kit.Spacer(24, 0), columns[4])
	w.popup(container.NewPadded(container.NewPadded(body)))
}

func mouseHelp() fyne.CanvasObject {
	lines := []fyne.CanvasObject{kit.Caption("Mouse")}
	for _, l := range [][2]string{{"wheel", "Zoom at the mouse"}, {"drag", "Move the picture, or the divider"},
		{"double click", "Fit or 100 %; centre the divider"}, {"click a card", "Show it at the right"}, {"Shift+click", "Show it at the left"},
		{"click a point", "Take its setting"}} {
		k := kit.NewText(l[0])
		k.Mono, k.Points, k.Color = true, 12, kit.ColorMuted
		lines = append(lines, kit.Row(kit.Space, 1, kit.Fixed(96, 0, k), kit.NewText(l[1])))
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
	title := "Codec Workbench"
	if meta.Version != "" {
		title += " " + meta.Version
	}
	d := dialog.NewCustom(title, "Close", container.NewGridWrap(fyne.NewSize(420, 130), text), w.win)
	d.Show()
}
