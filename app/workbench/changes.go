package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// Changes are what the screen Inside decodes a candidate's file with: parts left out,
// fewer steps, symbols and bytes replaced. The candidate itself stays as it is. Slices
// are replaced, never written to.
type Changes struct {
	Off   []string // ids of the trace's switches
	UpTo  int      // progressive steps; 0: all
	Edits []codecs.Edit
	Bytes []ByteChange // of the file
	// Trust decodes sections whose checksum says that they are damaged.
	Trust bool

	key string // of the result that Edits and Bytes belong to
}

// ByteChange is one byte of a file and what it becomes.
type ByteChange struct {
	Offset int
	Value  byte
}

// Any reports whether anything is changed.
func (c Changes) Any() bool {
	return len(c.Off) > 0 || c.UpTo > 0 || len(c.Edits) > 0 || len(c.Bytes) > 0
}

func (c Changes) equal(d Changes) bool {
	return c.UpTo == d.UpTo && c.Trust == d.Trust && c.key == d.key && slices.Equal(c.Off, d.Off) &&
		slices.Equal(c.Edits, d.Edits) && slices.Equal(c.Bytes, d.Bytes)
}

// of returns the changes as far as they make sense for a result: symbols and bytes of
// another file do not.
func (c Changes) of(key string) Changes {
	if c.key != key {
		c.Edits, c.Bytes, c.key = nil, nil, key
	}
	return c
}

// Altered is what a decode with changes gave.
type Altered struct {
	Changes  Changes
	Picture  *picture.Picture // nil: it failed, see Err
	Warnings []string
	Err      error
	PSNR     float64 // dB against the original; NaN: not measured
	Bytes    int     // of the sections that are switched off
}

// Changes returns what the shown file is decoded with.
func (w *Workbench) Changes() Changes {
	s, ok := w.Slot(w.inspecting.now.Number)
	if !ok {
		return Changes{}
	}
	return s.Changes.of(w.inspecting.now.key)
}

// change replaces the shown candidate's changes, as one step of undo for each name.
func (w *Workbench) change(name string, to Changes) {
	i := w.setup.index(w.inspecting.now.Number)
	if i < 0 || to.equal(w.Changes()) {
		return
	}
	w.record(name)
	w.setup.Slots = slices.Clone(w.setup.Slots)
	w.setup.Slots[i].Changes = to
	w.redecode()
	w.notify(Insides)
	w.keepSession()
}

// SwitchPart leaves a part of the shown file out of its decode, or takes it in again.
func (w *Workbench) SwitchPart(id string, on bool) {
	c := w.Changes()
	c.Off = slices.DeleteFunc(slices.Clone(c.Off), func(o string) bool { return o == id })
	if !on {
		c.Off = append(c.Off, id)
	}
	w.change("", c)
}

// DecodeUpTo decodes the first n progressive steps of the shown file alone; 0, or as many
// as there are, decodes all.
func (w *Workbench) DecodeUpTo(n int) {
	c := w.Changes()
	if n >= len(w.inspecting.now.Steps) {
		n = 0
	}
	c.UpTo = max(n, 0)
	w.change("steps", c)
}

// ReplaceSymbol replaces number i of a place's symbols in the decode of the shown file;
// the file's own value takes the replacement back.
func (w *Workbench) ReplaceSymbol(s codecs.Symbols, x, y, i, value int) {
	at := s.At(x, y)
	if i < 0 || i >= len(at) || w.inspecting.now.Loading { // then s is of an earlier file
		return
	}
	edit := codecs.Edit{Part: s.Part + i, X: x, Y: y, Value: min(max(value, s.Min), s.Max)}
	c := w.Changes()
	c.Edits = slices.DeleteFunc(slices.Clone(c.Edits), func(e codecs.Edit) bool {
		return e.Part == edit.Part && e.X == x && e.Y == y
	})
	if edit.Value != at[i] {
		c.Edits = append(c.Edits, edit)
	}
	w.change("", c)
}

// ChangeByte replaces a byte of the shown file; its own value takes the change back.
func (w *Workbench) ChangeByte(offset int, value byte) {
	in := w.inspecting.now
	if offset < 0 || offset >= len(in.Data) || in.Loading {
		return
	}
	c := w.Changes()
	c.Bytes = slices.DeleteFunc(slices.Clone(c.Bytes), func(b ByteChange) bool { return b.Offset == offset })
	if in.Data[offset] != value {
		c.Bytes = append(c.Bytes, ByteChange{offset, value})
	}
	w.change("", c)
}

// DamagePart flips the bits of one byte in a part of the shown file: the middle one, then
// others further on.
func (w *Workbench) DamagePart(part int) {
	in := w.inspecting.now
	from, n := in.Span(part)
	if n == 0 {
		return
	}
	changed := w.Changes().Bytes
	for try := range n {
		// Steps of about a golden section of the part come everywhere before they come twice.
		at := from + (n/2+try*max(n*618/1000, 1))%n
		if !slices.ContainsFunc(changed, func(b ByteChange) bool { return b.Offset == at }) {
			w.ChangeByte(at, ^in.Data[at])
			return
		}
	}
}

