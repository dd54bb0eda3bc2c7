package compare

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"codecworkbench/views/kit"
)

// However many candidates there are, the longest name of a codec is read in full on its
// card, from the smallest window on.
func TestCardsKeepNames(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	const name = "hyperprior-gdn"
	for _, window := range []float32{1024, 1280, 1920} {
		for n := 1; n <= 9; n++ {
			b := &slotBar{add: kit.NewButton("+", nil), blind: kit.NewButton("Blind test", nil)}
			for i := range n {
				c := newSlotCard(nil, nil, i+1)
				c.name, c.setting, c.place, c.known = name, "q 2.5", "right", []string{"13.9 kB", "0.283 bpp"}
				b.cards = append(b.cards, c)
			}
			slotLayout{b}.Layout(nil, fyne.NewSize(window-kit.SidePanel-2*kit.Wide, kit.SlotBar-20))
			for i, c := range b.cards {
				c.head.Layout.Layout(c.head.Objects, fyne.NewSize(c.Size().Width-2*c.ground.MarginX, 16))
				if room := c.title.Size().Width; c.title.Value() != name && c.title.Value() != name+" q 2.5" || c.wide(c.title.Value()) > room+0.5 {
					t.Errorf("window of %v, card %d of %d: %q has %.1f of %.1f", window, i+1, n, c.title.Value(), room, c.wide(c.title.Value()))
				}
				if end := c.Position().AddXY(c.Size().Width, c.Size().Height); end.X > b.add.Position().X || end.Y > kit.SlotBar-20 {
					t.Errorf("window of %v: card %d of %d ends at %v", window, i+1, n, end)
				}
			}
		}
	}
}
