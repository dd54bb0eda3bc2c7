package blind

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	votes "codecworkbench/app/blind"
	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// result shows what a test's answers mean.
type result struct {
	s        *Screen
	root     *fyne.Container
	sentence *fyne.Container
	facts    *kit.Text
	cards    *fyne.Container
	repeat   *kit.Button
	shown    *votes.Test
}

func newResult(s *Screen, tips *kit.Tips) *result {
	r := &result{s: s, sentence: kit.Column(kit.Gap), facts: kit.Muted("").Clipped(), cards: container.New(columns{})}
	r.repeat = kit.NewButton("Repeat", s.wb.RepeatBlind)
	r.repeat.Rank = kit.Primary
	r.repeat.SetTip(tips, "The same test again, in another order")
	other := kit.NewButton("Set up another", s.wb.NewBlind)
	other.Set("Set up another", "Esc")
	export := kit.NewButton("Export CSV …", func() { s.Export() })
	export.SetTip(tips, "Every trial with its pictures' files, the order shown, the answer and the time")
	forget := kit.NewGhost("Forget this test", s.wb.ForgetBlindTest)
	buttons := kit.Row(kit.Space, 3, r.repeat, other, export, kit.NewText("").Clipped(), forget)
	head := kit.Card(kit.Column(kit.Space, kit.Caption("BLIND TEST"), r.sentence, r.facts, buttons))
	r.root = container.NewBorder(container.NewPadded(container.NewPadded(head)), nil, nil, nil, container.NewVScroll(container.NewPadded(container.NewPadded(r.cards))))
	return r
}

// columns lays cards out in two columns, each card below the shorter one.
type columns struct{}

const (
	leastColumn = 380
	// sentenceColumns is how many letters of the sentence stand in a line.
	sentenceColumns = 108
	// legendColumns is how many letters of a legend stand in a line of a card.
	legendColumns = 72
)

func (columns) MinSize(o []fyne.CanvasObject) fyne.Size {
	var left, right float32
	for _, c := range o {
		if h := c.MinSize().Height + kit.Wide; left <= right {
			left += h
		} else {
			right += h
		}
	}
	return fyne.NewSize(2*leastColumn, max(left, right))
}

func (columns) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := (s.Width - kit.Wide) / 2
	var left, right float32
	for _, c := range o {
		h := c.MinSize().Height
		x, y := float32(0), left
		if left <= right {
			left += h + kit.Wide
		} else {
			x, y = w+kit.Wide, right
			right += h + kit.Wide
		}
		c.Resize(fyne.NewSize(w, h))
		c.Move(fyne.NewPos(x, y))
	}
}

// show follows the model.
func (r *result) show(b workbench.Blind) {
	t := b.Test
	if t == nil || t == r.shown {
		return
	}
	r.shown = t
	r.sentence.Objects = nil
	for _, line := range kit.Wrap(t.Sentence(), sentenceColumns) {
		text := kit.Strong(line).Clipped()
		text.Points = 15
		r.sentence.Add(text)
	}
	r.facts.Set(facts(t))
	r.cards.Objects = nil
	if t.Plan.Kind == votes.ABX {
		r.add("RIGHT ANSWERS", guessing(t))
		r.add("FILES", r.files(t))
		if len(t.Plan.Candidates) > 2 {
			r.add("PAIRS", pairs(t))
		}
	} else {
		r.add("SCORES", scores(t))
		r.add("WHO WON", pairs(t))
		r.add("FILES", r.files(t))
		if a := t.Agreements(); len(a) > 0 {
			r.add("METRICS THAT AGREED WITH YOU", agreements(a))
		}
	}
	if len(t.Notes) > 0 {
		note := widget.NewLabel(strings.Join(t.Notes, "\n"))
		note.Wrapping = fyne.TextWrapWord
		r.add("LEFT OUT", note)
	}
	r.cards.Refresh()
}

func (r *result) add(name string, o fyne.CanvasObject) {
	r.cards.Add(kit.Card(kit.Column(kit.Space, kit.Caption(name), o)))
}

