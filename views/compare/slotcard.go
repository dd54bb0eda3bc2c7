package compare

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/metrics"
	"codecworkbench/views/kit"
)

// slotCard is one candidate in the bar: number, codec and setting, size and quality, and
// at which side it is shown. A low card, one of two rows, has a single line.
type slotCard struct {
	kit.Tap
	number      int
	wb          *workbench.Workbench
	ground      *kit.Ground
	chip        *kit.Chip
	title, side *kit.Text
	facts       *kit.Text
	head        *fyne.Container
	bar         *kit.Bar
	barPlace    *fyne.Container

	name, setting, place string
	known                []string // facts, the first ones first
	state                string   // what stands in place of facts: "waiting …"
	stateInk             fyne.ThemeColorName
}

const (
	cardMargin = 11
	headGap    = 5
	lowCard    = 40 // the height below which a card has one line
)

func newSlotCard(wb *workbench.Workbench, tips *kit.Tips, number int) *slotCard {
	c := &slotCard{wb: wb, number: number, chip: kit.NewChip(number), title: kit.Strong("").Clipped(), side: kit.Muted("").Small(),
		facts: kit.Muted("").Clipped(), bar: kit.NewBar()}
	c.head = kit.Row(headGap, 1, c.chip, c.title, c.side)
	c.barPlace = container.New(bottomLine{}, c.bar)
	c.ground = kit.NewGround(kit.ColorRaised, kit.CardCorner, cardMargin, 7, kit.Column(3, c.head, c.facts))
	c.ground.Stroke = kit.ColorRaised
	c.Tap.Init(container.NewStack(c.ground, c.barPlace), func() { wb.Show(number) })
	c.OnOther = func() { wb.ShowLeft(number) }
	c.SetTip(tips, c.describe)
	return c
}

// describe says what the card may have no room for, and what a tap does.
func (c *slotCard) describe() string {
	facts := strings.Join(c.known, ", ")
	if c.state != "" {
		facts = c.state
	}
	return fmt.Sprintf("%s: %s. Click or %d: at the right; Shift+click or Alt+%d: at the left.", c.full(), facts, c.number, c.number)
}

// bottomLine keeps its only object as a thin line at the bottom.
type bottomLine struct{}

func (bottomLine) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

func (bottomLine) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	h := float32(4)
	if s.Height < lowCard {
		h = 2
	}
	objects[0].Move(fyne.NewPos(8, s.Height-h-1))
	objects[0].Resize(fyne.NewSize(s.Width-16, h))
}

func (c *slotCard) update() {
	slot, ok := c.wb.Slot(c.number)
	if !ok {
		return
	}
	c.name, c.setting, c.place = c.wb.Title(slot), c.wb.Setting(slot), c.wb.Place(c.number)
	c.state, c.stateInk = stateText(c.wb, c.number)
	if slot.Codec == "" {
		c.known, c.state = originalFacts(c.wb), ""
	} else {
		c.known = resultFacts(c.wb, c.wb.Run(c.number).Result)
	}
	stroke := kit.ColorRaised
	if c.place != "" {
		stroke = kit.ColorMuted
	}
	if c.number == c.wb.Setup().Active {
		stroke = theme.ColorNamePrimary
	}
	c.ground.SetFill(kit.ColorRaised, stroke)
	c.fit()
	c.showProgress()
}

// full is the candidate's name with its setting.
func (c *slotCard) full() string { return strings.TrimSpace(c.name + " " + c.setting) }

// fit writes what the card has room for: the name always, then the setting, the side,
// and as many facts as there is room for.
func (c *slotCard) fit() {
	size := c.Size()
	if size.Width <= 0 {
		return
	}
	x, y := float32(cardMargin), float32(7)
	if size.Height < lowCard {
		x, y = kit.Gap+1, (size.Height-c.chip.MinSize().Height)/2
	}
	if c.ground.MarginX != x || c.ground.MarginY != y {
		c.ground.MarginX, c.ground.MarginY = x, y
		c.ground.Resize(fyne.Size{}) // so that it lays its content out anew
		c.ground.Resize(size)
	}
	if size.Height < lowCard {
		c.fitLine(size.Width - 2*x)
	} else {
		c.fitLines(size.Width - 2*x)
	}
}

