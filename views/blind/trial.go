package blind

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	votes "codecworkbench/app/blind"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs/picture"
	"codecworkbench/views/compare"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// trial shows the pictures of a trial in one place, one at a time, and takes the answer.
// Nothing on it depends on which candidate is which.
type trial struct {
	s    *Screen
	root *fyne.Container
	pane *compare.Pane

	places       []rune // what can be looked at, in order: A, B and X or R
	looks        [3]*kit.Button
	answers      [3]*kit.Button // A, B, no difference
	confirm      *kit.Button
	undo, finish *kit.Button
	progress     *kit.Text
	question     *kit.Text
	bar          *kit.Bar
	row          *fyne.Container

	at       int // the trial on the screen; -1: none
	looking  int // place
	chosen   votes.Answer
	leaving  bool // Escape was pressed once
	fresh    bool // no trial of the test was on the screen yet
	built    map[*picture.Picture]*viewport.Pyramid
	building int // round of what is being built
	working  bool
	pressed  time.Time // when a place's key went down
	before   int       // the place that was looked at then
}

const (
	// pause is the least time of grey between two trials: so that the last picture of one
	// and the first of the next are not compared.
	pause = 300 * time.Millisecond
	// grey shows no picture.
	grey = -1
)

func newTrial(s *Screen, tips *kit.Tips) *trial {
	t := &trial{s: s, pane: compare.NewPane(), at: -1, built: map[*picture.Picture]*viewport.Pyramid{}}
	for i := range t.looks {
		t.looks[i] = kit.NewButton("", func() { t.look(i) })
	}
	t.looks[2].SetTip(tips, "Tap a key to look at a picture, hold it to look for so long")
	names := []votes.Answer{votes.A, votes.B, votes.Tie}
	for i, a := range names {
		t.answers[i] = kit.NewButton("", func() { t.choose(a) })
	}
	t.confirm = kit.NewButton("Answer", t.answer)
	t.confirm.Rank = kit.Primary
	t.confirm.Set("Answer", "Return")
	t.undo = kit.NewGhost("Undo", s.wb.UndoBlind)
	t.undo.Set("Undo", "Backspace")
	t.finish = kit.NewGhost("End", t.end)
	t.progress, t.question, t.bar = kit.Muted(""), kit.Strong(""), kit.NewBar()
	t.row = container.New(trialRow{t}, t.progress, t.bar, t.looks[0], t.looks[1], t.looks[2], t.question,
		t.answers[0], t.answers[1], t.answers[2], t.confirm, t.undo, t.finish)
	foot := kit.NewGround(kit.ColorPanel, 0, kit.Wide, 0, t.row)
	t.root = container.New(trialLayout{}, t.pane, foot, kit.NewGround(kit.ColorLine, 0, 0, 0, nil))
	return t
}

// trialLayout: the pictures, and a foot with a line over it.
type trialLayout struct{}

const footHeight = 92

func (trialLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(600, 400) }

func (trialLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := s.Height - footHeight
	o[0].Resize(fyne.NewSize(s.Width, y))
	o[1].Move(fyne.NewPos(0, y))
	o[1].Resize(fyne.NewSize(s.Width, footHeight))
	o[2].Move(fyne.NewPos(0, y))
	o[2].Resize(fyne.NewSize(s.Width, 1))
}

// trialRow lays the foot out: progress left, what is looked at over the answers in the
// middle, the way back right. Everything keeps its place whatever is chosen.
type trialRow struct{ t *trial }

func (trialRow) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(560, footHeight) }

