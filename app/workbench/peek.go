package workbench

import (
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/rd"
)

// peek is a setting that the mouse asks to see, without making it a candidate's.
type peek struct {
	slot   Slot
	key    string // of the result; empty: none is asked for
	failed string // the key of one that could not be coded
	done   *Result
}

// Peek returns the current picture as a candidate's codec codes it at a quality, nil
// while it is not there; it is then coded as soon as nothing more urgent waits.
func (w *Workbench) Peek(number int, q float64) *picture.Picture {
	s, ok := w.Slot(number)
	if !ok || s.Codec == "" || s.File != nil || w.pictures.pic == nil {
		return nil
	}
	if q == q { // a number: the codec has a quality
		s.Params = s.Params.WithQ(q)
	}
	key := w.resultKey(s)
	if r := w.cache.get(key); r != nil {
		return r.Decoded
	}
	if r := w.curve.peek.done; r != nil && r.key == key {
		return r.Decoded
	}
	if w.curve.peek.key != key {
		w.curve.peek.slot, w.curve.peek.key = s, key
		w.schedule()
	}
	return nil
}

// EndPeek forgets what Peek asked for.
func (w *Workbench) EndPeek() { w.curve.peek = peek{} }

func peekKey(key string) string { return "peek\n" + key }

func (w *Workbench) peekWanted(t *task) bool {
	return w.curve.peek.key != "" && t.key == peekKey(w.curve.peek.key)
}

func (w *Workbench) nextPeek() *task {
	p := w.curve.peek
	if p.key == "" || p.key == p.failed || p.done != nil && p.done.key == p.key || w.resultKey(p.slot) != p.key || w.cache.get(p.key) != nil {
		return nil
	}
	codec, pic := w.codecOf(p.slot), w.pictures.pic
	if codec == nil {
		return nil
	}
	return &task{kind: curveTask, slot: p.slot.Number, key: peekKey(p.key), do: func(t *task) func() {
		r, err := code(t.ctx, codec, p.slot, pic, codecs.EncodeOptions{Params: p.slot.Params})
		if err != nil {
			return func() { w.peekFailed(t) }
		}
		r.key = p.key
		return func() {
			w.cache.put(r)
			w.curve.peek.done = r // it may be too large for the cache
			w.notify(Curves)
		}
	}}
}

// peekFailed keeps a setting that can't be coded from being tried again.
func (w *Workbench) peekFailed(t *task) {
	if w.peekWanted(t) && t.ctx.Err() == nil {
		w.curve.peek.failed = w.curve.peek.key
	}
}

// OpenPoint makes a point of a curve a candidate at its setting and shows it: the
// curve's own candidate, one of the same codec and parameters, or a new one. Picture
// names the picture to go to, where it is open; it may be empty. OpenPoint reports
// whether there was something to show: a published point is only a number.
func (w *Workbench) OpenPoint(p Plotted, q float64, image rd.ImageCurve) bool {
	number := p.Number
	if number == 0 {
		number = w.candidateFor(p)
	}
	if number == 0 {
		return false
	}
	if i := w.entryOf(image); i >= 0 {
		w.Choose(i)
	}
	if q == q {
		w.SetParam(number, "q", codecs.FormatNumber(q))
	}
	w.Show(number)
	return true
}

// entryOf finds the open picture that a picture's curve is of; -1: it is not open.
func (w *Workbench) entryOf(image rd.ImageCurve) int {
	for i, e := range w.pictures.entries {
		if e.hashed && e.hash.String() == image.Hash || image.Hash == "" && image.Name != "" && stemOf(e.Name) == stemOf(image.Name) {
			return i
		}
	}
	return -1
}

// candidateFor returns the candidate that an opened curve's name stands for, adding it
// where there is none; 0 where the name is no codec's.
func (w *Workbench) candidateFor(p Plotted) int {
	spec, ok := w.specOf(p)
	if !ok {
		return 0
	}
	for _, s := range w.setup.Slots {
		if s.Codec != "" && s.File == nil && w.specName(s) == spec.Name() {
			return s.Number
		}
	}
	c, err := w.config.Tools.Codecs.Codec(spec.Codec)
	if err != nil {
		return 0
	}
	params, err := c.Info().Resolve(spec.Params)
	if err != nil {
		return 0
	}
	return w.addSlot(Slot{Codec: spec.Codec, Params: params})
}
