package hyperprior

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/safetensors"
)

func TestDamage(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 600, 50, false, 5), nil)
	if len(s.Sections) != 4 {
		t.Fatalf("%d sections, expected header, z and two regions", len(s.Sections))
	}
	check := func(name string, change func(*codecs.Stream), wantErr bool) {
		t.Helper()
		d := *s
		d.Sections = slices.Clone(s.Sections)
		change(&d)
		_, err := c.Decode(t.Context(), &d, codecs.DecodeOptions{})
		if wantErr && !errors.Is(err, errDamaged) {
			t.Errorf("%s: error %v", name, err)
		}
		if _, again := c.Inspect(t.Context(), &d, nil); (again == nil) != (err == nil) {
			t.Errorf("%s: decoding gives %v, inspection %v", name, err, again)
		}
	}
	check("no header", func(d *codecs.Stream) { d.Sections = d.Sections[1:] }, true)
	check("short header", func(d *codecs.Stream) { d.Sections[0].Payload = []byte{0} }, true)
	check("quality", func(d *codecs.Stream) { d.Sections[0].Payload = []byte{0xff, 0x7f} }, true)
	check("damaged z", func(d *codecs.Stream) { d.Sections[1].Damaged = true }, true)
	check("no region", func(d *codecs.Stream) { d.Sections = d.Sections[:3] }, true)
	check("size", func(d *codecs.Stream) { d.Width = 0 }, true)
	check("cut z", func(d *codecs.Stream) { d.Sections[1].Payload = nil }, false)
	check("cut region", func(d *codecs.Stream) { d.Sections[2].Payload = d.Sections[2].Payload[:9] }, true)
	check("other size", func(d *codecs.Stream) { d.Width, d.Height = 333, 21 }, false)
	rng := rand.New(rand.NewPCG(6, 6))
	for i := range 60 {
		check("bit flip", func(d *codecs.Stream) {
			b := bytes.Clone(d.Sections[1+i%3].Payload)
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			d.Sections[1+i%3].Payload = b
		}, false)
	}
}

// A lost region is blurred, the other one stays, and a warning tells.
func TestLostRegion(t *testing.T) {
	c := tinyCodec(t)
	p := scene(t, 700, 64, false, 5)
	data := marshal(t, encode(t, c, p, codecs.Params{"q": "10"}))
	whole := decode(t, c, mustParse(t, c, data), codecs.DecodeOptions{})
	data[len(data)-20] ^= 4
	s := mustParse(t, c, data)
	r, err := c.Decode(t.Context(), s, codecs.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) != 1 {
		t.Errorf("warnings %q", r.Warnings)
	}
	if v := psnr(p, r.Picture); v > psnr(p, whole)-0.5 || v < 8 {
		t.Errorf("%.2f dB with a region lost, %.2f whole", v, psnr(p, whole))
	}
	same := true
	for y := range 64 { // 256 pixels are out of the lost region's reach
		at := r.Picture.RGB8().PixOffset(0, y)
		same = same && bytes.Equal(r.Picture.RGB8().Pix[at:at+4*256], whole.RGB8().Pix[at:at+4*256])
	}
	if !same {
		t.Error("the region that is left has changed")
	}
	if _, err := c.Inspect(t.Context(), s, nil); err != nil {
		t.Errorf("inspection of a damaged file: %v", err)
	}
}

func mustParse(t *testing.T, c *Codec, data []byte) *codecs.Stream {
	t.Helper()
	s, _, err := registry(t, c).Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A cut file decodes with a warning as long as only regions are lost, and is refused else.
func TestTruncatedFiles(t *testing.T) {
	c := tinyCodec(t)
	r := registry(t, c)
	data, err := os.ReadFile(goldenFile)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(data) {
		s, _, err := r.Parse(data[:n])
		if err != nil {
			continue
		}
		out, err := c.Decode(t.Context(), s, codecs.DecodeOptions{})
		if err == nil && len(out.Warnings) == 0 {
			t.Errorf("%d of %d bytes were accepted without a warning", n, len(data))
		}
	}
}

// A few bytes that promise the largest picture are refused before memory is taken for it.
func TestEmptySections(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 16, 16, false, 7), nil)
	s.Width, s.Height = 65535, 1525
	s.Sections = s.Sections[:1]
	l := newLayout(s.Width, s.Height)
	s.Sections = append(s.Sections, container.Section{Kind: sectionZ})
	for i := range l.regions() {
		s.Sections = append(s.Sections, container.Section{Kind: sectionY, Part: uint64(i)})
	}
	ticks := 0
	_, err := c.Decode(t.Context(), s, codecs.DecodeOptions{On: serial(func(codecs.Progress) { ticks++ })})
	if !errors.Is(err, errDamaged) || ticks > 0 {
		t.Errorf("empty sections give %v after %d rows", err, ticks)
	}
}

