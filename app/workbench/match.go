package workbench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
)

// Match puts candidates on equal terms: their qualities are searched until they have the
// leader's rate, or its value of a metric, or one that was typed.
type Match struct {
	On     bool   // locked: kept equal while anything changes
	Metric string // id; empty: the rate
	All    bool   // every candidate follows, not only those that are shown
	// Lead is the number of the candidate that the others follow: the one whose quality
	// was moved last. 0, or one that can't lead: the left one.
	Lead int `json:",omitempty"`
	// Fixed holds all to Target, in bits a pixel or as the metric measures it, instead of
	// to the leader.
	Fixed  bool    `json:",omitempty"`
	Target float64 `json:",omitempty"`
}

// matching is the state of the searches.
type matching struct {
	once     bool                 // equal terms are wanted once, without the lock
	last     map[int]matchGoal    // by slot: what was searched for last, found or not
	problems map[int]matchProblem // by slot: why a search found nothing
}

// matchGoal is what a search aims at.
type matchGoal struct {
	key    string // of everything that the search depends on
	target sweep.Target
}

// matchProblem says why the search for a goal found nothing.
type matchProblem struct{ key, text string }

// SetMatch changes what candidates are matched by, and whether they stay so.
func (w *Workbench) SetMatch(m Match) {
	if m == w.setup.Match && !w.matching.once {
		return
	}
	w.record("match")
	w.setup.Match = m
	w.startMatch(false)
}

// MatchOnce puts the candidates on equal terms without keeping them there.
func (w *Workbench) MatchOnce() {
	w.record("match")
	w.startMatch(true)
}

// StopMatch ends the search and the lock.
func (w *Workbench) StopMatch() {
	m := w.setup.Match
	m.On = false
	if m != w.setup.Match {
		w.SetMatch(m)
		return
	}
	w.startMatch(false)
}

func (w *Workbench) startMatch(once bool) {
	w.matching = matching{once: once, last: map[int]matchGoal{}, problems: map[int]matchProblem{}}
	w.touched(Slots)
}

// SetMatchTarget holds the candidates to a number, as it is displayed: a rate in bits a
// pixel, or a metric's value. Empty text lets them follow the leader again.
func (w *Workbench) SetMatchTarget(text string) error {
	m := w.setup.Match
	m.Fixed, m.Target = false, 0
	if text = strings.TrimSpace(text); text != "" {
		v, err := parseTarget(text, w.matchMetric())
		if err != nil {
			return err
		}
		m.Fixed, m.Target = true, v
	}
	w.SetMatch(m)
	return nil
}

// parseTarget reads a rate (m is nil), or a value as plots show it, and returns it as it
// is measured.
func parseTarget(text string, m metrics.Metric) (float64, error) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || m == nil && v <= 0 {
		return 0, fmt.Errorf("%q is no %s to match", text, map[bool]string{true: "rate", false: "value"}[m == nil])
	}
	if m != nil && m.Info().DB {
		v = 1 - math.Pow(10, -v/10) // the inverse of Info.Display
	}
	return v, nil
}

// matchMetric is the metric to match by; nil for the rate.
func (w *Workbench) matchMetric() metrics.Metric {
	if w.setup.Match.Metric == "" {
		return nil
	}
	m, err := w.config.Tools.Metrics.Metric(w.setup.Match.Metric)
	if err != nil {
		return nil
	}
	return m
}

// matchScope lists the candidates that take part: those that are shown, or all.
func (w *Workbench) matchScope() []Slot {
	var out []Slot
	for _, s := range w.byUrgency() {
		if s.Codec != "" && (w.setup.Match.All || w.Seen(s.Number)) {
			out = append(out, s)
		}
	}
	return out
}

