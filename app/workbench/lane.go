package workbench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"codecworkbench/codecs"
)

// lane runs one task at a time, the most urgent first, so that times are measured
// alone: what is shown is coded first, then mapped and measured, then the other
// candidates, then the curves.
type lane struct {
	task      *task
	cancelled time.Time // when a task was last cancelled: it may still wind down
}

// task is one piece of work. Its do runs on another goroutine and returns what is
// to be done with the outcome on the interface's thread.
type task struct {
	kind   taskKind
	slot   int
	key    string // of the result or curve point that it is for
	start  time.Time
	ctx    context.Context
	cancel context.CancelFunc
	finish chan struct{} // closed: the encoder may stop improving
	ended  bool          // finish is closed
	stale  bool          // nobody waits for the outcome any more
	limit  *time.Timer   // cancels it when it is stale
	do     func(t *task) func()
}

type taskKind int

const (
	blindTask taskKind = iota
	codeTask
	matchTask
	mapTask
	measureTask
	curveTask
)

// How long a run for an earlier setting may go on, so that pictures are shown while a
// slider moves.
const (
	grace   = 150 * time.Millisecond // in any case
	longest = 500 * time.Millisecond // while the setting moves,
	rest    = 80 * time.Millisecond  // until it has not moved for this long
)

// noticeable is how long a run goes on before it is worth a way to stop it.
const noticeable = 700 * time.Millisecond

// schedule starts the most urgent work, or cancels what runs in its way.
func (w *Workbench) schedule() {
	if w.closed {
		return
	}
	if w.lane.task != nil {
		w.yield(w.lane.task)
		return
	}
	t := w.next()
	if t == nil {
		return
	}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.start = time.Now()
	t.finish = make(chan struct{})
	w.lane.task = t
	w.notify(Progress)
	w.remind(t)
	go func() {
		apply := w.guard(t)
		w.config.Post(func() { w.ended(t, apply) })
	}()
}

// remind tells that a task goes on, for as long as it does: how long it will take is
// told from the time that has passed.
func (w *Workbench) remind(t *task) {
	w.later(noticeable, func() {
		if w.lane.task == t {
			w.notify(Progress)
			w.remind(t)
		}
	})
}

// guard turns a codec's panic into a failed run.
func (w *Workbench) guard(t *task) (apply func()) {
	defer func() {
		if p := recover(); p != nil {
			apply = func() { w.failed(t, fmt.Errorf("internal error: %v", p)) }
		}
	}()
	return t.do(t)
}

// ended applies a task's outcome and starts the next.
func (w *Workbench) ended(t *task, apply func()) {
	if t.ctx.Err() != nil {
		w.lane.cancelled = time.Now()
	}
	t.cancel()
	w.lane.task = nil
	if w.closed {
		return
	}
	if apply != nil {
		apply()
	}
	w.notify(Progress)
	w.schedule()
}

// yield cancels the running task where its outcome is no longer wanted, or where
// more urgent work waits.
func (w *Workbench) yield(t *task) {
	if t.ctx.Err() != nil {
		return
	}
	if t.stale {
		t.goOn()
		return
	}
	if w.wanted(t) {
		if urgent := w.next(); urgent != nil && t.kind >= mapTask && urgent.kind < t.kind {
			t.cancel()
		}
		return
	}
	if t.kind != codeTask || w.Run(t.slot).Phase == Cancelled {
		t.cancel()
		return
	}
	t.stale = true
	t.goOn()
}

// goOn lets a stale task go on for a while.
func (t *task) goOn() {
	age := time.Since(t.start)
	left := max(grace-age, min(rest, longest-age), 0)
	if t.limit == nil {
		t.limit = time.AfterFunc(left, t.cancel)
		return
	}
	t.limit.Reset(left)
}

