package workbench

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"codecworkbench/app/blind"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// blindRun is a blind test that is prepared or asked. While there is one, nothing else is
// worked on: no picture comes later than another because of what ran beside it.
type blindRun struct {
	start    time.Time
	test     *blind.Test // without trials until it is prepared
	setup    BlindSetup
	slots    []Slot // of the candidates
	entries  []*Entry
	next     int              // of the entries: the one to be prepared
	step     int              // of its steps
	prepared []*blindPrepared // of the entries so far; those that can't take part are missing
	notes    []string

	// pictures are those of the present trial; kept those of others, as far as they fit.
	pictures map[blindKey]*picture.Picture
	kept     *cache[*blindDecoded]

	begun    time.Time // when the present trial's pictures were on the screen; zero: not yet
	switches int
}

// blindKey is a candidate on one of the test's pictures.
type blindKey struct{ picture, number int }

// blindDecoded is a decoded picture that waits for its trial.
type blindDecoded struct {
	key blindKey
	p   *picture.Picture
}

func (d *blindDecoded) cacheKey() string { return fmt.Sprint(d.key) }
func (d *blindDecoded) size() int64      { return int64(4 * d.p.Pixels()) }

// blindKept bounds the memory of pictures that wait: many small ones, but none so large
// that it could not be decoded while the trial before it is looked at.
const blindKept = 96 << 20

// blindPrepared is what a test needs of one picture.
type blindPrepared struct {
	entry   *Entry
	streams map[int]*codecs.Stream // by number; the original has none
	samples []blind.Sample
}

func (w *Workbench) newBlindRun() *blindRun {
	s := w.blinding.setup
	r := &blindRun{start: time.Now(), setup: s, pictures: map[blindKey]*picture.Picture{}, kept: newCache[*blindDecoded](blindKept)}
	r.test = &blind.Test{Plan: w.blindPlan(), Began: time.Now().UTC().Truncate(time.Second), Terms: w.BlindTermsText(s)}
	if s.Kind == blind.Choice {
		r.test.Reference, r.test.Ties = s.Reference, s.Ties
	}
	for _, n := range s.Candidates {
		slot, _ := w.Slot(n)
		r.slots = append(r.slots, slot)
		r.test.Candidates = append(r.test.Candidates, blind.Candidate{Number: n, Name: w.Title(slot), Codec: slot.Codec})
	}
	list, _ := w.known(w.table)
	for _, m := range list {
		r.test.Metrics = append(r.test.Metrics, blind.Metric{ID: m.Info().ID, Name: m.Info().Name, Lower: m.Info().Lower})
	}
	r.entries = []*Entry{w.pictures.entries[w.pictures.current]}
	if s.All {
		r.entries = slices.Clone(w.pictures.entries)
	}
	return r
}

// now names the picture that is prepared.
func (r *blindRun) now() string {
	if r.next < len(r.entries) {
		return r.entries[r.next].Name
	}
	return ""
}

// blindReady reports whether all pictures of a trial are there, and holds them for it.
func (w *Workbench) blindReady(trial int) bool {
	r := w.blinding.run
	if r == nil || trial >= len(w.blinding.shown.Trials) {
		return false
	}
	for _, key := range w.blindNeeds(trial) {
		if r.pictures[key] == nil {
			return false
		}
	}
	return true
}

// blindNeeds lists what a trial shows.
func (w *Workbench) blindNeeds(trial int) []blindKey {
	t := w.blinding.shown.Trials[trial]
	keys := []blindKey{{t.Picture, t.A}, {t.Picture, t.B}}
	if w.blinding.shown.Reference {
		keys = append(keys, blindKey{t.Picture, Original})
	}
	return keys
}

// nextBlind returns what the blind test needs next; nil if it needs nothing.
func (w *Workbench) nextBlind() *task {
	r := w.blinding.run
	if w.blinding.phase == BlindPreparing {
		return w.prepareBlind(r, r.next)
	}
	now := len(w.blinding.shown.Votes)
	maps.DeleteFunc(r.pictures, func(k blindKey, _ *picture.Picture) bool { return !slices.Contains(w.blindNeeds(now), k) })
	for trial := now; trial < min(now+2, len(w.blinding.shown.Trials)); trial++ {
		for _, key := range w.blindNeeds(trial) {
			have := r.kept.get(fmt.Sprint(key))
			if trial == now && have != nil {
				r.pictures[key] = have.p
			}
			if have == nil && r.pictures[key] == nil && (trial == now || w.fitsKept(r)) {
				return w.decodeBlind(r, key)
			}
		}
	}
	return nil
}

// fitsKept reports whether a picture of the test can wait for its trial.
func (w *Workbench) fitsKept(r *blindRun) bool {
	for _, p := range r.pictures {
		return 4*p.Pixels() <= blindKept/4
	}
	return true
}

