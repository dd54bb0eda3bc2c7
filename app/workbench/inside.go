package workbench

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"strconv"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// Inside is what one candidate's file holds.
type Inside struct {
	Number int           // of the candidate; 0: none is shown
	Bytes  int           // of the file
	Parts  []codecs.Part // all bytes of the file, in its order
	Data   []byte        // the file; must not be changed
	Codec  codecs.Info
	// What the codec shows, and what its decoder can do otherwise.
	Panels   []codecs.Panel
	Switches []codecs.Switch
	Steps    []string
	Symbols  []codecs.Symbols
	Places   [][]image.Rectangle // of the picture, by part; none: it belongs nowhere
	Picture  *picture.Picture    // as the file decodes
	Original *picture.Picture
	PSNR     float64 // dB; NaN: not measured
	Altered  Altered // the decode with changes
	Loading  bool
	Err      error

	key string // of the result that it belongs to
}

// Span is where a part lies in the file; 0 bytes for a part that is not there.
func (in Inside) Span(part int) (from, n int) {
	if part < 0 || part >= len(in.Parts) {
		return 0, 0
	}
	for _, p := range in.Parts[:part] {
		from += p.Bytes
	}
	if n = in.Parts[part].Bytes; from+n > len(in.Data) {
		return 0, 0
	}
	return from, n
}

// PartAt is the part that holds a byte of the file; -1: none.
func (in Inside) PartAt(offset int) int {
	for i, p := range in.Parts {
		if offset -= p.Bytes; offset < 0 {
			return i
		}
	}
	return -1
}

// inspecting is the inside that is shown or being computed.
type inspecting struct {
	now    Inside
	codec  codecs.Codec
	result *Result
	cancel context.CancelFunc
	chosen int // the slot that LookInto named

	redecoding bool // a decode with changes runs
	stop       context.CancelFunc
}

// Inside returns what the active candidate's file holds, as far as LoadInside has it.
func (w *Workbench) Inside() Inside { return w.inspecting.now }

// LookInto makes a candidate the active one and the one to look into, even if its
// codec shows nothing of its inside.
func (w *Workbench) LookInto(number int) {
	w.inspecting.chosen = number
	w.Show(number)
}

// Inspectable reports whether a slot's codec shows what happens inside.
func (w *Workbench) Inspectable(s Slot) bool {
	_, ok := w.codecOf(s).(codecs.Inspector)
	return ok
}

// insideSlot is the candidate to look into: the active one, unless the other shown
// one has more to show and nobody chose.
func (w *Workbench) insideSlot() (Slot, *Run, bool) {
	var first Slot
	for _, n := range []int{w.setup.Active, w.setup.Right, w.setup.Left} {
		s, ok := w.Slot(n)
		if !ok || s.Codec == "" {
			continue
		}
		if w.Inspectable(s) || n == w.inspecting.chosen && n == w.setup.Active {
			return s, w.Run(n), true
		}
		if first.Codec == "" {
			first = s
		}
	}
	if first.Codec == "" {
		return Slot{}, nil, false
	}
	return first, w.Run(first.Number), true
}

// LoadInside looks into the active candidate's file on another goroutine, where it
// is another file than last time.
func (w *Workbench) LoadInside() {
	s, r, ok := w.insideSlot()
	if !ok || r.Result == nil || !r.Fresh {
		if !ok && w.inspecting.now.Number != 0 {
			w.inspecting.now = Inside{}
			w.notify(Insides)
		}
		return
	}
	if w.inspecting.now.key == r.Result.key && w.inspecting.now.Number == s.Number {
		w.redecode() // undo may have brought other changes back
		return
	}
	for _, stop := range []context.CancelFunc{w.inspecting.cancel, w.inspecting.stop} {
		if stop != nil {
			stop()
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.inspecting.cancel = cancel
	old := w.inspecting.now
	codec, result := w.codecOf(s), r.Result
	w.inspecting.codec, w.inspecting.result = codec, result
	if old.Number != s.Number || old.Codec.ID != codec.Info().ID {
		old = Inside{Number: s.Number}
	}
	// What was there stays to be looked at until the new is known.
	old.Loading, old.key, old.Bytes, old.Err = true, result.key, result.Bytes, nil
	old.Codec, old.Picture, old.Original, old.Altered = codec.Info(), result.Decoded, result.Reference, Altered{}
	w.inspecting.now = old
	w.notify(Insides)
	go func() {
		in := look(ctx, codec, result)
		in.PSNR = w.psnr(ctx, result.Reference, result.Decoded)
		cancel()
		w.config.Post(func() {
			if w.inspecting.now.key != result.key || w.closed {
				return
			}
			in.Number, in.key = s.Number, result.key
			in.Altered.Changes = Changes{key: result.key}
			w.inspecting.now = in
			w.redecode()
			w.notify(Insides)
		})
	}()
}

// look computes what a result's file holds.
func look(ctx context.Context, c codecs.Codec, r *Result) (in Inside) {
	defer func() {
		if p := recover(); p != nil {
			in.Err = fmt.Errorf("internal error: %v", p)
		}
	}()
	in.Bytes, in.Codec, in.Picture, in.Original = r.Bytes, c.Info(), r.Decoded, r.Reference
	in.Data, in.Parts, in.Err = partsOf(c, r.Stream)
	inspector, ok := c.(codecs.Inspector)
	if !ok {
		return in
	}
	trace, err := inspector.Inspect(ctx, r.Stream, r.Reference)
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			in.Err = err
		}
		return in
	}
	in.Panels, in.Switches, in.Steps, in.Symbols = trace.Panels, trace.Switches, trace.Steps, trace.Symbols
	in.Places = make([][]image.Rectangle, len(in.Parts))
	head := 1 // the container's own bytes come before the sections
	if in.Codec.Native != "" {
		head = 0
	}
	for _, p := range trace.Places {
		if at := p.Part + head; at >= head && at < len(in.Places) {
			in.Places[at] = append(in.Places[at], p.Rect)
		}
	}
	return in
}

// partsOf accounts for every byte of the file: a native file by its parts, others by
// the container's sections; what is before the first is the container's own.
func partsOf(c codecs.Codec, s *codecs.Stream) (data []byte, parts []codecs.Part, err error) {
	info := c.Info()
	data, _, err = sweep.FileOf(info, s)
	if err != nil {
		return nil, nil, err
	}
	if info.Native != "" {
		return data, codecs.PartsOf(c, data), nil
	}
	rest := len(data)
	count := map[byte]int{}
	for _, sec := range s.Sections {
		count[sec.Kind]++
	}
	for _, sec := range s.Sections {
		parts = append(parts, codecs.Part{Name: partName(info, sec.Kind, sec.Part, count[sec.Kind] > 1), Bytes: len(sec.Payload)})
		rest -= len(sec.Payload)
	}
	return data, append([]codecs.Part{{Name: "container", Bytes: rest}}, parts...), nil
}

// partName names a section for people, with its number where there are several of its
// kind.
func partName(info codecs.Info, kind byte, part uint64, several bool) string {
	name := info.SectionName(kind)
	i := slices.IndexFunc(info.Sections, func(k codecs.SectionKind) bool { return k.Kind == kind })
	if i < 0 {
		return name
	}
	if k := info.Sections[i]; k.Holds != "" {
		name += ": " + k.Holds
	}
	if k := info.Sections[i]; k.Part != "" && several {
		name += ", " + k.Part + " " + strconv.FormatUint(part, 10)
	}
	return name
}
