package workbench

import (
	"math"
	"slices"
	"time"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// curveEntries lists the pictures that curves are wanted of: the current one, and
// behind it the others that are open where a mean is shown.
func (w *Workbench) curveEntries() []*Entry {
	list := w.pictures.entries
	at := slices.IndexFunc(list, func(e *Entry) bool { return e.pic != nil && e.pic == w.pictures.pic })
	if at < 0 {
		return nil
	}
	w.noteHash(list[at], list[at].pic)
	if w.setup.Plot.Scope == OnePicture {
		return list[at : at+1]
	}
	return append(slices.Clone(list[at:]), list[:at]...)
}

// noteHash remembers by what an entry's curves are known.
func (w *Workbench) noteHash(e *Entry, p *picture.Picture) {
	if !e.hashed {
		e.hash, e.hashed = p.Hash(), true
	}
}

// nextOfSet returns the next work on the pictures that are not the current one: to read
// one, or a point of its curves.
func (w *Workbench) nextOfSet(slots []Slot, list []metrics.Metric) *task {
	if len(slots) == 0 {
		return nil
	}
	entries := w.curveEntries()
	for i, e := range entries {
		if i == 0 || e.unread {
			continue
		}
		if e.hashed && w.entryComplete(e, slots) {
			continue
		}
		p := e.pic
		if p == nil && w.curve.near == e {
			p = w.curve.pic
		}
		if p == nil || !e.hashed {
			return w.readNear(e)
		}
		for _, s := range slots {
			if t := w.nextPoint(s, w.curveAt(s, w.curveKeyOn(s, e.hash)), p, list); t != nil {
				return t
			}
		}
	}
	return nil
}

// entryComplete reports whether no curve of a picture needs more work.
func (w *Workbench) entryComplete(e *Entry, slots []Slot) bool {
	for _, s := range slots {
		c := w.curveAt(s, w.curveKeyOn(s, e.hash))
		for i := range c.Qs {
			if !w.complete(c, i) {
				return false
			}
		}
	}
	return true
}

// readNear returns the task of reading a picture of the set.
func (w *Workbench) readNear(e *Entry) *task {
	known := e.pic
	samples := w.config.Samples
	return &task{kind: curveTask, key: readKey(e), do: func(*task) func() {
		p, err := known, error(nil)
		if p == nil {
			p, err = e.read(samples)
		}
		if err == nil {
			p.Hash()
		}
		return func() {
			if err != nil {
				e.unread = true // the list says why once it is chosen
				w.notify(Curves)
				return
			}
			w.noteHash(e, p)
			w.curve.near, w.curve.pic = e, p
		}
	}}
}

func readKey(e *Entry) string { return "read\n" + e.Path + "\n" + e.Name }

// read opens the entry's picture.
func (e *Entry) read(samples []Sample) (*picture.Picture, error) {
	if e.sample >= 0 {
		return samples[e.sample].Open()
	}
	if e.open != nil {
		return e.open()
	}
	return picture.Open(e.Path)
}

// curveWithKey finds the curve that a task works on; nil for tasks of other kinds.
func (w *Workbench) curveWithKey(key string) *Curve {
	for _, s := range w.curveSlots() {
		for _, e := range w.curveEntries() {
			if k := w.curveKeyOn(s, e.hash); e.hashed && k.String() == key {
				return w.curveAt(s, k)
			}
		}
	}
	return nil
}

// curveWanted reports whether a task's outcome still has a use.
func (w *Workbench) curveWanted(t *task) bool {
	if w.peekWanted(t) {
		return true
	}
	if w.curve.stopped {
		return false
	}
	return w.curveWithKey(t.key) != nil ||
		slices.ContainsFunc(w.curveEntries(), func(e *Entry) bool { return readKey(e) == t.key })
}

// CurveProgress says how far the curves are.
type CurveProgress struct {
	Done, Total int           // points
	Ready, Set  int           // pictures whose curves are complete, of how many
	Left        time.Duration // an estimate; 0 while there is nothing to judge by
	Stopped     bool          // by the user
}

// CurveProgress returns how far the curves are, of the current picture or of all that
// are open where a mean is shown.
func (w *Workbench) CurveProgress() CurveProgress {
	p := CurveProgress{Stopped: w.curve.stopped}
	if w.pictures.pic == nil {
		return p
	}
	slots, entries := w.curveSlots(), w.curveEntries()
	var took time.Duration
	runs := 0
	left := make([]int, len(slots))
	each := make([]time.Duration, len(slots))
	for _, e := range entries {
		open := 0
		for k, s := range slots {
			c := w.curveAt(s, w.curveKeyOn(s, e.hash))
			n := 0
			for i := range c.Qs {
				if !e.unread && (!e.hashed || !w.complete(c, i)) {
					n++
				}
			}
			open += n
			left[k] += n
			p.Total += len(c.Qs)
			p.Done += len(c.Qs) - n
			took, runs = took+c.took, runs+c.runs
			if c.runs > 0 {
				each[k] = c.took / time.Duration(c.runs)
			}
		}
		if !e.unread {
			p.Set++
			if open == 0 {
				p.Ready++
			}
		}
	}
	if runs == 0 {
		return p
	}
	for k, n := range left {
		if each[k] == 0 {
			each[k] = took / time.Duration(runs)
		}
		p.Left += time.Duration(n) * each[k]
	}
	return p
}

// SetSize is over how many pictures a mean would be.
func (w *Workbench) SetSize() int { return len(w.pictures.entries) }

// CurveSet returns the candidates' curves on the current picture as rd.Curves, named as
// on the command line, for figures and files.
func (w *Workbench) CurveSet() (curves []rd.Curve, numbers []int) { return w.curveSet(nil) }

// curveSet returns the candidates' curves: means over several pictures or, where there
// are fewer than two, those of the current one.
func (w *Workbench) curveSet(set []*Entry) (curves []rd.Curve, numbers []int) {
	if w.pictures.pic == nil {
		return nil, nil
	}
	slots := w.curveSlots()
	slices.SortFunc(slots, func(a, b Slot) int { return a.Number - b.Number })
	for _, s := range slots {
		info, _ := w.Info(s)
		c := rd.Curve{Name: w.specName(s), Description: info.Name,
			Meta: map[string]any{"program": w.config.Program, "codec": info.ID, "codec_version": info.Version,
				"machine": sweep.Machine(), "timing": "one job at a time, single runs"}}
		if len(set) > 1 {
			for _, e := range set {
				image := rd.ImageCurve{Name: e.Name, Hash: e.hash.String(), Points: w.curveAt(s, w.curveKeyOn(s, e.hash)).ladder()}
				c.Images = append(c.Images, image)
			}
			c.Points, _ = rd.Mean(c.Images, rd.MeanOptions{})
		} else {
			c.Points = w.curveOf(s).Finished()
			c.Images = []rd.ImageCurve{{Name: w.pictures.pic.Source().Name, Hash: w.pictures.pic.Hash().String(), Points: c.Points}}
		}
		curves, numbers = append(curves, c), append(numbers, s.Number)
	}
	return curves, numbers
}

// readyEntries lists the pictures of the set that all curves are complete on: a mean
// must be over the same pictures for all candidates.
func (w *Workbench) readyEntries() []*Entry {
	if w.setup.Plot.Scope == OnePicture {
		return nil
	}
	var out []*Entry
	slots := w.curveSlots()
	for _, e := range w.curveEntries() {
		if e.hashed && w.entryComplete(e, slots) {
			out = append(out, e)
		}
	}
	return out
}

// ladder returns the curve's points by index of the ladder; those that failed have no
// values.
func (c *Curve) ladder() []rd.Point {
	out := make([]rd.Point, len(c.Points))
	for i, p := range c.Points {
		out[i] = rd.Point{Q: math.NaN()}
		if p != nil {
			out[i] = *p
		} else if i < len(c.Qs) {
			out[i].Q = c.Qs[i]
		}
	}
	return out
}
