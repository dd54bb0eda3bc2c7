package workbench

import (
	"slices"
	"time"

	"codecworkbench/app/blind"
	"codecworkbench/codecs/picture"
)

// BlindPhase is what the blind test does.
type BlindPhase int

// The phases of a blind test.
const (
	BlindSetting   BlindPhase = iota // is set up
	BlindPreparing                   // makes its files
	BlindRunning                     // asks
	BlindDone                        // shows a result
)

// Blind is the state of the blind test. Test belongs to the workbench and is only read.
type Blind struct {
	Setup   BlindSetup
	Phase   BlindPhase
	Problem string        // what kept a test from beginning; empty: nothing
	Done    float64       // of the preparation, 0 to 1
	Left    time.Duration // of it, judged by the pictures so far; 0: nothing to judge by
	Now     string        // the picture that is prepared
	Test    *blind.Test   // that runs, or whose result is shown
	Trial   int           // the one that is asked, from 0
	Ready   bool          // its pictures are there
	Begun   bool          // they are on the screen
}

// blinding is the blind test of a workbench.
type blinding struct {
	setup   BlindSetup
	phase   BlindPhase
	problem string
	tests   []*blind.Test // with answers, the oldest first
	shown   *blind.Test   // the test that runs or whose result is shown
	run     *blindRun     // what is being prepared or asked; nil: nothing
	drawn   bool          // setup was proposed
}

const (
	// keptTests is how many tests a session keeps, the latest.
	keptTests = 20
	// defaultTrials is enough for 12 right answers to be more than guessing.
	defaultTrials = 16
)

// Blind returns the blind test's state.
func (w *Workbench) Blind() Blind {
	b := &w.blinding
	w.proposeBlind()
	out := Blind{Setup: b.setup, Phase: b.phase, Problem: b.problem, Test: b.shown}
	if r := b.run; r != nil {
		out.Now = r.now()
		out.Done = (float64(r.next) + float64(r.step)/float64(r.steps())) / float64(len(r.entries))
		if r.next > 0 {
			out.Left = time.Duration(float64(time.Since(r.start)) * (1 - out.Done) / out.Done)
		}
		if b.shown != nil {
			out.Trial = len(b.shown.Votes)
		}
		out.Ready = b.phase == BlindRunning && w.blindReady(out.Trial)
		out.Begun = !r.begun.IsZero()
	}
	return out
}

// BlindTests lists the tests with answers, the oldest first.
func (w *Workbench) BlindTests() []*blind.Test { return slices.Clone(w.blinding.tests) }

// StartBlind prepares a test and then asks its first question.
func (w *Workbench) StartBlind() {
	b := &w.blinding
	if b.phase == BlindPreparing || b.phase == BlindRunning {
		return
	}
	if err := w.CanBlind(); err != nil {
		b.phase, b.problem = BlindSetting, w.Plainly(err)
		w.notify(Blinds)
		return
	}
	b.phase, b.problem, b.shown = BlindPreparing, "", nil
	b.run = w.newBlindRun()
	w.forgetMaps()
	w.notify(Blinds)
	w.schedule()
}

// StopBlind ends the preparation of a test.
func (w *Workbench) StopBlind() {
	if w.blinding.phase == BlindPreparing {
		w.endBlindRun(BlindSetting, "")
	}
}

// endBlindRun leaves preparing or asking.
func (w *Workbench) endBlindRun(to BlindPhase, problem string) {
	b := &w.blinding
	b.run, b.phase, b.problem = nil, to, problem
	w.notify(Blinds)
	w.schedule()
}

// BlindPicture returns what a trial's place holds: A, B, X, or R for the original; nil
// where it holds nothing or is not there yet.
func (w *Workbench) BlindPicture(place rune) *picture.Picture {
	b := &w.blinding
	if b.phase != BlindRunning || len(b.shown.Votes) >= len(b.shown.Trials) {
		return nil
	}
	t := b.shown.Trials[len(b.shown.Votes)]
	number, ok := map[rune]int{'A': t.A, 'B': t.B, 'X': t.X, 'R': Original}[place]
	if !ok || number == 0 || place == 'R' && !b.shown.Reference {
		return nil
	}
	return b.run.pictures[blindKey{t.Picture, number}]
}

// BlindSeen starts a trial's clock: its pictures are on the screen.
func (w *Workbench) BlindSeen() {
	if r := w.blinding.run; r != nil && r.begun.IsZero() && w.Blind().Ready {
		r.begun, r.switches = time.Now(), 0
		w.notify(Blinds)
	}
}