// wanted reports whether a task's outcome still has a use.
func (w *Workbench) wanted(t *task) bool {
	switch t.kind {
	case curveTask:
		return w.curveWanted(t)
	case blindTask:
		return w.blindWanted(t)
	}
	s, ok := w.Slot(t.slot)
	if !ok || w.Run(t.slot).Phase == Cancelled {
		return false
	}
	switch t.kind {
	case matchTask:
		goal, ok := w.goalOf(s)
		return ok && goal.key == t.key
	case mapTask:
		return w.mapWanted(t)
	}
	return w.resultKey(s) == t.key
}

// next returns the most urgent work, nil if there is none. It also takes results
// from the cache where they are. While a blind test runs, all else waits.
func (w *Workbench) next() *task {
	if w.blinding.run != nil {
		return w.nextBlind()
	}
	if w.pictures.pic == nil {
		return nil
	}
	order, shown := w.byUrgency(), len(w.Panes())
	for i, s := range order {
		if i >= shown { // a search ends with the result that is wanted
			if t := w.nextMatch(s); t != nil {
				return t
			}
		}
		if t := w.nextCode(s); t != nil {
			return t
		}
		if i == shown-1 {
			// What is shown comes first in everything.
			if t := w.nextShown(order[:shown]); t != nil {
				return t
			}
		}
	}
	for _, s := range order {
		if t := w.nextMeasure(s); t != nil {
			return t
		}
	}
	return w.nextCurve()
}

// nextShown returns the matching, mapping and measuring of the shown slots.
func (w *Workbench) nextShown(shown []Slot) *task {
	for _, s := range shown {
		if t := w.nextMatch(s); t != nil {
			return t
		}
	}
	for _, s := range shown {
		if t := w.nextMap(s); t != nil {
			return t
		}
	}
	for _, s := range shown {
		if t := w.nextMeasure(s); t != nil {
			return t
		}
	}
	return nil
}

