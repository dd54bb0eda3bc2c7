package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// slotBar is the row of candidates below the picture.
type slotBar struct {
	wb    *workbench.Workbench
	tips  *kit.Tips
	root  *kit.Ground
	row   *fyne.Container
	cards []*slotCard
	add   *kit.Button
	blind *kit.Button // parked where the cards need its room
	// OpenFile asks for a compressed file to add.
	OpenFile func()
	// Blind goes to the screen of blind tests.
	Blind func()
}

func newSlotBar(wb *workbench.Workbench, tips *kit.Tips) *slotBar {
	b := &slotBar{wb: wb, tips: tips}
	b.add = kit.NewButton("+", b.menu)
	b.add.Points = 17
	b.add.SetTip(tips, "Add a candidate: a codec, or a compressed file")
	b.blind = kit.NewButton("Blind test", func() { b.Blind() })
	b.blind.SetTip(tips, "Judge the pictures without knowing which is which   F5")
	b.row = container.New(slotLayout{b}, b.add, b.blind)
	b.root = kit.NewGround(kit.ColorPanel, 0, kit.Wide, 10, b.row)
	return b
}

func (b *slotBar) changed(c workbench.Change) {
	if c&(workbench.Pictures|workbench.Slots|workbench.Results|workbench.Progress) == 0 {
		return
	}
	slots := b.wb.Setup().Slots
	same := len(slots) == len(b.cards)
	for i := range slots {
		same = same && b.cards[i].number == slots[i].Number
	}
	if !same {
		b.rebuild(slots)
	}
	for _, card := range b.cards {
		card.update()
	}
	if !same {
		b.row.Refresh()
	}
}

func (b *slotBar) rebuild(slots []workbench.Slot) {
	b.cards = nil
	objects := []fyne.CanvasObject{}
	for _, s := range slots {
		card := newSlotCard(b.wb, b.tips, s.Number)
		b.cards = append(b.cards, card)
		objects = append(objects, card)
	}
	b.add.SetDisabled(len(slots) >= workbench.MaxSlots)
	b.row.Objects = append(objects, b.add, b.blind)
}

// menu offers what can be added.
func (b *slotBar) menu() {
	var items []kit.Item
	for _, o := range codecOptions(b.wb) {
		items = append(items, kit.Item{Name: o.Name, Note: o.Note, Why: o.Why, Do: func() { b.wb.Add(o.ID) }})
	}
	items = append(items, kit.Item{Name: "Compressed file …", Rule: true, Do: func() {
		if b.OpenFile != nil {
			b.OpenFile()
		}
	}})
	var presets []kit.Item
	for _, p := range b.wb.Presets() {
		presets = append(presets, kit.Item{Name: p.Name, Note: p.Note, Do: func() { b.wb.ApplyPreset(p) }})
	}
	if len(presets) > 0 {
		items = append(items, kit.Item{Name: "Presets", Sub: presets})
	}
	kit.OpenMenu(b.add, items)
}

// codecOptions lists the codecs with the reason for those that can't take the
// current picture.
func codecOptions(wb *workbench.Workbench) []kit.Option {
	var out []kit.Option
	for _, c := range wb.Tools().Codecs.All() {
		info := c.Info()
		o := kit.Option{ID: info.ID, Name: info.ID, Note: info.Name}
		if p := wb.Picture(); info.Unavailable != "" {
			o.Why = info.Unavailable
		} else if p != nil {
			if err := info.Check(p); err != nil {
				o.Why = reason(err)
			}
		}
		out = append(out, o)
	}
	return out
}

// slotLayout gives all cards one width, up to a comfortable one; where they would be too
// narrow they stand in two rows.
type slotLayout struct{ b *slotBar }

const (
	cardWidth = 228
	addWidth  = 52
	// leastCard is the least width of a card in one row: the longest name of a codec fits.
	leastCard = 154
	// lowBeside is the least width of a low card beside which the button of blind tests stands.
	lowBeside = 150
	rowGap    = 6
)

// MinSize implements fyne.Layout.
func (l slotLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, kit.SlotBar-20)
}

// Layout implements fyne.Layout.
func (l slotLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	columns, add := len(l.b.cards), float32(addWidth)
	height := s.Height
	width := func() float32 { return (s.Width - add - float32(columns)*kit.Space) / float32(max(columns, 1)) }
	if columns > 1 && width() < leastCard {
		columns, add, height = (columns+1)/2, kit.ControlSize, (s.Height-rowGap)/2
	}
	blind := l.b.blind.MinSize()
	w := width()
	if beside := w - (blind.Width+kit.Space)/float32(max(columns, 1)); beside >= leastCard || height < s.Height && beside >= lowBeside {
		w = beside
		l.b.blind.Move(fyne.NewPos(s.Width-blind.Width, (s.Height-blind.Height)/2))
		l.b.blind.SetDisabled(false)
	} else { // the menu and F5 lead there too
		l.b.blind.Move(parked)
		l.b.blind.SetDisabled(true) // so the focus passes over it
	}
	l.b.blind.Resize(blind)
	w = min(w, cardWidth)
	for i, c := range l.b.cards {
		c.Move(fyne.NewPos(float32(i%columns)*(w+kit.Space), float32(i/columns)*(height+rowGap)))
		c.Resize(fyne.NewSize(w, height))
	}
	l.b.add.Move(fyne.NewPos(float32(columns)*(w+kit.Space), 0))
	l.b.add.Resize(fyne.NewSize(add, s.Height))
}
