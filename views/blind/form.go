package blind

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	votes "codecworkbench/app/blind"
	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// form sets a test up, and shows how its preparation comes along.
type form struct {
	s    *Screen
	root fyne.CanvasObject
	card *fyne.Container

	kind                       *kit.Segmented
	asks                       *kit.Text
	candidates                 *fyne.Container
	ticks                      map[int]*kit.Switch
	facts                      map[int]*kit.Text
	terms                      *kit.Segmented
	metric                     *kit.Picker
	at, unit                   *kit.Text
	target                     *kit.Field
	termsRow                   *fyne.Container
	pictures                   *kit.Segmented
	picturesNote               *kit.Text
	trials                     *kit.Field
	trialsNote                 *kit.Text
	sameView, reference, ties  *kit.Switch
	choiceRow                  fyne.CanvasObject
	seed                       *kit.Field
	problem                    *widget.Label
	start, back, stop, earlier *kit.Button
	bar                        *kit.Bar
	now                        *kit.Text
	buttons, progress          *fyne.Container
}

// Ids of segments.
const (
	onlyThis = "this"
	onAll    = "all"
)

// labelWidth is the width of the rows' names.
const labelWidth = 92

func newForm(s *Screen, tips *kit.Tips) *form {
	f := &form{s: s, ticks: map[int]*kit.Switch{}, facts: map[int]*kit.Text{}}
	wb := s.wb
	change := func(g func(b *workbench.BlindSetup)) {
		b := wb.Blind().Setup
		g(&b)
		wb.SetBlind(b)
	}
	f.kind = kit.NewSegmented([]kit.Option{{ID: string(votes.ABX), Name: "Which is X?", Note: "ABX"}, {ID: string(votes.Choice), Name: "Which is better?", Note: "2AFC"}},
		func(id string) { change(func(b *workbench.BlindSetup) { b.Kind = votes.Kind(id) }) })
	f.asks = kit.Muted("").Clipped()
	f.candidates = container.New(cells{})
	f.terms = kit.NewSegmented([]kit.Option{{ID: string(workbench.BlindByRate), Name: "Rate"}, {ID: string(workbench.BlindByMetric), Name: "Metric"},
		{ID: string(workbench.BlindAsTheyAre), Name: "As they are"}}, func(id string) {
		change(func(b *workbench.BlindSetup) {
			b.Terms, b.Fixed, b.Target = workbench.BlindTerms(id), false, 0
			if list := wb.TableMetrics(); b.Metric == "" && len(list) > 0 {
				b.Metric = list[0]
			}
		})
	})
	f.terms.SetTip(tips, "What the candidates have in common: their qualities are searched for it on every picture")
	f.metric = kit.NewPicker(func() []kit.Option { return metricmenu.Options(wb) }, func(id string) {
		change(func(b *workbench.BlindSetup) { b.Metric, b.Fixed, b.Target = id, false, 0 })
	})
	f.at, f.unit = kit.Muted("at"), kit.Muted("")
	f.target = kit.NewField(112, false, func(text string) {
		if err := wb.SetBlindTarget(text); err != nil {
			wb.Fail(err)
		}
	})
	f.termsRow = kit.Row(kit.Space, 4, f.terms, f.metric, f.at, f.target, f.unit)
	f.pictures = kit.NewSegmented([]kit.Option{{ID: onlyThis, Name: "This one"}, {ID: onAll, Name: "All opened"}},
		func(id string) { change(func(b *workbench.BlindSetup) { b.All = id == onAll }) })
	f.picturesNote = kit.Muted("").Clipped()
	f.trials = kit.NewField(60, true, func(text string) {
		if n, err := strconv.Atoi(text); err == nil {
			change(func(b *workbench.BlindSetup) { b.Trials = n })
		}
		f.trials.Put(strconv.Itoa(wb.Blind().Setup.Trials))
	})
	f.trialsNote = kit.Muted("").Clipped()
	f.sameView = kit.NewSwitch("Zoom and place stay from trial to trial", func(on bool) { change(func(b *workbench.BlindSetup) { b.SameView = on }) })
	f.sameView.SetTip(tips, "The first trial shows what Compare shows now; off: each begins with the whole picture")
	f.reference = kit.NewSwitch("The original may be looked at", func(on bool) { change(func(b *workbench.BlindSetup) { b.Reference = on }) })
	f.ties = kit.NewSwitch("“No difference” is an answer", func(on bool) { change(func(b *workbench.BlindSetup) { b.Ties = on }) })
	f.seed = kit.NewField(84, true, func(text string) {
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			change(func(b *workbench.BlindSetup) { b.Seed = n })
		}
		f.seed.Put(strconv.FormatUint(wb.Blind().Setup.Seed, 10))
	})
	f.buildCard(wb)
	return f
}