// blindWanted reports whether a task belongs to the blind test that runs.
func (w *Workbench) blindWanted(t *task) bool {
	return w.blinding.run != nil && t.key == w.blinding.run.key()
}

// key tells the tasks of one run from those of another.
func (r *blindRun) key() string { return fmt.Sprintf("blind %p", r) }

// decodeBlind returns the task that decodes one picture for the trials.
func (w *Workbench) decodeBlind(r *blindRun, key blindKey) *task {
	prepared, samples := r.prepared[key.picture], w.config.Samples
	entry := *prepared.entry // its picture may be dropped meanwhile
	stream := prepared.streams[key.number]
	slot := r.slots[max(slices.IndexFunc(r.slots, func(s Slot) bool { return s.Number == key.number }), 0)]
	codec := w.codecOf(slot)
	return &task{kind: blindTask, key: r.key(), do: func(t *task) func() {
		p, err := entry.pic, error(nil)
		switch {
		case key.number != Original:
			var out *codecs.Result
			if out, err = codec.Decode(t.ctx, stream, codecs.DecodeOptions{}); err == nil {
				p = out.Picture
			}
		case p == nil:
			p, err = entry.read(samples)
		}
		return func() {
			if !w.blindWanted(t) {
				return
			}
			if err != nil {
				w.blindBroke(fmt.Errorf("a picture of the test can't be decoded: %w", err))
				return
			}
			d := &blindDecoded{key, p.OnWhite()}
			r.kept.put(d)
			if slices.Contains(w.blindNeeds(len(w.blinding.shown.Votes)), key) {
				r.pictures[key] = d.p
			}
			w.notify(Blinds)
		}
	}}
}

// blindBroke ends a test that can't go on; answers so far are kept.
func (w *Workbench) blindBroke(err error) {
	if w.blinding.phase == BlindRunning && len(w.blinding.shown.Votes) > 0 {
		w.Fail(err)
		w.EndBlind()
		return
	}
	w.blinding.shown = nil
	w.endBlindRun(BlindSetting, w.Plainly(err))
}

// prepareBlind returns the task that makes and measures the files of one picture.
func (w *Workbench) prepareBlind(r *blindRun, i int) *task {
	e, samples := *r.entries[i], w.config.Samples
	have := map[int]*blindTrying{}
	if i := w.pictures.current; e.pic != nil && e.pic == w.pictures.pic && i < len(w.pictures.entries) {
		for _, s := range r.slots {
			if run := w.runs[s.Number]; run != nil && run.Fresh && run.Result != nil {
				have[s.Number] = tryingOf(w.codecOf(s), run.Result, s.Params)
			}
		}
	}
	return &task{kind: blindTask, key: r.key(), do: func(t *task) func() {
		work := &blindWork{w: w, run: r, have: have, tell: func(step int) {
			w.config.Post(func() {
				if w.blindWanted(t) {
					r.step = step
					w.notify(Blinds)
				}
			})
		}}
		p, err := e.pic, error(nil)
		if p == nil {
			p, err = e.read(samples)
		}
		var out *blindPrepared
		if err == nil {
			out, err = work.prepare(t.ctx, p)
		}
		if err != nil && t.ctx.Err() != nil {
			return nil
		}
		return func() { w.blindPrepared(t, r.entries[i], out, err) }
	}}
}

// blindPrepared takes the files of one picture; a picture that can't take part is left
// out and told. After the last one the trials begin.
func (w *Workbench) blindPrepared(t *task, e *Entry, out *blindPrepared, err error) {
	if !w.blindWanted(t) {
		return
	}
	r := w.blinding.run
	r.next++
	r.step = 0
	if err != nil {
		r.notes = append(r.notes, fmt.Sprintf("%s is left out. %s", e.Name, w.Plainly(err)))
	} else {
		out.entry = e
		for i := range out.samples {
			out.samples[i].Picture = len(r.prepared)
		}
		r.prepared = append(r.prepared, out)
		r.test.Pictures = append(r.test.Pictures, e.Name)
		r.test.Samples = append(r.test.Samples, out.samples...)
	}
	if r.next < len(r.entries) {
		w.notify(Blinds)
		return
	}
	if len(r.prepared) == 0 {
		problem := "No picture can take part."
		if len(r.notes) == 1 {
			problem = w.Plainly(err)
		}
		w.endBlindRun(BlindSetting, problem)
		return
	}
	r.test.Plan.Pictures, r.test.Notes = len(r.prepared), r.notes
	trials, err := r.test.Plan.Draw()
	if err != nil {
		w.endBlindRun(BlindSetting, w.Plainly(err))
		return
	}
	r.test.Trials = trials
	w.blinding.phase, w.blinding.shown = BlindRunning, r.test
	w.parkPictures()
	w.notify(Blinds)
}
