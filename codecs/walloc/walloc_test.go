package walloc

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn/safetensors"
	"codecworkbench/codecs/picture"
)

// tinyModel is the frozen model that codecs/training/make_walloc_tiny.py made.
const tinyModel = "testdata/tiny.safetensors"

// tinyCodec is a codec whose one model is tinyModel.
func tinyCodec(t testing.TB) *Codec {
	t.Helper()
	return New(latenttest.Models(t, ID, tinyModel))
}

// tiny is the parsed model.
func tiny(t testing.TB) *model {
	t.Helper()
	m, _, err := tinyCodec(t).Models.Load("s")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// staged is a codec that uses an entropy stage unless it is told otherwise.
type staged struct {
	*Codec
	entropy string
}

func (c staged) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	o.Params = o.Params.With("entropy", c.entropy)
	return c.Codec.Encode(ctx, p, o)
}

// pictureStages are the stages that store latents as pictures, and their kinds of section.
func pictureStages() map[string]byte {
	return map[string]byte{entropyPNG: sectionPNG, entropyWebP: sectionWebP}
}

func TestBehaviour(t *testing.T) { latenttest.Behaves(t, tinyCodec(t)) }
func TestRefine(t *testing.T)    { latenttest.Refines(t, tinyCodec(t), nil) }

// All entropy stages hold the same symbols, and the file says which it is.
func TestEntropyStages(t *testing.T) {
	c := tinyCodec(t)
	for _, side := range [][2]int{{1, 1}, {17, 31}, {600, 530}, {4096, 3}} {
		p := latenttest.Scene(t, side[0], side[1], false, 3)
		own := latenttest.Encode(t, c, p, nil)
		if own.Sections[1].Kind != sectionOwn {
			t.Errorf("%v: a section of kind %d", side, own.Sections[1].Kind)
		}
		want := latenttest.Decode(t, c, own, codecs.DecodeOptions{})
		for entropy, kind := range pictureStages() {
			s := latenttest.Encode(t, staged{c, entropy}, p, nil)
			if s.Sections[1].Kind != kind {
				t.Errorf("%v, %s: a section of kind %d", side, entropy, s.Sections[1].Kind)
			}
			if !want.Equal(latenttest.Decode(t, c, latenttest.Parse(t, c, latenttest.Marshal(t, s)), codecs.DecodeOptions{})) {
				t.Errorf("%v, %s: the picture differs from that of our own coder's file", side, entropy)
			}
		}
	}
}

func TestDamagedPictures(t *testing.T) {
	c := tinyCodec(t)
	for entropy := range pictureStages() {
		s := latenttest.Encode(t, staged{c, entropy}, latenttest.Scene(t, 600, 50, false, 5), nil)
		latenttest.Damaged(t, c, s, entropy+", no region", func(d *codecs.Stream) { d.Sections = d.Sections[:2] }, true)
		latenttest.Damaged(t, c, s, entropy+", cut", func(d *codecs.Stream) { d.Sections[1].Payload = d.Sections[1].Payload[:40] }, true)
		latenttest.Damaged(t, c, s, entropy+", empty", func(d *codecs.Stream) { d.Sections[1].Payload = nil }, true)
		latenttest.Damaged(t, c, s, entropy+", other picture", func(d *codecs.Stream) { d.Width = 333 }, true)
		latenttest.Damaged(t, c, s, entropy+", lost", func(d *codecs.Stream) { d.Sections[1].Damaged = true }, false)
		rng := rand.New(rand.NewPCG(6, 6))
		for range 40 {
			latenttest.Damaged(t, c, s, entropy+", bit flip", func(d *codecs.Stream) {
				b := append([]byte(nil), d.Sections[2].Payload...)
				b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
				d.Sections[2].Payload = b
			}, false)
		}
	}
}

// PyTorch computes the same latents, symbols and pictures.
func TestVectors(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	m := tiny(t)
	level, err := strconv.ParseFloat(f.Metadata["level"], 64)
	if err != nil {
		t.Fatal(err)
	}
	q := 0
	for m.levels.At(q) < level-0.002 { // q moves in steps of 0.003 levels
		q++
	}
	p := inputPicture(t, f.Tensors["input"])
	l := m.layout(p.Width(), p.Height())
	got, err := m.analyse(t.Context(), p, l, q, func() {})
	if err != nil {
		t.Fatal(err)
	}
	latents, err := safetensors.Floats(f.Tensors["latents"])
	if err != nil || len(latents) != len(got) {
		t.Fatalf("%d latents of %d: %v", len(got), len(latents), err)
	}
	for i, v := range latents {
		if d := math.Abs(float64(v - got[i])); d > 0.01+0.002*math.Abs(float64(v)) { // q is not quite the level
			t.Errorf("latent %d is %g, expected %g", i, got[i], v)
		}
	}
	symbols, err := safetensors.Values[int16](f.Tensors["symbols"])
	if err != nil {
		t.Fatal(err)
	}
	want, err := safetensors.Floats(f.Tensors["output"])
	if err != nil {
		t.Fatal(err)
	}
	comparePixels(t, m, grid{l, symbols}, q, want)
}

