// Package codectest has tests for codecs of any kind.
package codectest

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// Changes checks that a decode takes notice of all that a trace says it would: switches, steps,
// and symbols that are replaced.
func Changes(t *testing.T, c codecs.Codec, s *codecs.Stream, trace *codecs.Trace) {
	t.Helper()
	decode := func(o codecs.DecodeOptions) *picture.Picture {
		r, err := c.Decode(t.Context(), s, o)
		if err != nil {
			t.Fatal(err)
		}
		return r.Picture
	}
	plain := decode(codecs.DecodeOptions{})
	for _, sw := range trace.Switches {
		if decode(codecs.DecodeOptions{Off: []string{sw.ID}}).Equal(plain) {
			t.Errorf("switching %s off changes nothing", sw.ID)
		}
	}
	if n := len(trace.Steps); n > 0 {
		if !decode(codecs.DecodeOptions{UpTo: n}).Equal(plain) || decode(codecs.DecodeOptions{UpTo: 1}).Equal(plain) {
			t.Errorf("of %d steps, the last is not all, or the first is", n)
		}
	}
	for _, sym := range trace.Symbols {
		replaces(t, sym, func(e codecs.Edit) bool {
			return decode(codecs.DecodeOptions{Edits: []codecs.Edit{e}}).Equal(plain)
		})
	}
}

// replaces replaces the first symbol of the middle, or of the first place after it that has one, by
// itself and by its opposite; same tells whether an edit leaves the picture as it is.
func replaces(t *testing.T, sym codecs.Symbols, same func(codecs.Edit) bool) {
	t.Helper()
	n := sym.Width * sym.Height
	for k := range n {
		i := (k + n/2) % n
		x, y := i%sym.Width, i/sym.Width
		at := sym.At(x, y)
		if at == nil {
			continue
		}
		e := codecs.Edit{Part: sym.Part, X: x, Y: y, Value: at[0]}
		if !same(e) {
			t.Errorf("%s: replacing a symbol by itself changes the picture", sym.Name)
		}
		if e.Value = sym.Min + sym.Max - at[0]; e.Value == at[0] {
			e.Value = sym.Max
		}
		if same(e) {
			t.Errorf("%s: replacing %d by %d changes nothing", sym.Name, at[0], e.Value)
		}
		return
	}
	t.Errorf("%s: no place has a symbol", sym.Name)
}
