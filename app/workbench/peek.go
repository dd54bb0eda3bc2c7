package workbench

import (
	"slices"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/rd"
)

// peek is a setting that the mouse asks to see, without making it a candidate's.
type peek struct {
	slot   Slot
	entry  *Entry // the picture to be coded
	key    string // of the result; empty: none is asked for
	failed string // the key of one that could not be coded
	done   *Result
}

// Peek returns a picture as a curve's codec codes it at a quality: the picture that
// image names, where that is open, or the current one where it names none. While the
// coded picture is not there, it is coded as soon as nothing more urgent waits, and
// comes is true; without a codec or an open picture there will be none.
func (w *Workbench) Peek(p Plotted, q float64, image rd.ImageCurve) (shot *picture.Picture, comes bool) {
	s, ok := w.settingOf(p)
	e := w.peekEntry(image)
	if !ok || e == nil || e.unread {
		return nil, false
	}
	if q == q { // a number: the codec has a quality
		s.Params = s.Params.WithQ(q)
	}
	key := w.peekResult(s, e)
	if r := w.cache.get(key); r != nil {
		return r.Decoded, false
	}
	if r := w.curve.peek.done; r != nil && r.key == key {
		return r.Decoded, false
	}
	if w.curve.peek.failed == key {
		return nil, false
	}
	if w.curve.peek.key != key {
		w.curve.peek.slot, w.curve.peek.entry, w.curve.peek.key = s, e, key
		w.schedule()
	}
	return nil, true
}

// settingOf returns the codec and its parameters that a curve was made with: those of
// its candidate, or what the name of an opened curve says.
func (w *Workbench) settingOf(p Plotted) (Slot, bool) {
	if p.Number != 0 {
		s, ok := w.Slot(p.Number)
		return s, ok && s.Codec != "" && s.File == nil
	}
	spec, ok := w.specOf(p)
	if !ok {
		return Slot{}, false
	}
	return w.slotOf(spec)
}

// slotOf is a slot without a number, as a curve's name on the command line says.
func (w *Workbench) slotOf(spec sweep.Spec) (Slot, bool) {
	c, err := w.config.Tools.Codecs.Codec(spec.Codec)
	if err != nil {
		return Slot{}, false
	}
	params, err := c.Info().Resolve(spec.Params)
	return Slot{Codec: spec.Codec, Params: params}, err == nil
}

// peekEntry is the open picture that a curve's picture names; the current one where it
// names none; nil where it is not open.
func (w *Workbench) peekEntry(image rd.ImageCurve) *Entry {
	if w.pictures.pic == nil {
		return nil
	}
	i := w.entryOf(image)
	if image.Name == "" && image.Hash == "" {
		i = w.pictures.current
	}
	if i < 0 || i >= len(w.pictures.entries) {
		return nil
	}
	return w.pictures.entries[i]
}

// peekResult is the key of the result of a setting on a picture. A picture that was not
// read yet is known by where it is.
func (w *Workbench) peekResult(s Slot, e *Entry) string {
	switch {
	case e.hashed:
		return w.resultKeyOn(e.hash, s)
	case e.pic != nil:
		return w.resultKeyOn(e.pic.Hash(), s)
	}
	return readKey(e) + "\n" + w.resultKeyOn(picture.Hash{}, s)
}

// EndPeek forgets what Peek asked for.
func (w *Workbench) EndPeek() { w.curve.peek = peek{} }

func peekKey(key string) string { return "peek\n" + key }

func (w *Workbench) peekWanted(t *task) bool {
	return w.curve.peek.key != "" && t.key == peekKey(w.curve.peek.key)
}

func (w *Workbench) nextPeek() *task {
	p := w.curve.peek
	if p.key == "" || p.key == p.failed || p.done != nil && p.done.key == p.key || !slices.Contains(w.pictures.entries, p.entry) || w.cache.get(p.key) != nil {
		return nil
	}
	codec, pic := w.codecOf(p.slot), p.entry.pic
	if codec == nil {
		return nil
	}
	if pic == nil && w.curve.near == p.entry {
		pic = w.curve.pic
	}
	samples, entry := w.config.Samples, *p.entry
	return &task{kind: curveTask, slot: p.slot.Number, key: peekKey(p.key), do: func(t *task) func() {
		var err error
		if pic == nil {
			pic, err = entry.read(samples)
		}
		if err != nil {
			return func() { w.peekFailed(t) }
		}
		r, err := code(t.ctx, codec, p.slot, pic, codecs.EncodeOptions{Params: p.slot.Params})
		if err != nil {
			return func() { w.peekFailed(t) }
		}
		r.key = p.key
		return func() {
			w.keep(r)
			w.curve.peek.done = r // it may be too large for the cache
			w.notify(Curves)
		}
	}}
}

// peekFailed keeps a setting that can't be coded from being tried again.
func (w *Workbench) peekFailed(t *task) {
	if w.peekWanted(t) && t.ctx.Err() == nil {
		w.curve.peek.failed = w.curve.peek.key
		w.notify(Curves)
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
	return w.candidateOf(spec)
}

// candidateOf returns the candidate of a codec with parameters, adding it where there is
// none; 0 where that can't be.
func (w *Workbench) candidateOf(spec sweep.Spec) int {
	for _, s := range w.setup.Slots {
		if s.Codec != "" && s.File == nil && w.specName(s) == spec.Name() {
			return s.Number
		}
	}
	s, ok := w.slotOf(spec)
	if !ok {
		return 0
	}
	return w.addSlot(s)
}