// inputPicture is a picture of uint8 [H, W, 3].
func inputPicture(t *testing.T, in safetensors.Tensor) *picture.Picture {
	t.Helper()
	h, w := in.Shape[0], in.Shape[1]
	p := latenttest.Scene(t, w, h, false, 1)
	for i := range w * h {
		copy(p.RGB8().Pix[4*i:4*i+3], in.Data[3*i:3*i+3])
	}
	return p
}

// comparePixels checks the assembler's samples.
func comparePixels(t *testing.T, m *model, g grid, q int, want []float32) {
	t.Helper()
	width := padded(g.Layout).W * colours
	a := m.newAssembler(g.Layout, func(y int, row []float32) {
		for i, v := range row {
			if d := math.Abs(float64(v - want[y*width+i])); d > 2e-3 {
				t.Errorf("sample %d of row %d is %g, expected %g", i, y, v, want[y*width+i])
				return
			}
		}
	})
	if err := m.expand(t.Context(), g, q, a.write, func() {}); err != nil {
		t.Fatal(err)
	}
}

// A picture of many strips comes out as one that is transformed in one piece.
func TestStrips(t *testing.T) {
	m := tiny(t)
	l := m.layout(40, 1500)
	if n := len(stripsOf(l)); n < 4 {
		t.Fatalf("%d strips", n)
	}
	whole := strip{0, l.High, 0, l.High}
	width := padded(l).W * colours
	rng := rand.New(rand.NewPCG(3, 3))
	pixels := make([]float32, whole.blockRow(l)*l.High)
	for i := range pixels {
		pixels[i] = rng.Float32() - 0.5
	}
	read := func(y int, row []float32) { copy(row, pixels[y*width:]) }
	want := m.readStrip(nil, whole, l, read)
	var got []float32
	for _, s := range stripsOf(l) {
		got = m.readStrip(got, s, l, read)
		for i, v := range got[(s.from-s.low)*s.blockRow(l) : (s.to-s.low)*s.blockRow(l)] {
			if v != want[s.from*s.blockRow(l)+i] {
				t.Fatalf("rows %d to %d: packet %d differs", s.from, s.to, i)
			}
		}
	}
	seen := 0
	a := m.newAssembler(l, func(y int, row []float32) {
		seen++
		for i, v := range row {
			if d := math.Abs(float64(v - pixels[y*width+i])); d > 1e-5 {
				t.Errorf("sample %d of row %d comes back as %g, was %g", i, y, v, pixels[y*width+i])
				return
			}
		}
	})
	for _, y := range rng.Perm(l.High * l.Scale) {
		a.write(y, want[y*width:][:width])
	}
	if seen != l.High*l.Scale {
		t.Errorf("%d of %d rows", seen, l.High*l.Scale)
	}
}

// Fewer latents, worse pictures; none, the same grey everywhere.
func TestFewerLatents(t *testing.T) {
	c := tinyCodec(t)
	p := latenttest.Scene(t, 400, 336, false, 5)
	s := latenttest.Encode(t, c, p, codecs.Params{"q": "10"})
	last := math.Inf(1)
	for _, n := range []int{8, 3, 1} {
		v := latenttest.PSNR(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{UpTo: n}))
		if v >= last {
			t.Errorf("%d latents give %.2f dB, more %.2f", n, v, last)
		}
		last = v
	}
	flat := latenttest.Decode(t, c, s, codecs.DecodeOptions{Off: []string{nameLatents}}).RGB8()
	if a, b := flat.NRGBAAt(160, 160), flat.NRGBAAt(176, 208); a != b {
		t.Errorf("without latents, %v and %v", a, b)
	}
}

func TestCompander(t *testing.T) {
	for _, text := range []string{"", "{}", `{"bits": 1}`, `{"bits": 9}`, "[8]"} {
		if _, err := parseCompander(text); !errors.Is(err, latent.ErrModel) {
			t.Errorf("%q gives %v", text, err)
		}
	}
	c, err := parseCompander(`{"bits": 4}`)
	if err != nil || c.largest != 7 {
		t.Fatalf("%+v, %v", c, err)
	}
	for s := -7; s <= 7; s++ {
		v := []float32{c.expand(int16(s))}
		c.compress(v)
		if got := c.symbol(v[0]); int(got) != s || math.Abs(float64(v[0])-float64(s)) > 1e-3 {
			t.Errorf("symbol %d comes back as %g", s, v[0])
		}
	}
	for x, want := range map[float32]int16{1e9: 7, -1e9: -7, 0: 0} {
		v := []float32{x}
		c.compress(v)
		if got := c.symbol(v[0]); got != want {
			t.Errorf("%g becomes %d, expected %d", x, got, want)
		}
	}
}