// MatchLead returns the number of the candidate that the others follow; 0 where there is
// none.
func (w *Workbench) MatchLead() int {
	scope := w.matchScope()
	for _, n := range []int{w.setup.Match.Lead, w.setup.Left} {
		if slices.ContainsFunc(scope, func(s Slot) bool { return s.Number == n }) {
			return n
		}
	}
	if w.setup.Match.All && len(scope) > 0 {
		return scope[0].Number
	}
	return 0
}

// followers lists the candidates whose quality is searched, the most urgent first.
func (w *Workbench) followers() []Slot {
	lead := w.MatchLead()
	if w.setup.Match.Fixed {
		lead = 0
	}
	return slices.DeleteFunc(w.matchScope(), func(s Slot) bool {
		info, ok := w.Info(s)
		return !ok || s.File != nil || info.Quality == nil || s.Number == lead
	})
}

// CanMatch says why no candidate can be matched to another; nil if one can.
func (w *Workbench) CanMatch() error {
	scope := w.matchScope()
	right, _ := w.Slot(w.setup.Right)
	info, _ := w.Info(right)
	switch {
	case len(w.followers()) > 0 && (w.setup.Match.Fixed || w.MatchLead() != 0):
		return nil
	case len(scope) == 0 || w.MatchLead() == 0:
		return errors.New("show a candidate at the left: the original has no rate to match")
	case len(scope) == 1:
		return errors.New("show a second candidate: one alone has nothing to be matched to")
	case right.File != nil:
		return fmt.Errorf("%s is a finished file: its rate is fixed", right.File.Name)
	}
	return fmt.Errorf("%s has no quality to move", info.ID)
}

// matches reports whether candidates are to be on equal terms now.
func (w *Workbench) matches() bool { return w.setup.Match.On || w.matching.once }

// MatchTarget is what the candidates are held to, for people, and its unit; empty while
// the leader has no result.
func (w *Workbench) MatchTarget() (value, unit string) {
	target, ok := w.matchTarget()
	if !ok {
		return "", ""
	}
	if target.Metric == nil {
		return fmt.Sprintf("%.3f", target.BPP), "bpp"
	}
	info := target.Metric.Info()
	return FormatMetric(info, metrics.Value{Number: target.Value}), info.DisplayUnit()
}

// matchTarget is what the candidates are held to.
func (w *Workbench) matchTarget() (sweep.Target, bool) {
	m := w.setup.Match
	metric := w.matchMetric()
	if m.Metric != "" && metric == nil {
		return sweep.Target{}, false
	}
	if m.Fixed {
		if metric == nil {
			return sweep.Target{BPP: m.Target}, true
		}
		return sweep.Target{Metric: metric, Value: m.Target}, true
	}
	lead := w.runs[w.MatchLead()]
	if lead == nil || !lead.Fresh {
		return sweep.Target{}, false
	}
	if metric == nil {
		return sweep.Target{BPP: lead.Result.BPP}, true
	}
	v, ok := lead.Result.Values[metric.Info().ID]
	if !ok || math.IsNaN(v.Number) || math.IsInf(v.Number, 0) {
		return sweep.Target{}, false
	}
	return sweep.Target{Metric: metric, Value: v.Number}, true
}

// goalOf is what a candidate's quality is searched for; ok is false where it is not.
func (w *Workbench) goalOf(s Slot) (goal matchGoal, ok bool) {
	if w.pictures.pic == nil || !w.matches() {
		return matchGoal{}, false
	}
	if !slices.ContainsFunc(w.followers(), func(f Slot) bool { return f.Number == s.Number }) {
		return matchGoal{}, false
	}
	goal.target, ok = w.matchTarget()
	goal.key = fmt.Sprintf("%d\n%s\n%s\n%v %v", s.Number, w.curveKey(s), w.setup.Match.Metric, goal.target.BPP, goal.target.Value)
	return goal, ok
}

