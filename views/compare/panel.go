package compare

import (
	"errors"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// panel is the side panel: the active candidate's controls, equal terms, the
// measurements of the two shown pictures and the curves of the current one.
type panel struct {
	wb   *workbench.Workbench
	tips *kit.Tips
	root *kit.Ground
	body *fyne.Container

	head     *kit.Text
	across   *kit.Button // copies the settings to the other side
	copy     *kit.Button
	remove   *kit.Button
	codec    *kit.Picker
	settings *fyne.Container // of the active slot: parameters, or facts of a file
	controls map[string]func(value string)
	builtFor string // what settings was built for
	laid     fyne.Size
	status   *runStatus
	terms    *equalTerms
	table    *measured
	curves   *curvePanel
	// PickFile asks for a file that a parameter needs.
	PickFile func(done func(path string))
}

func newPanel(wb *workbench.Workbench, tips *kit.Tips) *panel {
	p := &panel{wb: wb, tips: tips, head: kit.Caption(""), controls: map[string]func(string){}}
	p.across = kit.NewGhost("", func() { wb.CopySettings(wb.Setup().Active, wb.Other(wb.Setup().Active)) })
	p.across.SetTip(tips, "Give the other side the same codec and settings   Ctrl+Shift+C")
	p.copy = kit.NewGhost("duplicate", func() { wb.Duplicate(wb.Setup().Active) })
	p.remove = kit.NewGhost("delete", func() { wb.Delete(wb.Setup().Active) })
	for _, b := range []*kit.Button{p.across, p.copy, p.remove} {
		b.Points = kit.SmallSize
	}
	p.copy.SetTip(tips, "The same setting once more, to change from there   Ctrl+D")
	p.remove.SetTip(tips, "Take this candidate away   Del")
	p.codec = kit.NewPicker(func() []kit.Option { return codecOptions(wb) }, func(id string) { wb.SetCodec(wb.Setup().Active, id) }).Strong()
	p.settings = kit.Column(0)
	p.status = newRunStatus(wb)
	p.terms = newEqualTerms(wb, tips)
	p.table = newMeasured(wb, tips)
	p.curves = newCurvePanel(wb, tips)
	p.body = kit.Filled(kit.Gap,
		kit.Row(0, 0, p.head, p.across, p.copy, p.remove), p.codec, p.settings, p.status.root, kit.Spacer(0, kit.Gap), p.terms.root,
		kit.Spacer(0, kit.Gap), p.table.root, kit.Spacer(0, kit.Gap), p.curves.root)
	scroll := container.NewVScroll(container.New(sides{}, p.body))
	p.root = kit.NewGround(kit.ColorPanel, 0, 0, 0, scroll)
	return p
}

// sides leaves the panel's margins free, inside its scroller.
type sides struct{}

func (sides) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().AddWidthHeight(2*kit.PanelPadding, 2*kit.Space)
}

func (sides) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.NewPos(kit.PanelPadding, kit.Space))
	o[0].Resize(fyne.NewSize(s.Width-2*kit.PanelPadding, s.Height-2*kit.Space))
}

func (p *panel) changed(c workbench.Change) {
	if c&(workbench.Pictures|workbench.Slots) != 0 {
		p.showSettings()
	}
	if c&(workbench.Pictures|workbench.Slots|workbench.Results|workbench.Progress) != 0 {
		p.status.update()
		p.terms.update()
	}
	if c&(workbench.Pictures|workbench.Slots|workbench.Results) != 0 {
		p.table.changed()
	}
	p.curves.changed(c)
	// Refreshing the body draws every text anew: only where something moves.
	if size := p.body.MinSize(); size != p.laid {
		p.laid = size
		p.body.Refresh()
	}
}

// showSettings shows the active slot's controls, building them where the slot, its
// codec or the picture (which decides what codecs can do) is another one.
func (p *panel) showSettings() {
	setup := p.wb.Setup()
	slot, ok := p.wb.Slot(setup.Active)
	if !ok {
		return
	}
	info, coded := p.wb.Info(slot)
	p.head.Set(fmt.Sprintf("CANDIDATE %d", slot.Number))
	p.codec.Put(info.ID, info.Name)
	p.codec.SetTip(p.tips, info.Summary)
	editable := coded && slot.File == nil
	show(p.codec, editable)
	p.across.Set(fmt.Sprintf("copy to %d", p.wb.Other(slot.Number)), "")
	show(p.across, p.wb.CanCopy())
	show(p.copy, coded)
	show(p.remove, coded)
	key := fmt.Sprint(slot.Number, slot.Codec, slot.File, p.wb.Picture() == nil)
	if !coded {
		p.head.Set("ORIGINAL")
		key = ""
	}
	if key == "" || p.builtFor != key {
		p.build(slot, editable)
		p.builtFor = key
	}
	for name, update := range p.controls {
		update(slot.Params[name])
	}
}