func (l trialRow) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	t := l.t
	put := func(o fyne.CanvasObject, x, y, w float32) float32 {
		m := o.MinSize()
		o.Resize(fyne.NewSize(max(w, m.Width), m.Height))
		o.Move(fyne.NewPos(x, y))
		return x + max(w, m.Width) + kit.Space
	}
	const upper, lower, look, say = 13, 53, 104, 132
	put(t.progress, 0, upper+5, 0)
	t.bar.Resize(fyne.NewSize(110, 4))
	t.bar.Move(fyne.NewPos(0, lower+11))
	looks := float32(3*look + 2*kit.Space)
	if len(t.places) < 3 {
		looks = 2*look + kit.Space
	}
	x := (s.Width - looks) / 2
	for i := range t.places {
		x = put(t.looks[i], x, upper, look)
	}
	ties := t.answers[2].Visible()
	n := float32(2)
	if ties {
		n = 3
	}
	q, c := t.question.MinSize().Width, t.confirm.MinSize().Width
	width := q + kit.Wide + n*say + (n-1)*kit.Space + kit.Wide + c
	x = max((s.Width-width)/2, 122)
	put(t.question, x, lower+5, 0)
	x += q + kit.Wide
	x = put(t.answers[0], x, lower, say)
	x = put(t.answers[1], x, lower, say)
	if ties {
		x = put(t.answers[2], x, lower, say)
	}
	put(t.confirm, x+kit.Wide-kit.Space, lower, 0)
	u, f := t.undo.MinSize().Width, t.finish.MinSize().Width
	put(t.finish, s.Width-f, upper, 0)
	put(t.undo, s.Width-f-kit.Space-u, upper, 0)
}

// rest frees the pictures of the trial before.
func (t *trial) rest() {
	t.building++
	clear(t.built)
	t.pane.SetPictures(nil, nil, nil, false)
}

// begin makes the pane ready for a new test.
func (t *trial) begin() {
	t.at, t.chosen, t.leaving, t.working, t.fresh = -1, "", false, false, true
	t.pane.Flick(grey)
}

// update follows the model: the next trial's pictures are shown together, once all are
// there.
func (t *trial) update(b workbench.Blind) {
	test := b.Test
	t.places = []rune{'A', 'B'}
	if test.Plan.Kind == votes.ABX {
		t.places = append(t.places, 'X')
	} else if test.Reference {
		t.places = append(t.places, 'R')
	}
	if !b.Begun {
		if t.at >= 0 {
			t.at, t.chosen, t.leaving = -1, "", false
			t.pane.Flick(grey)
			t.later(pause, t.next)
		} else {
			t.next()
		}
	}
	t.label(b)
}

func (t *trial) later(d time.Duration, f func()) {
	round := t.building
	t.working = true
	time.AfterFunc(d, func() {
		t.s.wb.Post(func() {
			if round == t.building {
				t.working = false
				f()
			}
		})
	})
}

// next builds the pyramids of a trial and then shows it.
func (t *trial) next() {
	b := t.s.wb.Blind()
	if t.working || t.at >= 0 || !b.Ready || b.Begun {
		return
	}
	var missing []*picture.Picture
	wanted := map[*picture.Picture]bool{}
	for _, place := range t.places {
		p := t.s.wb.BlindPicture(place)
		if p == nil {
			return
		}
		if wanted[p] = true; t.built[p] == nil {
			missing = append(missing, p)
		}
	}
	for p := range t.built {
		if !wanted[p] {
			delete(t.built, p)
		}
	}
	if len(missing) == 0 {
		t.present(b)
		return
	}
	t.working = true
	t.building++
	round := t.building
	go func() {
		done := map[*picture.Picture]*viewport.Pyramid{}
		for _, p := range missing {
			if done[p] == nil {
				done[p], _ = viewport.NewPyramid(context.Background(), p.RGB8(), false) // only cancelling is an error
			}
		}
		t.s.wb.Post(func() {
			if round != t.building {
				return
			}
			t.working = false
			for p, pyramid := range done {
				t.built[p] = pyramid
			}
			t.next()
		})
	}()
}

