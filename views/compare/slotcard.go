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

// slotCard is one candidate in the bar: number, codec and setting, size and
// quality, and at which side it is shown.
type slotCard struct {
	kit.Tap
	number         int
	ground         *kit.Ground
	chip           *kit.Chip
	title, side    *kit.Text
	facts          *kit.Text
	bar            *kit.Bar
	barPlace       *fyne.Container
	wb             *workbench.Workbench
	factsCandidate []string
	factsFirst     string // what the title has no room for
	head           *fyne.Container
}

// narrowCard is the width below which a card's title is the codec's name alone.
const narrowCard = 136

const cardMargin = 11

func (c *slotCard) narrow() bool { return c.Size().Width > 0 && c.Size().Width < narrowCard }

func newSlotCard(wb *workbench.Workbench, tips *kit.Tips, number int) *slotCard {
	c := &slotCard{wb: wb, number: number, chip: kit.NewChip(number), title: kit.Strong("").Clipped(), side: kit.Muted("").Small(),
		facts: kit.Muted("").Clipped(), bar: kit.NewBar()}
	c.head = kit.Row(5, 1, c.chip, c.title, c.side)
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
	return fmt.Sprintf("%s: %s. Click or %d: at the right; Shift+click or Alt+%d: at the left.",
		c.title.Value(), strings.Join(c.factsCandidate, ", "), c.number, c.number)
}

// bottomLine keeps its only object as a thin line at the bottom.
type bottomLine struct{}

func (bottomLine) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, 0) }

func (bottomLine) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Move(fyne.NewPos(8, s.Height-5))
	objects[0].Resize(fyne.NewSize(s.Width-16, 4))
}

func (c *slotCard) update() {
	slot, ok := c.wb.Slot(c.number)
	if !ok {
		return
	}
	setup := c.wb.Setup()
	place, stroke := c.wb.Place(c.number), kit.ColorRaised
	if place != "" {
		stroke = kit.ColorMuted
	}
	title, setting := c.wb.Title(slot), c.wb.Setting(slot)
	if c.narrow() {
		c.factsFirst, place = setting, "" // the border says that it is shown
	} else {
		c.factsFirst = ""
		title = strings.TrimSpace(title + " " + setting)
	}
	c.title.Set(title)
	if c.number == setup.Active {
		stroke = theme.ColorNamePrimary
	}
	if c.side.Value() != place {
		c.side.Set(place)
		c.head.Refresh() // the title gets what is left
	}
	c.ground.SetFill(kit.ColorRaised, stroke)
	c.showFacts(slot)
	c.showProgress()
}

// showFacts writes as many facts as the card has room for, the first ones first.
func (c *slotCard) showFacts(slot workbench.Slot) {
	ink := kit.ColorMuted
	c.factsCandidate = nil
	state, stateInk := stateText(c.wb, c.number)
	switch {
	case slot.Codec == "":
		c.factsCandidate = originalFacts(c.wb)
	case state != "":
		c.factsCandidate, ink = []string{state}, stateInk
	default:
		c.factsCandidate = resultFacts(c.wb, c.wb.Run(c.number).Result)
	}
	if c.factsFirst != "" && state == "" {
		c.factsCandidate = append([]string{c.factsFirst}, c.factsCandidate...)
	}
	c.facts.SetStyle(ink, false)
	c.fitFacts()
}

func (c *slotCard) fitFacts() {
	width := c.Size().Width - 2*c.ground.MarginX
	text := ""
	for i, f := range c.factsCandidate {
		longer := f
		if i > 0 {
			longer = text + " · " + f
		}
		if i > 0 && fyne.MeasureText(longer, kit.TextSize, fyne.TextStyle{}).Width > width {
			break
		}
		text = longer
	}
	c.facts.Set(text)
}

// Resize implements fyne.CanvasObject.
func (c *slotCard) Resize(s fyne.Size) {
	before := c.narrow()
	c.Tap.Resize(s)
	if c.narrow() != before {
		c.ground.MarginX = map[bool]float32{false: cardMargin, true: kit.Gap}[c.narrow()]
		c.update()
	}
	c.fitFacts()
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
	facts := []string{workbench.FormatBytes(int64(r.Bytes)), fmt.Sprintf("%.3f", r.BPP)}
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