// facts says in a line what the test was.
func facts(t *votes.Test) string {
	kind := "ABX"
	if t.Plan.Kind == votes.Choice {
		kind = "2AFC"
	}
	trials := workbench.Plural(len(t.Votes), "trial")
	if len(t.Votes) < len(t.Trials) {
		trials = fmt.Sprintf("%d of %d trials", len(t.Votes), len(t.Trials))
	}
	on := t.Pictures[0]
	if len(t.Pictures) > 1 {
		on = workbench.Plural(len(t.Pictures), "picture")
	}
	return strings.Join([]string{kind, trials, on, "candidates " + t.Terms, fmt.Sprint("seed ", t.Plan.Seed), t.Began.Local().Format("2006-01-02 15:04")}, "  ·  ")
}

// guessing sets the right answers against chance.
func guessing(t *votes.Test) fyne.CanvasObject {
	right, n := t.Right()
	needed := votes.Needed(n, 0.05)
	legend := fmt.Sprintf("Dashed: chance, %s.", votes.Halves(float64(n)/2))
	if needed <= n {
		legend += fmt.Sprintf(" Blue: from %d on, guessing does as well in at most 5\u00a0%% of cases.", needed)
	}
	rows := []fyne.CanvasObject{newTally(right, n, needed)}
	for _, line := range kit.Wrap(legend, legendColumns) {
		rows = append(rows, kit.Muted(line).Small().Clipped())
	}
	return kit.Column(kit.Gap, rows...)
}

// scores ranks the candidates with intervals.
func scores(t *votes.Test) fyne.CanvasObject {
	list := t.Standings()
	lo, hi := -1.0, 1.0
	for _, s := range list {
		lo, hi = min(lo, s.Low), max(hi, s.High)
	}
	rows := []fyne.CanvasObject{container.New(grid{scoreColumns}, kit.Spacer(0, 0), kit.Muted("").Small(), kit.Muted("95 % interval").Small(), right("score"), right("won"))}
	for _, s := range list {
		rows = append(rows, container.New(grid{scoreColumns}, kit.NewChip(s.Number), kit.NewText(t.Candidate(s.Number).Name).Clipped(),
			newInterval(s.Number, s.Score, s.Low, s.High, lo, hi), kit.Digits(signed(s.Score)),
			kit.Digits(fmt.Sprintf("%s of %d", votes.Halves(s.Wins), s.Trials))))
	}
	for _, line := range kit.Wrap("Bradley–Terry scores in log-odds: 0 is the average, +1 wins 73 % against it. Each has half a win and half a loss in advance.", legendColumns) {
		rows = append(rows, kit.Muted(line).Small().Clipped())
	}
	return kit.Column(kit.Gap, rows...)
}

// signed writes a score; what rounds to zero has no sign.
func signed(v float64) string {
	if math.Abs(v) < 0.005 {
		return "0.00"
	}
	return fmt.Sprintf("%+.2f", v)
}

func right(s string) *kit.Text {
	t := kit.Muted(s).Small()
	t.Align = fyne.TextAlignTrailing
	return t
}

// grid gives columns fixed widths; the one with width 0 takes what is left.
type grid struct{ widths []float32 }

var (
	scoreColumns = []float32{22, 96, 0, 58, 74}
	pairColumns  = []float32{0, 70, 52, 76}
	agreeColumns = []float32{130, 0, 74}
)

func (g grid) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, 24) }

func (g grid) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := s.Width - kit.Space*float32(len(g.widths)-1)
	for _, w := range g.widths {
		left -= w
	}
	x := float32(0)
	for i, c := range o {
		w := g.widths[i]
		if w == 0 {
			w = max(left, 40)
		}
		c.Resize(fyne.NewSize(w, s.Height))
		c.Move(fyne.NewPos(x, 0))
		x += w + kit.Space
	}
}