// TrustDamage decodes damaged sections as if their checksums were right, or no longer.
func (w *Workbench) TrustDamage(on bool) {
	c := w.Changes()
	c.Trust = on
	w.change("", c)
}

// ResetChanges decodes the shown file as it is again.
func (w *Workbench) ResetChanges() { w.change("", Changes{key: w.inspecting.now.key}) }

// redecode decodes the shown file with its changes on another goroutine. One decode runs
// at a time; when it ends, the newest changes are next.
func (w *Workbench) redecode() {
	i := &w.inspecting
	want := w.Changes()
	if i.codec == nil || i.now.Loading || want.equal(i.now.Altered.Changes) || i.redecoding {
		return
	}
	if !want.Any() {
		i.now.Altered = Altered{Changes: want}
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	i.redecoding, i.stop = true, cancel
	codec, result, data, key := i.codec, i.result, i.now.Data, i.now.key
	go func() {
		out := w.alter(ctx, codec, result, data, want)
		cancel()
		w.config.Post(func() {
			i.redecoding = false
			if w.closed {
				return
			}
			if i.now.key == key && !errors.Is(out.Err, context.Canceled) {
				i.now.Altered = out
				w.notify(Insides)
			}
			w.redecode()
		})
	}()
}

// Redecoding reports whether changes are being decoded.
func (w *Workbench) Redecoding() bool { return w.inspecting.redecoding }

// alter decodes a file with changes.
func (w *Workbench) alter(ctx context.Context, c codecs.Codec, r *Result, data []byte, want Changes) (out Altered) {
	out = Altered{Changes: want, PSNR: math.NaN()}
	defer func() {
		if p := recover(); p != nil {
			out.Picture, out.Err = nil, fmt.Errorf("internal error: %v", p)
		}
	}()
	stream, lost, err := w.damaged(c, r.Stream, data, want)
	if err != nil {
		out.Err = err
		return out
	}
	decoded, err := c.Decode(ctx, stream, codecs.DecodeOptions{UpTo: want.UpTo, Edits: want.Edits, Off: want.Off})
	if err != nil {
		out.Err = err
		return out
	}
	out.Picture, out.Warnings = decoded.Picture, append(lost, decoded.Warnings...)
	out.PSNR = w.psnr(ctx, r.Reference, decoded.Picture)
	for _, sec := range r.Stream.Sections {
		if slices.Contains(want.Off, c.Info().SectionName(sec.Kind)) {
			out.Bytes += len(sec.Payload)
		}
	}
	return out
}

// damaged is the stream that a file with changed bytes holds, and what checksums say that
// are not heeded.
func (w *Workbench) damaged(c codecs.Codec, s *codecs.Stream, data []byte, want Changes) (*codecs.Stream, []string, error) {
	if len(want.Bytes) == 0 {
		return s, nil, nil
	}
	file := bytes.Clone(data)
	for _, b := range want.Bytes {
		if b.Offset < len(file) {
			file[b.Offset] = b.Value
		}
	}
	if c.Info().Native != "" {
		return codecs.NativeStream(s.Codec, s.Width, s.Height, file), nil, nil
	}
	if !want.Trust {
		out, other, err := w.config.Tools.Codecs.Parse(file)
		if err == nil && (other.Info().ID != s.Codec || out.Width != s.Width || out.Height != s.Height) {
			err = errors.New("the head of the file now names another codec or size")
		}
		return out, nil, err
	}
	out, _, err := w.config.Tools.Codecs.Inspect(file)
	if err != nil {
		return nil, nil, err
	}
	var ignored []string
	for i := range out.Sections {
		sec := &out.Sections[i]
		if sec.Damaged && sec.Offset+sec.Length <= len(file) {
			sec.Damaged, sec.Payload = false, file[sec.Offset:sec.Offset+sec.Length]
			ignored = append(ignored, fmt.Sprintf("the checksum of section %q is wrong, and was not heeded", c.Info().SectionName(sec.Kind)))
		}
	}
	return out, ignored, nil
}

// psnr measures a picture against the original, or gives NaN.
func (w *Workbench) psnr(ctx context.Context, reference, decoded *picture.Picture) float64 {
	m, err := w.config.Tools.Metrics.Metric(psnrID)
	if err != nil || reference == nil {
		return math.NaN()
	}
	pair, err := metrics.NewPair(reference, decoded)
	if err != nil {
		return math.NaN()
	}
	v, err := metrics.Measure(ctx, m, pair)
	if err != nil {
		return math.NaN()
	}
	return v.Number
}

// psnrID is the metric that says what a change costs.
const psnrID = "psnr-rgb"
