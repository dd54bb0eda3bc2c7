package mlic

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/safetensors"
)

func TestBehaviour(t *testing.T) { latenttest.Behaves(t, tinyCodec(t)) }

// vectors are regions that codecs/training's emulator coded in 64 bits, by case and name, and
// the contexts of each.
func vectors(t *testing.T) (*safetensors.File, map[string]contexts) {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var off map[string][]string
	if err := json.Unmarshal([]byte(f.Metadata["off"]), &off); err != nil {
		t.Fatal(err)
	}
	cases := map[string]contexts{}
	for name, list := range off {
		on := contexts(allContexts)
		for _, v := range toggles() {
			if slices.Contains(list, v.name) {
				on &^= v.bit
			}
		}
		cases[name] = on
	}
	return f, cases
}

// numbers reads a tensor of vectors.
func numbers(t *testing.T, f *safetensors.File, name string) ([]int16, []int) {
	t.Helper()
	raw, err := f.Get(name, safetensors.I16, -1, -1, -1)
	if err != nil {
		t.Fatal(err)
	}
	values, err := safetensors.Values[int16](raw)
	if err != nil {
		t.Fatal(err)
	}
	return values, raw.Shape
}

// Means, scales and symbols of every pass are the emulator's, with each context off, at sizes
// down to one position, and for values beyond all limits; what is written is read again.
func TestVectors(t *testing.T) {
	f, cases := vectors(t)
	m := tiny(t)
	if len(cases) < 9 {
		t.Fatalf("%d cases", len(cases))
	}
	for name, on := range cases {
		t.Run(name, func(t *testing.T) {
			base, shape := numbers(t, f, name+"/base")
			latents, _ := numbers(t, f, name+"/y")
			y := nn.NewTensor(shape[0], shape[1], m.Channels)
			for i, v := range latents {
				y.Data[i] = float32(v) / meanUnit
			}
			l := m.layout(shape[1]*m.Scale, shape[0]*m.Scale)
			e := &encoder{layout: l, m: m, on: on, skip: m.skipped(on), parts: l.Regions(), meter: latent.NewMeter(1, nil)}
			p := hyper.NewPrior(m.Channels, shape[1], base)
			payload, err := e.region(t.Context(), e.parts[0], y, p)
			if err != nil {
				t.Fatal(err)
			}
			n := len(latents)
			got := readBack(t, m, l, on, p, payload, n)
			for part, values := range map[string][]int16{"means": got.means, "scales": got.scales, "symbols": got.symbols} {
				want, _ := numbers(t, f, name+"/"+part)
				if i := firstDifference(values, want); i >= 0 {
					t.Errorf("%s: row %d, column %d, channel %d: %d, want %d", part, i/m.Channels/shape[1], i/m.Channels%shape[1], i%m.Channels, values[i], want[i])
				}
			}
		})
	}
}

func readBack(t *testing.T, m *model, l layout, on contexts, p hyper.Prior, payload []byte, n int) *latents {
	t.Helper()
	f := &opened{layout: l, m: m, on: on, parts: l.Regions(), y: latent.Payloads{Data: [][]byte{payload}}}
	out := &latents{prior: p, symbols: make([]int16, n), means: make([]int16, n), scales: make([]int16, n)}
	if payload == nil {
		f.y.Data[0] = []byte{}
	}
	if err := f.readRegion(t.Context(), 0, m.passes(), out, func() {}); err != nil {
		t.Fatal(err)
	}
	return out
}

func firstDifference(a, b []int16) int {
	for i := range b {
		if i >= len(a) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// Every combination of contexts decodes, to nearly the same picture, and each changes the file.
func TestContexts(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 200, 136, false, 5)
	full := latenttest.PSNR(p, decode(t, c, encode(t, c, p, codecs.Params{"q": "2"}), codecs.DecodeOptions{}))
	files := map[string]bool{}
	for bits := range allContexts + 1 {
		params := codecs.Params{"q": "2"}
		for _, v := range toggles() {
			params[v.name] = fmt.Sprint(contexts(bits).has(v.bit))
		}
		s := encode(t, c, p, params)
		if on := contexts(s.Sections[1].Payload[0]); on != contexts(bits) {
			t.Fatalf("the file says %q, wanted %q", on, contexts(bits))
		}
		if v := latenttest.PSNR(p, decode(t, c, s, codecs.DecodeOptions{})); v < full-0.5 {
			t.Errorf("%s: %.2f dB, all of them %.2f", contexts(bits), v, full)
		}
		files[string(s.Sections[2].Payload)] = true
	}
	// The tiny model expects no latent to be certain enough to be skipped; TestVectors skips.
	if len(files) != 16 {
		t.Errorf("%d different files by 16 combinations of contexts", len(files))
	}
}

// Each pass that is read makes the picture better, from what z says to everything.
func TestProgressive(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 200, 136, false, 5)
	s := encode(t, c, p, codecs.Params{"q": "10"})
	full := decode(t, c, s, codecs.DecodeOptions{})
	var curve []float64
	for i := range 9 {
		curve = append(curve, latenttest.PSNR(p, decode(t, c, s, codecs.DecodeOptions{UpTo: 1 + i})))
	}
	if curve[8] != latenttest.PSNR(p, full) || curve[0] > curve[4]-0.3 || curve[4] > curve[8]-0.3 {
		t.Errorf("PSNR by passes: %.2f", curve)
	}
	means := decode(t, c, s, codecs.DecodeOptions{Off: []string{nameY}})
	if !means.Equal(decode(t, c, s, codecs.DecodeOptions{UpTo: 1})) {
		t.Error("UpTo 1 is not the picture without y")
	}
	if v := latenttest.PSNR(p, decode(t, c, s, codecs.DecodeOptions{Off: []string{nameZ}})); v >= curve[8] {
		t.Errorf("without means %.2f dB, everything %.2f", v, curve[8])
	}
}