// Models that don't fit the codec are refused, whatever is wrong with them.
func TestModelChecks(t *testing.T) {
	data, err := os.ReadFile("testdata/tiny.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(f *safetensors.File){
		"codec":        func(f *safetensors.File) { f.Metadata["codec"] = "klt" },
		"format":       func(f *safetensors.File) { f.Metadata["format"] = "2" },
		"no networks":  func(f *safetensors.File) { delete(f.Metadata, "networks") },
		"no synthesis": func(f *safetensors.File) { f.Metadata["networks"] = `{"analysis":[]}` },
		"no integers":  func(f *safetensors.File) { delete(f.Metadata, "integer") },
		"no z":         func(f *safetensors.File) { delete(f.Tensors, "z.cum") },
		"z's tables": func(f *safetensors.File) {
			f.Tensors["z.cum"] = f.Tensors["sigma.cum"]
			f.Tensors["z.table"] = f.Tensors["sigma.table"]
			few(f)
		},
		"few scales":       few,
		"analysis's shape": func(f *safetensors.File) { f.Metadata["networks"] = swap(f.Metadata["networks"]) },
	} {
		f, err := safetensors.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		change(f)
		bad, err := f.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseModel(bad); err == nil {
			t.Errorf("a model with bad %s is accepted", name)
		}
	}
	if m, err := parseModel(data); err != nil || m.channels != 8 || m.hyperChannels != 4 || m.levels != 3 {
		t.Errorf("the tiny model: %+v, %v", m, err)
	}
}

// few leaves a single scale.
func few(f *safetensors.File) {
	f.Tensors["sigma.table"] = safetensors.Of([]int32{2, 0, 16, 1}, 1, 4)
	f.Tensors["sigma.cum"] = safetensors.Of([]uint16{0, 9}, 2)
}

// swap exchanges analysis and synthesis.
func swap(text string) string {
	specs, err := nn.ParseSpecs([]byte(text))
	if err != nil {
		return text
	}
	specs["analysis"], specs["synthesis"] = specs["synthesis"], specs["analysis"]
	var f safetensors.File
	if err := nn.Store(&f, specs, nil, false); err != nil {
		return text
	}
	return f.Metadata["networks"]
}

func FuzzDecode(f *testing.F) {
	c := tinyCodec(f)
	s := encode(f, c, scene(f, 40, 24, false, 11), nil)
	f.Add(uint16(40), uint16(24), s.Sections[0].Payload, s.Sections[1].Payload, s.Sections[2].Payload)
	f.Add(uint16(1), uint16(200), []byte{1, 0}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, w, h uint16, head, z, y []byte) {
		if w > 512 || h > 512 {
			return
		}
		part := func(kind byte, data []byte) container.Section { return container.Section{Kind: kind, Payload: data} }
		d := &codecs.Stream{Codec: ID, Model: s.Model, Width: int(w), Height: int(h),
			Sections: []container.Section{part(sectionHeader, head), part(sectionZ, z), part(sectionY, y)}}
		r, err := c.Decode(t.Context(), d, codecs.DecodeOptions{})
		if err == nil && (r.Picture.Width() != int(w) || r.Picture.Height() != int(h)) {
			t.Errorf("%d x %d decoded to %d x %d", w, h, r.Picture.Width(), r.Picture.Height())
		}
		_, _ = c.Inspect(t.Context(), d, nil)
	})
}

func FuzzParseModel(f *testing.F) {
	data, err := os.ReadFile("testdata/tiny.safetensors")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte{})
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = parseModel(data) })
}

// A model whose hyper-synthesis does not fit its other networks is refused when it runs.
func TestHyperSynthesisChecked(t *testing.T) {
	data, err := os.ReadFile("testdata/tiny.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	m, err := parseModel(data)
	if err != nil {
		t.Fatal(err)
	}
	m.channels--
	w := newWorkspace().(*workspace)
	if _, err := m.predict(t.Context(), w, newLayout(64, 64), make([]int16, m.hyperChannels)); !errors.Is(err, errModel) {
		t.Errorf("a hyper-synthesis of too many channels gives %v", err)
	}
}