func TestInspectPanels(t *testing.T) {
	c := tinyCodec(t)
	for name, encoder := range map[string]codecs.Codec{entropyOwn: c, entropyPNG: staged{c, entropyPNG}} {
		p := latenttest.Scene(t, 200, 100, false, 14)
		s := latenttest.Encode(t, encoder, p, nil)
		trace, err := c.Inspect(t.Context(), s, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"before", "after"} {
			h, sum, prior := latenttest.Panel[codecs.Histogram](t, trace, id), 0, 0.0
			for i, n := range h.Counts {
				sum += n
				prior += h.Prior[i]
			}
			if sum != 13*7 || math.Abs(prior-1) > 0.01 {
				t.Errorf("%s, %s: %d symbols of %d, probabilities sum to %g", name, id, sum, 13*7, prior)
			}
		}
		if bands := latenttest.Panel[codecs.Plane](t, trace, "bands"); bands.Width != 208 || bands.Height != 112 || len(bands.Values) != 208*112 {
			t.Errorf("%s: bands of %d x %d", name, bands.Width, bands.Height)
		}
		rows := latenttest.Panel[codecs.Table](t, trace, "coding").Rows
		at := map[string]int{entropyOwn: 5, entropyPNG: 3}[name]
		if want := strconv.Itoa(len(s.Sections[1].Payload)); len(rows) != 6 || rows[at][1] != want {
			t.Errorf("%s: %v, the file's section holds %s bytes", name, rows, want)
		}
	}
}

// Large pictures show every few blocks of their bands.
func TestBandsOfLargePictures(t *testing.T) {
	m := tiny(t)
	l := m.layout(4000, 1000)
	f := &opened{Layout: l, m: m, h: latent.Header{Q: 500}}
	panel, err := f.bands(t.Context(), grid{l, make([]int16, l.Positions()*m.channels)})
	if err != nil {
		t.Fatal(err)
	}
	if p := panel.Data.(codecs.Plane); p.Width != 125*16 || p.Height != 32*16 || len(p.Values) != p.Width*p.Height {
		t.Errorf("bands of %d x %d", p.Width, p.Height)
	}
}

// parse is parseModel without its model.
func parse(data []byte) error {
	_, err := parseModel(data)
	return err
}

func TestModelChecks(t *testing.T) {
	latenttest.Refuses(t, tinyModel, parse, map[string]func(f *safetensors.File){
		"codec":       func(f *safetensors.File) { f.Metadata["codec"] = "klt" },
		"lambdas":     func(f *safetensors.File) { f.Metadata["lambdas"] = "[0.0018, 0.05]" },
		"compander":   func(f *safetensors.File) { delete(f.Metadata, "compander") },
		"no networks": func(f *safetensors.File) { delete(f.Metadata, "networks") },
		"analysis":    func(f *safetensors.File) { f.Metadata["networks"] = `{"analysis":[]}` },
		"factor": func(f *safetensors.File) {
			f.Metadata["networks"] = `{"analysis":[{"op":"unshuffle","factor":1},{"op":"linear","in":3,"out":8},{"op":"modulate","channels":8}]}`
		},
		"no head":  func(f *safetensors.File) { delete(f.Tensors, "analysis.head.weight") },
		"no gains": func(f *safetensors.File) { delete(f.Tensors, "analysis.gain.scale") },
		"gains": func(f *safetensors.File) {
			f.Tensors["analysis.gain.scale"] = safetensors.Of(make([]float32, 24), 3, 8)
		},
		"no bounds":  func(f *safetensors.File) { delete(f.Tensors, "context.bounds") },
		"no tables":  func(f *safetensors.File) { delete(f.Tensors, "y.cum") },
		"prediction": func(f *safetensors.File) { f.Tensors["context.predict"] = f.Tensors["context.activity"] },
		"activity": func(f *safetensors.File) {
			shape := f.Tensors["context.activity"].Shape
			v := make([]int16, shape[0]*shape[1]*shape[2])
			v[0] = -1
			f.Tensors["context.activity"] = safetensors.Of(v, shape...)
		},
		"tables": func(f *safetensors.File) { latenttest.FewTables(f, "y") },
	})
	if m := tiny(t); m.channels != 8 || m.scale != 16 || m.contexts.tables.Rows != 5 {
		t.Errorf("the tiny model: %+v", m)
	}
}

func FuzzDecode(f *testing.F)     { latenttest.FuzzDecode(f, tinyCodec(f)) }
func FuzzDecodePNG(f *testing.F)  { latenttest.FuzzDecode(f, staged{tinyCodec(f), entropyPNG}) }
func FuzzParseModel(f *testing.F) { latenttest.FuzzModel(f, tinyModel, parse) }