func (f *form) buildCard(wb *workbench.Workbench) {
	other := kit.NewButton("Another", wb.NewBlindSeed)
	f.problem = widget.NewLabel("")
	f.problem.Wrapping, f.problem.Importance = fyne.TextWrapWord, widget.WarningImportance
	f.start = kit.NewButton("Start", wb.StartBlind)
	f.start.Rank = kit.Primary
	f.start.Set("Start", "Return")
	f.back = kit.NewButton("Back", f.s.Escape)
	f.back.Set("Back", "Esc")
	f.earlier = kit.NewButton("Earlier tests …", f.listEarlier)
	f.bar, f.now = kit.NewBar(), kit.Muted("").Clipped()
	f.stop = kit.NewButton("Stop", wb.StopBlind)
	f.stop.Set("Stop", "Esc")
	f.buttons = kit.Row(kit.Space, 2, f.start, f.back, kit.NewText("").Clipped(), f.earlier)
	f.progress = kit.Row(kit.Wide, 1, kit.Fixed(180, 0, f.bar), f.now, f.stop)
	title := kit.Strong("Blind test")
	title.Points = kit.HeadingSize
	f.choiceRow = row("", kit.Row(kit.Wide, -1, f.reference, f.ties))
	f.card = kit.Column(kit.Space,
		kit.Column(kit.Gap, title, kit.Muted("Judge the pictures without knowing which is which. Names and numbers come at the end.").Clipped()),
		row("Question", kit.Row(kit.Wide, 1, f.kind, f.asks)),
		row("Candidates", f.candidates),
		row("Equal in", f.termsRow),
		row("Pictures", kit.Row(kit.Wide, 1, f.pictures, f.picturesNote)),
		row("Trials", kit.Row(kit.Wide, 1, f.trials, f.trialsNote)),
		row("View", f.sameView), f.choiceRow,
		row("Seed", kit.Row(kit.Space, 2, f.seed, other, kit.Muted("the same seed draws the same order").Clipped())),
		f.problem, f.buttons, f.progress)
	f.root = container.NewVScroll(container.New(middle{}, kit.Card(f.card)))
}

// row is a line of the form behind its name.
func row(name string, o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(labelled{}, kit.Muted(name), o)
}

// labelled puts a name beside the first line of a content.
type labelled struct{}

func (labelled) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[1].MinSize()
	return fyne.NewSize(m.Width+labelWidth, max(m.Height, kit.ControlSize)+4)
}

func (labelled) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(labelWidth, kit.ControlSize+4))
	h := max(o[1].MinSize().Height, kit.ControlSize)
	o[1].Move(fyne.NewPos(labelWidth, 2))
	o[1].Resize(fyne.NewSize(s.Width-labelWidth, h))
}

// middle centres a card of a readable width near the top.
type middle struct{}

const cardWidth = 780

func (middle) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[0].MinSize().AddWidthHeight(2*kit.Wide, 2*kit.Wide)
}

func (middle) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := min(s.Width-2*kit.Wide, cardWidth)
	h := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(w, h))
	o[0].Move(fyne.NewPos((s.Width-w)/2, max((s.Height-h)/3, kit.Wide)))
}

// cells puts objects into two columns, line by line.
type cells struct{}

func (cells) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(200, float32((len(o)+1)/2)*(kit.ControlSize+kit.Gap)-kit.Gap)
}

func (cells) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := (s.Width - kit.Wide) / 2
	for i, c := range o {
		c.Move(fyne.NewPos(float32(i%2)*(w+kit.Wide), float32(i/2)*(kit.ControlSize+kit.Gap)))
		c.Resize(fyne.NewSize(w, kit.ControlSize))
	}
}

