package roi

import (
	"image"
	"image/color"
	"slices"
	"testing"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
)

// maskOf is a mask of one row of colours.
func maskOf(t *testing.T, alpha bool, row ...color.NRGBA) *picture.Picture {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, len(row), 1))
	for x, c := range row {
		img.SetNRGBA(x, 0, c)
	}
	p, err := picture.New(img, false, alpha, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Masks are stretched; a position's weight is the mean luma of what lies on it, and what is
// transparent is black.
func TestWeigh(t *testing.T) {
	black, white, green := color.NRGBA{0, 0, 0, 255}, color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 255, 0, 255}
	glass := color.NRGBA{255, 255, 255, 0}
	for name, c := range map[string]struct {
		w, h int
		mask *picture.Picture
		want []uint8
	}{
		"two fields":    {64, 32, maskOf(t, false, black, white), []uint8{0, 0, 4, 4, 0, 0, 4, 4}},
		"border within": {48, 16, maskOf(t, false, black, white), []uint8{0, 2, 4}},
		"colours":       {32, 16, maskOf(t, false, green, black), []uint8{2, 0}},
		"transparent":   {32, 16, maskOf(t, true, glass, white), []uint8{0, 4}},
		"a pixel":       {1, 1, maskOf(t, false, white, white, black), []uint8{3}},
		"last column":   {17, 1, maskOf(t, false, append(slices.Repeat([]color.NRGBA{black}, 16), white)...), []uint8{0, 4}},
	} {
		if got := weigh(c.mask, latent.NewLayout(c.w, c.h, 16)); !slices.Equal(got, c.want) {
			t.Errorf("%s: weights %v, expected %v", name, got, c.want)
		}
	}
}

// The mean quality is q wherever there is room, both sides rise with it, and uniform weights
// need no map.
func TestNewMap(t *testing.T) {
	weights := []uint8{2, 4, 0, 2, 4, 0} // the first is the mean
	last := &latent.Map{Q: []int{-1, -1, -1, -1, -1}}
	for q := 0; q <= latent.QMax*latent.QUnit; q += 10 {
		m := newMap(q, 4, weights)
		if m == nil {
			t.Fatalf("no map at %d", q)
		}
		sum := 0
		for i := range weights {
			sum += m.At(i)
		}
		if q >= 200 && sum != q*len(weights) {
			t.Errorf("at %d, the mean is %d / %d", q, sum, len(weights))
		}
		for i, v := range m.Q {
			if v < last.Q[i] || v < 0 || v > topQ || i > 0 && v < m.Q[i-1] {
				t.Errorf("at %d: qualities %v after %v", q, m.Q, last.Q)
			}
		}
		last = m
	}
	if m := newMap(500, 4, []uint8{3, 3, 3}); m != nil {
		t.Errorf("a uniform mask gives %+v", m)
	}
	if m := newMap(500, 0, weights); m != nil {
		t.Errorf("no strength gives %+v", m)
	}
}

// Maps survive in all shapes of grids.
func TestMapCoder(t *testing.T) {
	for _, side := range [][2]int{{1, 1}, {17, 31}, {4096, 3}, {3, 4096}, {768, 512}} {
		l := latent.NewLayout(side[0], side[1], 16)
		weights := make([]uint8, l.Positions())
		for i := range weights {
			weights[i] = uint8((i%l.Wide/3 + i/l.Wide/2) % (fullWeight + 1))
		}
		m := &latent.Map{Q: between(300, 800), Index: weights}
		got, err := readMap(streamOf(writeMap(l, m)), l)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Index, weights) || !slices.Equal(got.Q, m.Q) {
			t.Errorf("%v: read %v %v, wrote %v %v", side, got.Q, got.Index, m.Q, weights)
		}
	}
}
