package views

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/views/compare"
	"codecworkbench/views/kit"
)

// prefHints is how many of the hints were read.
const prefHints = "hints"

// hints tell newcomers three things, one after the other, each beside what it is about.
// Nothing waits for them: what lies beside the card works as ever.
type hints struct {
	w     *Window
	layer *fyne.Container
	card  *kit.Ground
	count *kit.Text
	lines *fyne.Container
	next  *kit.Button
	end   *kit.Button
	at    int // the one that is shown; none from the last on
}

// hintTexts are the hints, by compare.HintPlaces.
var hintTexts = [...]string{
	"Drag the divider, turn the wheel to zoom. The keys 1 to 9 choose what is compared.",
	"Move q: picture, bytes and curve follow at once. Lock keeps both sides at equal bytes.",
	"Where both codecs stand on this picture. Click a point to take its setting; F2 shows more.",
}

// hintColumns is how many characters a hint's line has at most.
const hintColumns = 38

func newHints(w *Window) *hints {
	h := &hints{w: w, count: kit.Muted("").Small(), lines: kit.Column(1)}
	h.at = w.app.Preferences().Int(prefHints)
	h.next = kit.NewButton("Next", func() { h.show(h.at + 1) })
	h.end = kit.NewGhost("No more hints", func() { h.show(len(hintTexts)) })
	for _, b := range []*kit.Button{h.next, h.end} {
		b.Points = kit.SmallSize
	}
	foot := kit.Row(kit.Gap, 1, h.next, h.count, h.end)
	h.card = kit.NewGround(kit.ColorPanel, kit.CardCorner, kit.Wide, kit.Space, kit.Column(kit.Gap, h.lines, foot))
	h.card.Stroke = theme.ColorNamePrimary
	h.layer = container.New(hintLayout{h}, h.card)
	h.fill()
	return h
}

// show goes on to a hint, and remembers that those before it were read.
func (h *hints) show(i int) {
	h.at = min(i, len(hintTexts))
	h.w.app.Preferences().SetInt(prefHints, h.at)
	h.fill()
	h.place()
	h.w.win.Canvas().Unfocus() // keys are the window's again
}

func (h *hints) fill() {
	if h.at >= len(hintTexts) {
		return
	}
	h.lines.Objects = nil
	for _, line := range kit.Wrap(hintTexts[h.at], hintColumns) {
		h.lines.Objects = append(h.lines.Objects, kit.NewText(line))
	}
	h.lines.Refresh()
	h.count.Set(fmt.Sprintf("%d of %d", h.at+1, len(hintTexts)))
	name := "Next"
	if h.at == len(hintTexts)-1 {
		name = "Got it"
	}
	h.next.Set(name, "")
}

// place puts the card beside what it is about, or out of the window where that is not
// shown.
func (h *hints) place() {
	size := h.card.MinSize()
	h.card.Resize(size)
	at, ok := h.anchor(size)
	if !ok {
		at = parked
	}
	for _, b := range []*kit.Button{h.next, h.end} {
		b.SetDisabled(!ok) // so the focus passes over them
	}
	if at != h.card.Position() {
		h.card.Move(at)
	}
}

func (h *hints) anchor(size fyne.Size) (fyne.Position, bool) {
	if h.at >= len(hintTexts) || h.w.current != "compare" || h.w.wb.Picture() == nil {
		return fyne.Position{}, false
	}
	place, ok := h.w.compare.HintPlace(compare.Hint(h.at))
	if !ok {
		return fyne.Position{}, false
	}
	whole := h.layer.Size()
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(h.layer)
	x, y := place.X-origin.X, place.Y-origin.Y
	if compare.Hint(h.at) == compare.HintDivider {
		x -= size.Width / 2
		y -= size.Height
	} else {
		x -= size.Width
		y -= size.Height / 2
	}
	return fyne.NewPos(min(max(x, kit.Space), whole.Width-size.Width-kit.Space), min(max(y, kit.TopBar), whole.Height-size.Height-kit.Space)), true
}

type hintLayout struct{ h *hints }

func (hintLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (l hintLayout) Layout([]fyne.CanvasObject, fyne.Size) { l.h.place() }
