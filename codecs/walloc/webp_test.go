package walloc

import (
	"strconv"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
)

// The file of WebP pictures holds the symbols of the other golden files.
func TestGoldenWebP(t *testing.T) {
	latenttest.System{Tiny: staged{tinyCodec(t), entropyWebP}, Hash: hash}.Golden(t, latenttest.Golden{File: "testdata/golden-webp.cwb", Symbols: "518ec7ec850068b6d9e75d2bbb9b8327", PSNR: 37.472})
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
	s := latenttest.Encode(t, staged{c, entropyWebP}, p, nil)
	trace, err := c.Inspect(t.Context(), s, p)
	if err != nil {
		t.Fatal(err)
	}
	rows := latenttest.Panel[codecs.Table](t, trace, "coding").Rows
	if want := strconv.Itoa(len(s.Sections[1].Payload)); len(rows) != 6 || rows[4][0] != "WebP" || rows[4][1] != want {
		t.Errorf("%v, the file's section holds %s bytes", rows, want)
	}
}

func FuzzDecodeWebP(f *testing.F) { latenttest.FuzzDecode(f, staged{tinyCodec(f), entropyWebP}) }