// present puts the trial on the screen, beginning with A.
func (t *trial) present(b workbench.Blind) {
	var sources []*viewport.Pyramid
	for _, place := range t.places {
		sources = append(sources, t.built[t.s.wb.BlindPicture(place)])
	}
	p := t.s.wb.BlindPicture('A')
	t.pane.SetSettings(workbench.ViewSettings{Mode: workbench.Flicker, Gain: 1, NoGrid: true, Map: workbench.MapView{Strength: 100}})
	t.pane.SetPicture(p.Width(), p.Height())
	t.pane.SetPictures(sources, make([]int, len(sources)), nil, false)
	switch {
	case !b.Setup.SameView:
		t.pane.Fit()
	case t.fresh && t.s.StartView != nil:
		t.pane.Follow(t.s.StartView())
	}
	t.fresh = false
	t.at, t.looking, t.chosen = b.Trial, 0, ""
	t.pane.Flick(0)
	t.s.wb.BlindSeen()
}

// label writes the foot.
func (t *trial) label(b workbench.Blind) {
	test := b.Test
	t.progress.Set(fmt.Sprintf("Trial %d of %d", b.Trial+1, len(test.Trials)))
	t.bar.Set(float64(len(test.Votes)) / float64(len(test.Trials)))
	for i := range t.looks {
		show(t.looks[i], i < len(t.places))
		if i < len(t.places) {
			name := string(t.places[i])
			if name == "R" {
				name = "Original"
			}
			t.looks[i].Set(name, fmt.Sprint(i+1))
			t.looks[i].SetSelected(t.at >= 0 && t.looking == i)
			t.looks[i].SetDisabled(t.at < 0)
		}
	}
	names := [3]string{"A is better", "B is better", "No difference"}
	t.question.Set("Which is better?")
	if test.Reference {
		t.question.Set("Which is nearer to the original?")
		names[0], names[1] = "A is nearer", "B is nearer"
	}
	if test.Plan.Kind == votes.ABX {
		t.question.Set("Which is X?")
		names = [3]string{"X is A", "X is B"}
	}
	names[0], names[1], names[2] = "←  "+names[0], names[1]+"  →", "↓  "+names[2]
	for i, a := range []votes.Answer{votes.A, votes.B, votes.Tie} {
		t.answers[i].Set(names[i], "")
		t.answers[i].SetSelected(t.chosen == a)
		t.answers[i].SetDisabled(t.at < 0)
	}
	show(t.answers[2], test.Ties)
	t.confirm.SetDisabled(t.chosen == "")
	t.undo.SetDisabled(!t.s.wb.CanUndoBlind())
	end := "End"
	if t.leaving {
		end = "End? Once more"
	}
	t.finish.Set(end, "Esc")
	t.row.Refresh()
}

// refresh writes the foot again.
func (t *trial) refresh() {
	kit.Unfocus(t.pane)
	if b := t.s.wb.Blind(); b.Phase == workbench.BlindRunning {
		t.label(b)
	}
}

// look shows one of the pictures.
func (t *trial) look(place int) {
	if t.at < 0 || place >= len(t.places) {
		return
	}
	if t.looking != place {
		t.looking = place
		t.pane.Flick(place)
		t.s.wb.BlindSwitched()
	}
	t.refresh()
}

// choose marks an answer; Return gives it.
func (t *trial) choose(a votes.Answer) {
	b := t.s.wb.Blind()
	if t.at < 0 || a == votes.Tie && !b.Test.Ties {
		return
	}
	t.chosen, t.leaving = a, false
	t.refresh()
}

func (t *trial) answer() {
	if t.at >= 0 && t.chosen != "" {
		t.s.wb.AnswerBlind(t.chosen, t.pane.View().Scale)
		kit.Unfocus(t.pane)
	}
}

// end ends the test with the answers so far, the second time that it is asked for.
func (t *trial) end() {
	if t.leaving {
		t.s.wb.EndBlind()
		return
	}
	t.leaving = true
	t.refresh()
}