func show(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

func (p *panel) build(slot workbench.Slot, editable bool) {
	p.controls = map[string]func(string){}
	var rows []fyne.CanvasObject
	if !editable {
		for _, line := range p.facts(slot) {
			rows = append(rows, kit.Fixed(0, 20, kit.Muted(line).Clipped()))
		}
	} else {
		info, _ := p.wb.Info(slot)
		make := controls{wb: p.wb, tips: p.tips,
			set:   func(name, value string) { p.wb.SetParam(slot.Number, name, value) },
			pick:  func(done func(string)) { p.PickFile(done) },
			paint: func() { p.wb.PaintMask(slot.Number) }}
		for _, param := range info.Schema() {
			c := make.build(info.ID, param)
			p.controls[param.Name] = c.update
			rows = append(rows, kit.Fixed(0, 30, c.row))
		}
		if len(info.Schema()) == 0 {
			rows = append(rows, kit.Fixed(0, 24, kit.Muted("Nothing to set: "+lossless(info.Lossless)).Clipped()))
		}
	}
	p.settings.Objects = rows
	p.settings.Refresh()
}

func lossless(yes bool) string {
	if yes {
		return "the codec is lossless."
	}
	return "the codec has no parameters."
}

// facts describe what has no controls: the original, or a compressed file.
func (p *panel) facts(slot workbench.Slot) []string {
	if slot.File != nil {
		return []string{slot.File.Name, fmt.Sprintf("%s, %s bytes, %d × %d pixels", slot.Codec, workbench.FormatCount(slot.File.Bytes),
			slot.File.Stream.Width, slot.File.Stream.Height), slot.File.Path}
	}
	pic := p.wb.Picture()
	if pic == nil {
		return nil
	}
	src := pic.Source()
	kind := "colour"
	if pic.Gray() {
		kind = "grey"
	}
	if pic.Alpha() {
		kind += " with alpha"
	}
	lines := []string{src.Name, fmt.Sprintf("%d × %d pixels, %.1f megapixels, %s", pic.Width(), pic.Height(), float64(pic.Pixels())/1e6, kind)}
	if src.Bytes > 0 {
		lines = append(lines, fmt.Sprintf("%s file, %s bytes", src.Format, workbench.FormatCount(int(src.Bytes))))
	}
	if src.Path != "" {
		lines = append(lines, src.Path)
	}
	return append(lines, src.Notes...)
}

// runStatus tells about a run that takes its time or has failed, with a way out.
type runStatus struct {
	wb                  *workbench.Workbench
	root                *fyne.Container
	bar                 *kit.Bar
	text                *kit.Text
	cancel, keep, again *kit.Button
	working             *fyne.Container
	message             *widget.Label
	failed              *fyne.Container
	notes               *widget.Label
}

func newRunStatus(wb *workbench.Workbench) *runStatus {
	s := &runStatus{wb: wb, bar: kit.NewBar(), text: kit.Muted("").Small()}
	active := func() int { return wb.Setup().Active }
	s.cancel = kit.NewButton("Cancel", func() { wb.CancelRun(active()) })
	s.keep = kit.NewButton("Keep", func() { wb.FinishRun(active()) })
	s.again = kit.NewButton("Try again", func() { wb.Retry(active()) })
	s.working = kit.Row(kit.Space, 0, s.bar, s.text, s.keep, s.cancel)
	s.message = widget.NewLabel("")
	s.message.Wrapping = fyne.TextWrapWord
	s.message.Importance = widget.DangerImportance
	s.failed = kit.Column(kit.Gap, s.message, kit.Row(0, -1, s.again))
	s.notes = widget.NewLabel("")
	s.notes.Wrapping = fyne.TextWrapWord
	s.notes.Importance = widget.LowImportance
	s.root = kit.Column(0, s.working, s.failed, s.notes)
	return s
}

func (s *runStatus) update() {
	number := s.wb.Setup().Active
	run := s.wb.Run(number)
	working, phase := s.wb.Working()
	coding := working == number && (phase == workbench.Coding || phase == workbench.Matching)
	// What is over before it could be read needs no bar.
	show(s.working, coding && (run.Total > 0 || s.wb.Slow()))
	show(s.keep, run.Preview != nil)
	if run.Total > 0 {
		s.bar.Set(float64(run.Done) / float64(run.Total))
		text := fmt.Sprintf("%d of %d", run.Done, run.Total)
		if left := workbench.FormatLeft(s.wb.RunLeft(number)); left != "" && s.wb.Slow() {
			text = left
		}
		s.text.Set(text)
	} else {
		s.bar.Set(0)
		s.text.Set("encoding …")
	}
	if phase == workbench.Matching {
		s.text.Set("searching the q …")
	}
	stopped := run.Phase == workbench.Failed || run.Phase == workbench.Cancelled
	show(s.failed, stopped)
	show(s.again, run.Phase == workbench.Cancelled || !errors.Is(run.Err, codecs.ErrNotApplicable))
	if run.Err != nil && run.Phase == workbench.Failed {
		s.message.SetText(s.wb.Plainly(run.Err))
	} else if stopped {
		s.message.SetText("Stopped.")
	}
	notes := ""
	if run.Fresh && run.Result != nil {
		notes = strings.Join(run.Result.Notes, "\n")
	}
	show(s.notes, notes != "")
	if s.notes.Text != notes {
		s.notes.SetText(notes)
	}
}