// update follows the model.
func (f *form) update(b workbench.Blind) {
	s, wb := b.Setup, f.s.wb
	choice := s.Kind == votes.Choice
	f.kind.Select(string(s.Kind))
	if choice {
		f.asks.Set("Two at a time: the votes rank the candidates.")
	} else {
		f.asks.Set("X is A or B: can you tell them apart at all?")
	}
	f.showCandidates(s)
	f.showTerms(s)
	f.pictures.Select(map[bool]string{false: onlyThis, true: onAll}[s.All])
	entries, current := wb.Entries()
	note := ""
	if current >= 0 && current < len(entries) && !s.All {
		note = entries[current].Name
	} else if s.All {
		note = workbench.Plural(len(entries), "picture")
	}
	f.picturesNote.Set(note)
	f.trials.Put(strconv.Itoa(s.Trials))
	f.trialsNote.Set(trialsNote(s))
	f.sameView.Set(s.SameView)
	f.reference.Set(s.Reference)
	f.ties.Set(s.Ties)
	f.seed.Put(strconv.FormatUint(s.Seed, 10))
	preparing := b.Phase == workbench.BlindPreparing
	problem, err := b.Problem, wb.CanBlind()
	if problem == "" && err != nil {
		problem = wb.Plainly(err)
	}
	f.problem.SetText(problem)
	f.start.SetDisabled(err != nil)
	show(f.problem, problem != "" && !preparing)
	show(f.choiceRow, choice)
	show(f.buttons, !preparing)
	show(f.progress, preparing)
	show(f.earlier, len(wb.BlindTests()) > 0)
	f.bar.Set(b.Done)
	now := "Making the files: " + b.Now
	if left := workbench.FormatLeft(b.Left); left != "" {
		now += " · " + left
	}
	f.now.Set(now)
	f.card.Refresh()
}

// trialsNote says what a number of trials is good for.
func trialsNote(s workbench.BlindSetup) string {
	if s.Kind == votes.ABX {
		n := votes.Needed(s.Trials, 0.05)
		if n > s.Trials {
			return "too few: even all right could be guessing"
		}
		return fmt.Sprintf("%d right answers would be more than guessing (5 %%)", n)
	}
	pairs := max(len(votes.Plan{Candidates: s.Candidates}.Pairs()), 1)
	return fmt.Sprintf("%s, about %d trials each", workbench.Plural(pairs, "pair"), (s.Trials+pairs/2)/pairs)
}

// showCandidates lists the slots to be ticked.
func (f *form) showCandidates(s workbench.BlindSetup) {
	wb := f.s.wb
	slots := wb.Setup().Slots
	same := len(slots) == len(f.candidates.Objects)
	for _, slot := range slots {
		same = same && f.ticks[slot.Number] != nil && f.ticks[slot.Number].Name() == wb.Title(slot)
	}
	if !same {
		clear(f.ticks)
		f.candidates.Objects = nil
		for _, slot := range slots {
			tick := kit.NewSwitch(wb.Title(slot), func(bool) { wb.ToggleBlind(slot.Number) })
			facts := kit.Muted("").Clipped()
			f.ticks[slot.Number], f.facts[slot.Number] = tick, facts
			f.candidates.Add(kit.Row(kit.Space, 2, kit.NewChip(slot.Number), tick, facts))
		}
	}
	chosen := map[int]bool{}
	for _, n := range s.Candidates {
		chosen[n] = true
	}
	for _, slot := range slots {
		f.ticks[slot.Number].Set(chosen[slot.Number])
		facts := wb.Setting(slot)
		if r := wb.Run(slot.Number); r.Fresh {
			facts += fmt.Sprintf("  %.3f bpp", r.Result.BPP)
		}
		if slot.Codec == "" {
			facts = "as a hidden reference"
		}
		f.facts[slot.Number].Set(facts)
	}
}

// showTerms shows what the candidates have in common.
func (f *form) showTerms(s workbench.BlindSetup) {
	wb := f.s.wb
	f.terms.Select(string(s.Terms))
	f.target.Put(wb.BlindTarget())
	place, unit := "the smallest", "bpp"
	if s.Terms == workbench.BlindByMetric {
		place, unit = "the poorest", ""
		if m, err := wb.Tools().Metrics.Metric(s.Metric); err == nil {
			f.metric.Put(metricmenu.Name(m.Info()), "")
			unit = m.Info().DisplayUnit()
		} else {
			f.metric.Put("Choose a metric", "")
		}
	}
	f.target.SetPlaceHolder(place)
	f.unit.Set(unit)
	show(f.metric, s.Terms == workbench.BlindByMetric)
	for _, o := range []fyne.CanvasObject{f.at, f.target, f.unit} {
		show(o, s.Terms != workbench.BlindAsTheyAre)
	}
	f.termsRow.Refresh()
}

// listEarlier offers the results that the session keeps, the latest first.
func (f *form) listEarlier() {
	var items []kit.Item
	tests := f.s.wb.BlindTests()
	for i := len(tests) - 1; i >= 0; i-- {
		items = append(items, kit.Item{Name: tests[i].Began.Local().Format("2006-01-02 15:04"), Note: tests[i].Sentence(),
			Do: func() { f.s.wb.ShowBlindTest(i) }})
	}
	kit.OpenMenu(f.earlier, items)
}

func show(o fyne.CanvasObject, visible bool) {
	if visible != o.Visible() {
		if visible {
			o.Show()
		} else {
			o.Hide()
		}
	}
}
