package workbench

import (
	"fmt"
	"math"
	"strings"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
)

// Match keeps the right candidate at the left one's rate, or at its value of a
// metric, by searching the right one's quality.
type Match struct {
	On     bool
	Metric string // id; empty: the rate
}

// matchGoal is what a search aims at.
type matchGoal struct {
	key    string // of everything that the search depends on
	target sweep.Target
	text   string // for people: "0.229 bpp"
}

// SetMatch switches the matching on or off and says by what: a metric's id, or
// empty for the rate.
func (w *Workbench) SetMatch(m Match) {
	if m == w.setup.Match {
		return
	}
	w.record("match")
	w.setup.Match = m
	w.lastMatch = matchGoal{}
	w.noMatch = matchProblem{}
	w.touched(Slots)
}

// matchProblem says why a search found nothing, for as long as the same two are shown.
type matchProblem struct{ key, text string }

// matchKey identifies what is matched: the two shown slots on the current picture.
func (w *Workbench) matchKey() string {
	left, _ := w.Slot(w.setup.Left)
	right, _ := w.Slot(w.setup.Right)
	return w.curveKey(left).String() + "\n" + w.curveKey(right).String()
}

// MatchProblem says why the last search found nothing; empty if there is nothing to say.
func (w *Workbench) MatchProblem() string {
	if w.setup.Match.On || w.noMatch.key != w.matchKey() {
		return ""
	}
	return w.noMatch.text
}

// CanMatch says why the right candidate can't be matched to the left one; nil if
// it can.
func (w *Workbench) CanMatch() error {
	left, _ := w.Slot(w.setup.Left)
	right, _ := w.Slot(w.setup.Right)
	info, ok := w.Info(right)
	switch {
	case left.Codec == "":
		return fmt.Errorf("show a candidate at the left: the original has no rate to match")
	case !ok:
		return fmt.Errorf("show a candidate at the right: the original can't change its rate")
	case right.File != nil:
		return fmt.Errorf("%s is a finished file: its rate is fixed", right.File.Name)
	case info.Quality == nil:
		return fmt.Errorf("%s has no quality to move", info.ID)
	case left.Number == right.Number:
		return fmt.Errorf("the same candidate is at both sides")
	}
	return nil
}

// MatchTarget is what the right candidate is held to, for people; empty while the
// left one has no result.
func (w *Workbench) MatchTarget() string {
	if goal, ok := w.goal(); ok {
		return goal.text
	}
	return ""
}

// goal returns what the left candidate asks of the right one.
func (w *Workbench) goal() (matchGoal, bool) {
	if w.pictures.pic == nil || w.CanMatch() != nil {
		return matchGoal{}, false
	}
	left := w.runs[w.setup.Left]
	if left == nil || !left.Fresh {
		return matchGoal{}, false
	}
	right, _ := w.Slot(w.setup.Right)
	g := matchGoal{key: fmt.Sprintf("%d\n%s\n%s\n%s", right.Number, w.curveKey(right), left.Result.key, w.setup.Match.Metric)}
	if w.setup.Match.Metric == "" {
		g.target.BPP = left.Result.BPP
		g.text = fmt.Sprintf("%.3f bpp", left.Result.BPP)
		return g, true
	}
	m, err := w.config.Tools.Metrics.Metric(w.setup.Match.Metric)
	if err != nil {
		return matchGoal{}, false
	}
	v, ok := left.Result.Values[w.setup.Match.Metric]
	if !ok || math.IsNaN(v.Number) || math.IsInf(v.Number, 0) {
		return matchGoal{}, false
	}
	g.target.Metric, g.target.Value = m, v.Number
	g.text = strings.TrimSpace(FormatMetric(m.Info(), v) + " " + m.Info().DisplayUnit())
	return g, true
}

// matchGoal returns the goal of a search that has to run.
func (w *Workbench) matchGoal() (matchGoal, bool) {
	if !w.setup.Match.On {
		return matchGoal{}, false
	}
	return w.goal()
}

func (w *Workbench) nextMatch() *task {
	goal, ok := w.matchGoal()
	if !ok || goal.key == w.lastMatch.key {
		return nil
	}
	s, _ := w.Slot(w.setup.Right)
	c, p := w.codecOf(s), w.pictures.pic
	return &task{kind: matchTask, slot: s.Number, key: goal.key, do: func(t *task) func() {
		run, params, err := sweep.Search(t.ctx, c, p, s.Params, goal.target, w.reporter(t))
		if err != nil {
			return func() {
				if t.ctx.Err() == nil {
					w.lastMatch = goal
				}
				w.failed(t, err)
			}
		}
		return func() { w.matched(t, goal, newResult(run), params) }
	}}
}

// matched takes the setting that a search found, with its result.
func (w *Workbench) matched(t *task, goal matchGoal, result *Result, params codecs.Params) {
	if !w.wanted(t) {
		return
	}
	w.lastMatch = goal
	i := w.setup.index(t.slot)
	s := w.setup.Slots[i]
	s.Params = params
	w.replace(i, s)
	result.key = w.resultKey(s)
	if have := w.cache.get(result.key); have != nil {
		result = have
	}
	w.cache.put(result)
	w.take(t.slot, result)
	w.touched(Slots)
}