// byUrgency lists the slots: the active one, the others that are shown, the rest.
func (w *Workbench) byUrgency() []Slot {
	slots := w.setup.clone().Slots
	panes := w.Panes()
	rank := func(s Slot) int {
		switch {
		case s.Number == w.setup.Active:
			return 0
		case slices.Contains(panes, s.Number):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(slots, func(a, b Slot) int { return rank(a) - rank(b) })
	return slots
}

func (w *Workbench) nextCode(s Slot) *task {
	c := w.codecOf(s)
	r := w.runs[s.Number]
	if c == nil || r == nil || r.Fresh || r.Phase == Failed || r.Phase == Cancelled {
		return nil
	}
	key := w.resultKey(s)
	if have := w.cache.get(key); have != nil {
		w.take(s.Number, have)
		return nil
	}
	if time.Now().Before(r.notBefore) {
		return nil
	}
	p, parked := w.pictures.pic, w.parked.get(key)
	beside := w.sweeping.state.Running || time.Since(w.lane.cancelled) < time.Second
	return &task{kind: codeTask, slot: s.Number, key: key, do: func(t *task) func() {
		if parked != nil {
			result, err := parked.decodedAgain(t.ctx, c)
			if err != nil {
				return func() { w.failed(t, err) }
			}
			return func() { w.coded(t, result) }
		}
		o := codecs.EncodeOptions{Params: s.Params, On: w.reporter(t), Finish: t.finish}
		result, err := code(t.ctx, c, s, p, o)
		if err != nil {
			return func() { w.failed(t, err) }
		}
		result.key, result.Beside = t.key, beside
		return func() { w.coded(t, result) }
	}}
}

// reporter returns a progress callback that posts at most ten times a second.
func (w *Workbench) reporter(t *task) func(codecs.Progress) {
	var last atomic.Int64
	return func(p codecs.Progress) {
		now := time.Now().UnixNano()
		before := last.Load()
		if now-before < int64(100*time.Millisecond) || !last.CompareAndSwap(before, now) {
			return
		}
		w.config.Post(func() {
			if r := w.runs[t.slot]; r != nil && w.lane.task == t && !t.stale {
				r.Done, r.Total = p.Done, p.Total
				if p.Preview != nil {
					r.Preview = p.Preview
					w.notify(Results)
				}
				w.notify(Progress)
			}
		})
	}
}

// coded takes the outcome of a codeTask, also of one for an earlier setting, which
// is shown until the present one's comes.
func (w *Workbench) coded(t *task, result *Result) {
	w.keep(result)
	s, ok := w.Slot(t.slot)
	if !ok {
		return
	}
	if w.resultKey(s) == t.key {
		w.take(t.slot, result)
		return
	}
	if r := w.runs[t.slot]; r != nil && !r.Fresh && result.Reference.Pixels() == w.pictures.pic.Pixels() && t.stale {
		r.Result = result
		w.notify(Results)
	}
}

// take makes a result the present one of a slot.
func (w *Workbench) take(number int, result *Result) {
	r := w.runs[number]
	if r == nil {
		return
	}
	r.Result, r.Fresh, r.Err, r.Preview = result, true, nil, nil
	r.Phase = Measuring
	if w.missing(number, result) == nil {
		r.Phase = Done
	}
	w.notify(Results)
}

func (w *Workbench) failed(t *task, err error) {
	if errors.Is(err, context.Canceled) || t.stale || !w.wanted(t) {
		return
	}
	if t.kind == blindTask {
		w.blindBroke(err)
		return
	}
	if t.kind == curveTask {
		w.curveFailed(t, err)
		return
	}
	if t.kind == mapTask {
		w.mapFailed(t, err)
		return
	}
	if t.kind == matchTask { // a search that broke
		s, _ := w.Slot(t.slot)
		if goal, ok := w.goalOf(s); ok {
			w.unmatched(t, goal, err)
		}
		return
	}
	if r := w.runs[t.slot]; r != nil {
		r.Phase, r.Err, r.Preview = Failed, err, nil
		w.notify(Results)
	}
}

// CancelRun stops a candidate's encoding until its setting changes or Retry is called.
func (w *Workbench) CancelRun(number int) {
	r := w.runs[number]
	if t := w.lane.task; t != nil && t.kind == matchTask && t.slot == number {
		w.StopMatch()
		return
	}
	if r == nil || r.Phase == Done || r.Phase == Failed {
		return
	}
	r.Phase, r.Preview = Cancelled, nil
	w.notify(Results | Progress)
	w.schedule()
}

// FinishRun asks a candidate's encoder to stop improving and keep what it has.
func (w *Workbench) FinishRun(number int) {
	if t := w.lane.task; t != nil && t.slot == number && t.kind == codeTask && !t.ended {
		t.ended = true
		close(t.finish)
	}
}

// Retry runs a failed or cancelled candidate again.
func (w *Workbench) Retry(number int) {
	if r := w.runs[number]; r != nil && (r.Phase == Failed || r.Phase == Cancelled) {
		r.reset()
		w.touched(Results)
	}
}

// Working returns the candidate that is being coded, matched or measured, 0 if none.
func (w *Workbench) Working() (number int, phase Phase) {
	t := w.lane.task
	if t == nil || t.kind == curveTask || t.kind == mapTask || t.kind == blindTask {
		return 0, Waiting
	}
	return t.slot, map[taskKind]Phase{codeTask: Coding, matchTask: Matching, measureTask: Measuring}[t.kind]
}

// Slow reports whether what Working returns has gone on for so long that people
// want to stop it.
func (w *Workbench) Slow() bool {
	return w.lane.task != nil && time.Since(w.lane.task.start) >= noticeable
}

// RunLeft estimates how long a candidate's encoding will go on; 0: there is nothing
// to judge by.
func (w *Workbench) RunLeft(number int) time.Duration {
	r, t := w.runs[number], w.lane.task
	if r == nil || t == nil || t.slot != number || t.kind != codeTask || r.Done <= 0 || r.Done >= r.Total {
		return 0
	}
	return time.Duration(float64(time.Since(t.start)) * float64(r.Total-r.Done) / float64(r.Done))
}

// Idle reports whether nothing runs and nothing waits.
func (w *Workbench) Idle() bool { return w.lane.task == nil && w.opening == 0 && w.next() == nil }