// nextMatch returns the search that a candidate needs; nil if it needs none.
func (w *Workbench) nextMatch(s Slot) *task {
	goal, ok := w.goalOf(s)
	if !ok || goal.key == w.matching.last[s.Number].key {
		return nil
	}
	c, p := w.codecOf(s), w.pictures.pic
	return &task{kind: matchTask, slot: s.Number, key: goal.key, do: func(t *task) func() {
		run, params, err := sweep.Search(t.ctx, c, p, s.Params, goal.target, w.reporter(t))
		if err != nil {
			return func() { w.unmatched(t, goal, err) }
		}
		return func() { w.matched(t, goal, newResult(run), params) }
	}}
}

// matched takes the setting that a search found, with its result.
func (w *Workbench) matched(t *task, goal matchGoal, result *Result, params codecs.Params) {
	if !w.wanted(t) {
		return
	}
	w.matching.last[t.slot] = goal
	delete(w.matching.problems, t.slot)
	i := w.setup.index(t.slot)
	s := w.setup.Slots[i]
	s.Params = params
	w.replace(i, s)
	result.key = w.resultKey(s)
	if have := w.cache.get(result.key); have != nil {
		result = have
	}
	w.keep(result)
	w.take(t.slot, result)
	w.rest()
	w.touched(Slots)
}

// unmatched takes the failure of a search. The candidate stays where it is until what is
// searched for changes.
func (w *Workbench) unmatched(t *task, goal matchGoal, err error) {
	if errors.Is(err, context.Canceled) || !w.wanted(t) {
		return
	}
	w.matching.last[t.slot] = goal
	if !errors.Is(err, codecs.ErrNotApplicable) { // which the candidate says itself
		w.matching.problems[t.slot] = matchProblem{goal.key, w.Plainly(err)}
	}
	w.rest()
	w.touched(Slots)
}

// rest ends a match that was wanted once when nothing is left to search.
func (w *Workbench) rest() {
	if w.matching.once && w.searched() == len(w.followers()) {
		w.matching.once = false
	}
}

// searched counts the candidates whose search is over.
func (w *Workbench) searched() (n int) {
	for _, s := range w.followers() {
		if goal, ok := w.goalOf(s); ok && goal.key == w.matching.last[s.Number].key {
			n++
		}
	}
	return n
}

// MatchProgress reports how many candidates are to be matched and for how many that was
// done; running says that there is something to wait for.
func (w *Workbench) MatchProgress() (done, total int, running bool) {
	if !w.matches() || w.CanMatch() != nil {
		return 0, 0, false
	}
	done, total = w.searched(), len(w.followers())
	return done, total, done < total && w.aimless() == ""
}

// aimless says why the leader gives nothing to match; empty where it does, or will.
func (w *Workbench) aimless() string {
	metric, lead := w.matchMetric(), w.MatchLead()
	if _, ok := w.matchTarget(); ok || metric == nil || !w.matches() {
		return ""
	}
	r := w.Run(lead)
	if s, ok := w.Slot(lead); ok && r.Fresh && r.Phase == Done {
		return fmt.Sprintf("%s has no %s that others could be matched to.", w.Title(s), metric.Info().Name)
	}
	return ""
}

// MatchProblem says why searches found nothing; empty if there is nothing to say.
func (w *Workbench) MatchProblem() string {
	var out []string
	if why := w.aimless(); why != "" {
		out = append(out, why)
	}
	for _, s := range w.followers() {
		if p := w.matching.problems[s.Number]; p.text != "" && p.key == w.matching.last[s.Number].key {
			if goal, ok := w.goalOf(s); !ok || goal.key == p.key {
				out = append(out, p.text)
			}
		}
	}
	return strings.Join(out, " ")
}

// led makes a candidate the one that the others follow, because its quality was moved by
// hand.
func (w *Workbench) led(number int) {
	m := &w.setup.Match
	if !m.On {
		w.matching.once = false
		return
	}
	if m.Fixed || number != w.MatchLead() {
		m.Fixed, m.Target, m.Lead = false, 0, number
	}
}