// pairs lists what each pair gave.
func pairs(t *votes.Test) fyne.CanvasObject {
	abx := t.Plan.Kind == votes.ABX
	won, ties := "won", ""
	if abx {
		won = "right"
	}
	if t.Ties {
		ties = "ties"
	}
	rows := []fyne.CanvasObject{container.New(grid{pairColumns}, kit.Spacer(0, 0), right(won), right(ties), right("by chance"))}
	for _, d := range t.Duels() {
		first, second := d.First, d.Second
		won, ties := fmt.Sprintf("%d : %d", d.Wins, d.Losses), fmt.Sprint(d.Ties)
		if d.Losses > d.Wins { // the winner first
			first, second = d.Second, d.First
			won = fmt.Sprintf("%d : %d", d.Losses, d.Wins)
		}
		if abx {
			won, ties = fmt.Sprintf("%d of %d", d.Right, d.Trials), ""
		}
		if !t.Ties {
			ties = ""
		}
		names := kit.Row(6, -1, kit.NewChip(first), short(t, first), kit.Muted("–"), kit.NewChip(second), short(t, second))
		rows = append(rows, container.New(grid{pairColumns}, names, kit.Digits(won), kit.Digits(ties), kit.Digits(percent(d.P))))
	}
	return kit.Column(kit.Gap, rows...)
}

// short is a candidate's name in a narrow column.
func short(t *votes.Test, number int) fyne.CanvasObject {
	return kit.NewText(kit.Shorten(t.Candidate(number).Name, 88, kit.TextSize, fyne.TextStyle{}))
}

func percent(p float64) string {
	if p < 0.001 {
		return "< 0.1 %"
	}
	return votes.Percent(p)
}

// agreements lists how often metrics had the same preference.
func agreements(list []votes.Agreement) fyne.CanvasObject {
	var rows []fyne.CanvasObject
	for _, a := range list {
		bar := kit.NewBar()
		bar.Set(float64(a.Agreed) / float64(a.Among))
		rows = append(rows, container.New(grid{agreeColumns}, kit.NewText(a.Metric.Name).Clipped(), bar, kit.Digits(fmt.Sprintf("%d of %d", a.Agreed, a.Among))))
	}
	return kit.Column(kit.Gap, rows...)
}

// files says what the candidates' files were, on average over the pictures.
func (r *result) files(t *votes.Test) fyne.CanvasObject {
	widths := []float32{22, 0, 66, 52}
	head := []fyne.CanvasObject{kit.Spacer(0, 0), kit.Spacer(0, 0), right("bytes"), right("bpp")}
	metrics := t.Metrics[:min(len(t.Metrics), 2)]
	for _, m := range metrics {
		widths = append(widths, 72)
		head = append(head, right(kit.Shorten(m.Name, 72, kit.SmallSize, fyne.TextStyle{})))
	}
	rows := []fyne.CanvasObject{container.New(grid{widths}, head...)}
	for _, n := range t.Plan.Candidates {
		cells := []fyne.CanvasObject{kit.NewChip(n), kit.NewText(t.Candidate(n).Name).Clipped()}
		bytes, bpp, values := mean(t, n)
		if bytes == 0 {
			cells = append(cells, kit.Digits("–"), kit.Digits("–"))
		} else {
			cells = append(cells, kit.Digits(workbench.FormatCount(bytes)), kit.Digits(fmt.Sprintf("%.3f", bpp)))
		}
		for _, m := range metrics {
			cells = append(cells, kit.Digits(r.value(m, values)))
		}
		rows = append(rows, container.New(grid{widths}, cells...))
	}
	return kit.Column(kit.Gap, rows...)
}

// value writes a mean as the program writes the metric's values.
func (r *result) value(m votes.Metric, values map[string]float64) string {
	v, ok := values[m.ID]
	metric, err := r.s.wb.Tools().Metrics.Metric(m.ID)
	switch {
	case !ok:
		return "–"
	case err != nil:
		return fmt.Sprintf("%.4g", v)
	}
	return workbench.FormatQuality(metric.Info(), metric.Info().Display(v))
}

// mean averages a candidate's files over the pictures.
func mean(t *votes.Test, number int) (bytes int, bpp float64, values map[string]float64) {
	n, counts := 0, map[string]int{}
	values = map[string]float64{}
	for _, s := range t.Samples {
		if s.Candidate != number {
			continue
		}
		n++
		bytes, bpp = bytes+s.Bytes, bpp+s.BPP
		for id, v := range s.Values {
			values[id] += v
			counts[id]++
		}
	}
	for id := range values {
		values[id] /= float64(counts[id])
	}
	return bytes / max(n, 1), bpp / float64(max(n, 1)), values
}
