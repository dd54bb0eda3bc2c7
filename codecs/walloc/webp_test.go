package walloc

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/picture"
)

// webpCodec is a codec that writes WebP pictures unless it is told otherwise.
type webpCodec struct{ *Codec }

func (c webpCodec) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	o.Params = o.Params.With("entropy", entropyWebP)
	return c.Codec.Encode(ctx, p, o)
}

// The file of WebP pictures holds the symbols of the other golden files.
func TestGoldenWebP(t *testing.T) {
	s := latenttest.System{Tiny: webpCodec{tinyCodec(t)}, Hash: func(t testing.TB, c codecs.Codec, s *codecs.Stream) string {
		return hash(t, c.(webpCodec).Codec, s)
	}}
	s.Golden(t, latenttest.Golden{File: "testdata/golden-webp.cwb", Symbols: "518ec7ec850068b6d9e75d2bbb9b8327", PSNR: 37.472})
}

func TestWebPHoldsTheSameSymbols(t *testing.T) {
	c := tinyCodec(t)
	for _, side := range [][2]int{{1, 1}, {17, 31}, {600, 530}, {4096, 3}} {
		p := latenttest.Scene(t, side[0], side[1], false, 3)
		s := latenttest.Parse(t, c, latenttest.Marshal(t, latenttest.Encode(t, webpCodec{c}, p, nil)))
		if s.Sections[1].Kind != sectionWebP {
			t.Errorf("%v: a section of kind %d", side, s.Sections[1].Kind)
		}
		if got := latenttest.Decode(t, c, s, codecs.DecodeOptions{}); !got.Equal(latenttest.Decode(t, c, latenttest.Encode(t, c, p, nil), codecs.DecodeOptions{})) {
			t.Errorf("%v: its picture differs from that of our own coder's file", side)
		}
	}
}

func TestDamagedWebP(t *testing.T) {
	c := tinyCodec(t)
	s := latenttest.Encode(t, webpCodec{c}, latenttest.Scene(t, 600, 50, false, 5), nil)
	latenttest.Damaged(t, c, s, "no region", func(d *codecs.Stream) { d.Sections = d.Sections[:2] }, true)
	latenttest.Damaged(t, c, s, "cut", func(d *codecs.Stream) { d.Sections[1].Payload = d.Sections[1].Payload[:40] }, true)
	latenttest.Damaged(t, c, s, "empty", func(d *codecs.Stream) { d.Sections[1].Payload = nil }, true)
	latenttest.Damaged(t, c, s, "other picture", func(d *codecs.Stream) { d.Width = 333 }, true)
	latenttest.Damaged(t, c, s, "lost", func(d *codecs.Stream) { d.Sections[1].Damaged = true }, false)
	rng := rand.New(rand.NewPCG(6, 6))
	for range 40 {
		latenttest.Damaged(t, c, s, "bit flip", func(d *codecs.Stream) {
			b := append([]byte(nil), d.Sections[2].Payload...)
			b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
			d.Sections[2].Payload = b
		}, false)
	}
}

// Channels that are no multiple of the colours leave part of the last tile empty.
func TestTilings(t *testing.T) {
	for _, channels := range []int{1, 3, 7, 8, 24} {
		for _, deep := range []int{1, colours} {
			m := &model{channels: channels, compander: tiny(t).compander}
			l := latent.NewLayout(40, 24, 8)
			symbols := make([]int16, l.Positions()*channels)
			for i := range symbols {
				symbols[i] = int16(i%15 - 7)
			}
			s := m.webpTiles()
			s.colours = deep
			data, err := s.write(t.Context(), grid{l, symbols}, l.Regions()[0], 0, func() {})
			if err != nil {
				t.Fatal(err)
			}
			got := make([]int16, len(symbols))
			if err := s.read(t.Context(), data, grid{l, got}, l.Regions()[0], 0, func() {}); err != nil {
				t.Fatal(err)
			}
			for i := range got {
				if got[i] != symbols[i] {
					t.Fatalf("%d channels, %d a tile: symbol %d comes back as %d, was %d", channels, deep, i, got[i], symbols[i])
				}
			}
		}
	}
}

func TestInspectWebP(t *testing.T) {
	c, p := tinyCodec(t), latenttest.Scene(t, 200, 100, false, 14)
	s := latenttest.Encode(t, webpCodec{c}, p, nil)
	trace, err := c.Inspect(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	rows := latenttest.Panel[codecs.Table](t, trace, "coding").Rows
	if want := strconv.Itoa(len(s.Sections[1].Payload)); len(rows) != 6 || rows[4][0] != "WebP" || rows[4][1] != want {
		t.Errorf("%v, the file's section holds %s bytes", rows, want)
	}
}

func FuzzDecodeWebP(f *testing.F) { latenttest.FuzzDecode(f, webpCodec{tinyCodec(f)}) }