// BlindSwitched counts that another picture is looked at.
func (w *Workbench) BlindSwitched() {
	if r := w.blinding.run; r != nil {
		r.switches++
	}
}

// AnswerBlind answers the present trial, seen at a zoom (device pixels a picture pixel).
// Answers before its pictures were seen are none.
func (w *Workbench) AnswerBlind(a blind.Answer, zoom float64) {
	b := &w.blinding
	if b.phase != BlindRunning || b.run.begun.IsZero() || a == blind.Tie && !b.shown.Ties {
		return
	}
	b.shown.Votes = append(b.shown.Votes, blind.Vote{Answer: a, Milliseconds: int(time.Since(b.run.begun).Milliseconds()), Zoom: zoom, Switches: b.run.switches})
	b.run.begun = time.Time{}
	if len(b.shown.Votes) == len(b.shown.Trials) {
		w.EndBlind()
		return
	}
	w.touched(Blinds)
}

// CanUndoBlind reports whether there is an answer to take back.
func (w *Workbench) CanUndoBlind() bool {
	b := &w.blinding
	return b.phase == BlindRunning && len(b.shown.Votes) > 0
}

// UndoBlind takes the last answer back and asks that trial again.
func (w *Workbench) UndoBlind() {
	if !w.CanUndoBlind() {
		return
	}
	t := w.blinding.shown
	t.Votes = t.Votes[:len(t.Votes)-1]
	w.blinding.run.begun = time.Time{}
	w.touched(Blinds)
}

// EndBlind ends a running test: its answers so far are its result. Without an answer it
// leaves nothing.
func (w *Workbench) EndBlind() {
	b := &w.blinding
	if b.phase != BlindRunning {
		return
	}
	if len(b.shown.Votes) == 0 {
		b.shown = nil
		w.endBlindRun(BlindSetting, "")
		return
	}
	b.tests = append(b.tests, b.shown)
	if n := len(b.tests); n > keptTests {
		b.tests = slices.Clone(b.tests[n-keptTests:])
	}
	w.endBlindRun(BlindDone, "")
	w.keepSession()
}

// ShowBlindTest shows the result of one of BlindTests.
func (w *Workbench) ShowBlindTest(i int) {
	b := &w.blinding
	if i < 0 || i >= len(b.tests) || b.run != nil {
		return
	}
	b.phase, b.shown = BlindDone, b.tests[i]
	w.notify(Blinds)
}

// ForgetBlindTest removes the test whose result is shown.
func (w *Workbench) ForgetBlindTest() {
	b := &w.blinding
	if b.phase != BlindDone {
		return
	}
	b.tests = slices.DeleteFunc(slices.Clone(b.tests), func(t *blind.Test) bool { return t == b.shown })
	w.keepSession()
	w.NewBlind()
}

// NewBlind goes from a result to the setup of another test.
func (w *Workbench) NewBlind() {
	b := &w.blinding
	if b.phase == BlindDone {
		b.phase, b.shown = BlindSetting, nil
		b.setup.Seed = newSeed()
		w.notify(Blinds)
	}
}

// RepeatBlind begins another test as it is set up, in another order.
func (w *Workbench) RepeatBlind() {
	w.NewBlind()
	w.StartBlind()
}

// sessionBlind is what a session keeps of blind tests.
type sessionBlind struct {
	Setup BlindSetup    `json:"setup"`
	Tests []*blind.Test `json:"tests,omitempty"`
}

// saveBlind is the setup and the tests with answers, that which runs among them; nil
// where nobody looked at blind tests.
func (w *Workbench) saveBlind() *sessionBlind {
	b := &w.blinding
	if !b.drawn {
		return nil
	}
	out := &sessionBlind{Setup: b.setup, Tests: slices.Clone(b.tests)}
	if b.phase == BlindRunning && len(b.shown.Votes) > 0 {
		running := *b.shown
		running.Votes = slices.Clone(running.Votes)
		out.Tests = append(out.Tests, &running)
	}
	return out
}

// restoreBlind takes what a session kept; tests that are broken are left out.
func (w *Workbench) restoreBlind(s *sessionBlind) {
	if s == nil || len(s.Tests) > 2*keptTests {
		return
	}
	if s.Setup.Kind == blind.ABX || s.Setup.Kind == blind.Choice {
		w.SetBlind(s.Setup)
	}
	for _, t := range s.Tests {
		if t != nil && len(t.Votes) > 0 && t.Check() == nil {
			w.blinding.tests = append(w.blinding.tests, t)
		}
	}
}