// fitLines fills the two lines of a card.
func (c *slotCard) fitLines(width float32) {
	c.setTitle(kit.TextSize, true)
	title, side, facts := c.full(), c.place, c.known
	room := width - c.chip.MinSize().Width - 2*headGap
	if c.wide(title)+wide(side) > room {
		side = "" // the border says that it is shown
	}
	if c.wide(title) > room && c.setting != "" {
		title, facts = c.name, append([]string{c.setting}, facts...)
	}
	ink := kit.ColorMuted
	if c.state != "" {
		facts, ink = []string{c.state}, c.stateInk
	}
	c.setHead(title, side, theme.ColorNameForeground)
	c.facts.SetStyle(ink, false)
	c.facts.Set(asManyAs(facts, width))
	show(c.facts, true)
}

// fitLine fills the one line of a low card.
func (c *slotCard) fitLine(width float32) {
	c.setTitle(kit.SmallSize, false)
	show(c.facts, false)
	title, side, ink := c.full(), c.state, theme.ColorNameForeground
	if side == "" && len(c.known) > 0 {
		side = c.known[0]
	}
	if c.state != "" {
		ink = c.stateInk
	}
	room := width - c.chip.MinSize().Width - 2*headGap
	if c.wide(title) > room {
		title = c.name
	}
	if c.wide(title)+headGap+wide(side) > room {
		side = ""
	}
	c.setHead(title, side, ink)
}

func (c *slotCard) setTitle(points float32, bold bool) {
	if c.title.Points != points || c.title.Bold != bold {
		c.title.Points, c.title.Bold = points, bold
		c.title.Refresh()
	}
}

func (c *slotCard) setHead(title, side string, ink fyne.ThemeColorName) {
	c.title.SetStyle(ink, c.title.Bold)
	c.title.Set(title)
	if c.side.Value() != side {
		c.side.Set(side)
		c.head.Refresh() // the title gets what is left
	}
}

// wide is the width of a text as a title.
func (c *slotCard) wide(title string) float32 {
	return fyne.MeasureText(title, c.title.Points, fyne.TextStyle{Bold: c.title.Bold}).Width
}

// wide is the width of a small text.
func wide(s string) float32 { return fyne.MeasureText(s, kit.SmallSize, fyne.TextStyle{}).Width }

// asManyAs joins as many facts as a width has room for, at least one.
func asManyAs(facts []string, width float32) string {
	text := ""
	for i, f := range facts {
		longer := f
		if i > 0 {
			longer = text + " · " + f
		}
		if i > 0 && fyne.MeasureText(longer, kit.TextSize, fyne.TextStyle{}).Width > width {
			break
		}
		text = longer
	}
	return text
}

// Resize implements fyne.CanvasObject.
func (c *slotCard) Resize(s fyne.Size) {
	if s != c.Size() {
		c.Tap.Resize(s)
		c.fit()
	}
}

func originalFacts(wb *workbench.Workbench) []string {
	p := wb.Picture()
	if p == nil {
		return nil
	}
	src := p.Source()
	facts := []string{fmt.Sprintf("%d × %d", p.Width(), p.Height())}
	if src.Bytes > 0 {
		facts = append([]string{workbench.FormatBytes(src.Bytes)}, facts...)
	}
	if src.Format != "" {
		facts = append(facts, src.Format)
	}
	return facts
}

func resultFacts(wb *workbench.Workbench, r *workbench.Result) []string {
	if r == nil {
		return nil
	}
	facts := []string{workbench.FormatBytes(int64(r.Bytes)), fmt.Sprintf("%.3f bpp", r.BPP)}
	if ids := wb.CurveMetrics(); len(ids) > 0 {
		if v, ok := r.Values[ids[0]]; ok {
			facts = append(facts, metricFact(wb, ids[0], v))
		}
	}
	return facts
}

func metricFact(wb *workbench.Workbench, id string, v metrics.Value) string {
	m, err := wb.Tools().Metrics.Metric(id)
	if err != nil {
		return ""
	}
	info := m.Info()
	if !v.Finite() {
		return workbench.FormatMetric(info, v)
	}
	return workbench.FormatQuality(info, info.Display(v.Number))
}

// showProgress fills the line at the bottom while the candidate is worked on.
func (c *slotCard) showProgress() {
	number, phase := c.wb.Working()
	run := c.wb.Run(c.number)
	if number == c.number && phase != workbench.Measuring && run.Total > 0 {
		c.barPlace.Show()
		c.bar.Set(float64(run.Done) / float64(run.Total))
		return
	}
	c.barPlace.Hide()
}
