package latenttest

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
)

// Damaged decodes and inspects a changed copy of a stream; an error, if there is to be one,
// must be ErrDamaged.
func Damaged(t *testing.T, c codecs.Codec, s *codecs.Stream, name string, change func(*codecs.Stream), wantErr bool) {
	t.Helper()
	d := *s
	d.Sections = slices.Clone(s.Sections)
	change(&d)
	_, err := c.Decode(t.Context(), &d, codecs.DecodeOptions{})
	if wantErr && !errors.Is(err, latent.ErrDamaged) {
		t.Errorf("%s: error %v", name, err)
	}
	if _, again := c.(codecs.Inspector).Inspect(t.Context(), &d, nil); (again == nil) != (err == nil) {
		t.Errorf("%s: decoding gives %v, inspection %v", name, err, again)
	}
}

func damage(t *testing.T, c codecs.Codec) {
	s := Encode(t, c, Scene(t, 600, 50, false, 5), nil)
	last := len(s.Sections) - 1
	if last < 2 || s.Sections[last].Part != 1 {
		t.Fatalf("%d sections, expected two regions at least", len(s.Sections))
	}
	Damaged(t, c, s, "no header", func(d *codecs.Stream) { d.Sections = d.Sections[1:] }, true)
	Damaged(t, c, s, "short header", func(d *codecs.Stream) { d.Sections[0].Payload = []byte{0} }, true)
	Damaged(t, c, s, "quality", func(d *codecs.Stream) { d.Sections[0].Payload = []byte{0xff, 0x7f} }, true)
	Damaged(t, c, s, "no region", func(d *codecs.Stream) { d.Sections = d.Sections[:last] }, true)
	Damaged(t, c, s, "size", func(d *codecs.Stream) { d.Width = 0 }, true)
	Damaged(t, c, s, "cut region", func(d *codecs.Stream) { d.Sections[last].Payload = d.Sections[last].Payload[:9] }, true)
	Damaged(t, c, s, "other size", func(d *codecs.Stream) { d.Width, d.Height = 333, 21 }, false)
	rng := rand.New(rand.NewPCG(6, 6))
	for i := range 60 {
		Damaged(t, c, s, "bit flip", func(d *codecs.Stream) {
			b := bytes.Clone(d.Sections[1+i%last].Payload)
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			d.Sections[1+i%last].Payload = b
		}, false)
	}
}

// lostRegion checks that a lost region shows, the other one stays, and a warning tells.
func lostRegion(t *testing.T, c codecs.Codec) {
	p := Scene(t, 700, 64, false, 5)
	data := Marshal(t, Encode(t, c, p, codecs.Params{"q": "10"}))
	whole := Decode(t, c, Parse(t, c, data), codecs.DecodeOptions{})
	data[len(data)-20] ^= 4
	s := Parse(t, c, data)
	r, err := c.Decode(t.Context(), s, codecs.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Warnings) != 1 {
		t.Errorf("warnings %q", r.Warnings)
	}
	if v := PSNR(p, r.Picture); v > PSNR(p, whole)-0.5 || v < 8 {
		t.Errorf("%.2f dB with a region lost, %.2f whole", v, PSNR(p, whole))
	}
	same := true
	for y := range 64 { // 256 pixels are out of the lost region's reach
		at := r.Picture.RGB8().PixOffset(0, y)
		same = same && bytes.Equal(r.Picture.RGB8().Pix[at:at+4*256], whole.RGB8().Pix[at:at+4*256])
	}
	if !same {
		t.Error("the region that is left has changed")
	}
	if _, err := c.(codecs.Inspector).Inspect(t.Context(), s, nil); err != nil {
		t.Errorf("inspection of a damaged file: %v", err)
	}
}

// truncation checks that a cut file decodes with a warning as long as only regions are lost,
// and is refused else.
func truncation(t *testing.T, c codecs.Codec) {
	r := registry(t, c)
	data := Marshal(t, Encode(t, c, Scene(t, 550, 20, false, 11), codecs.Params{"q": "7"}))
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

// emptySections checks that a few bytes that promise the largest picture are refused before
// memory is taken for it.
func emptySections(t *testing.T, c codecs.Codec) {
	s := Encode(t, c, Scene(t, 16, 16, false, 7), nil)
	s.Width, s.Height = 65535, 1525
	first := s.Sections[len(s.Sections)-1]
	s.Sections = slices.Clone(s.Sections[:len(s.Sections)-1])
	for i := range s.Sections[1:] {
		s.Sections[1+i].Payload = nil
	}
	for i := range latent.NewLayout(s.Width, s.Height, 16).Regions() {
		s.Sections = append(s.Sections, container.Section{Kind: first.Kind, Part: uint64(i)})
	}
	ticks := 0
	_, err := c.Decode(t.Context(), s, codecs.DecodeOptions{On: serial(func(codecs.Progress) { ticks++ })})
	if !errors.Is(err, latent.ErrDamaged) || ticks > 0 {
		t.Errorf("empty sections give %v after %d rows", err, ticks)
	}
}
