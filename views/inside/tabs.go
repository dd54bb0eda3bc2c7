package inside

import (
	"fyne.io/fyne/v2"

	"codecworkbench/views/kit"
)

// tab chooses a candidate: its number, and as much of its name as there is room for.
type tab struct {
	kit.Tap
	ground      *kit.Ground
	name        *kit.Text
	full, short string // with its setting, and the codec alone
	shown       bool
}

func newTab(number int, title, setting string, shown bool, tapped func()) *tab {
	t := &tab{full: title, short: title, shown: shown, name: kit.NewText("")}
	if setting != "" {
		t.full += " " + setting
	}
	fill := kit.ColorRaised
	if shown {
		t.name.Bold, fill = true, kit.ColorAccentGround
	}
	t.ground = kit.NewGround(fill, kit.Corner, kit.Space, 4, kit.Row(kit.Space, -1, kit.NewChip(number), t.name))
	t.Init(t.ground, tapped)
	t.say(t.full)
	return t
}

// say changes the name and returns the tab's width.
func (t *tab) say(name string) float32 {
	t.name.Set(name)
	if t.shown || name != "" {
		t.name.Show()
	} else {
		t.name.Hide()
	}
	return t.ground.MinSize().Width
}

// tabsLayout gives the candidates' tabs what the facts at the right leave: with their
// settings, else by name alone, else but their numbers, with the name of the shown one.
type tabsLayout struct{}

// MinSize implements fyne.Layout.
func (tabsLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, kit.ControlSize) }

// Layout implements fyne.Layout; the last object is the facts.
func (tabsLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	var tabs []*tab
	for _, x := range o {
		if t, ok := x.(*tab); ok {
			tabs = append(tabs, t)
		}
	}
	facts := o[len(o)-1].(*kit.Text)
	width := fyne.MeasureText(facts.Value(), facts.Points, fyne.TextStyle{}).Width
	x := fitTabs(tabs, s.Width-width-kit.Wide)
	width = min(width, max(s.Width-x, 0))
	facts.Move(fyne.NewPos(s.Width-width, 0))
	facts.Resize(fyne.NewSize(width, s.Height))
}

// fitTabs places the tabs, in the longest form that a width has room for, and returns
// where they end.
func fitTabs(tabs []*tab, width float32) float32 {
	forms := []func(t *tab) string{
		func(t *tab) string { return t.full },
		func(t *tab) string {
			if t.shown {
				return t.full
			}
			return t.short
		},
		func(t *tab) string {
			if t.shown {
				return t.full
			}
			return ""
		},
	}
	var sum float32
	for _, form := range forms {
		sum = 0
		for _, t := range tabs {
			sum += t.say(form(t)) + kit.Gap
		}
		if sum-kit.Gap <= width {
			break
		}
	}
	x := float32(0)
	for _, t := range tabs {
		size := fyne.NewSize(t.ground.MinSize().Width, kit.ControlSize)
		t.Resize(size)
		t.Move(fyne.NewPos(x, 0))
		x += size.Width + kit.Gap
	}
	return x
}
