package roi

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/picture"
)

// blobs are masks of a picture, each of one or two ellipses: centres and half axes as shares
// of its sides. They cover 10, 16 and 25 %.
var blobs = [][][4]float64{
	{{0.4, 0.55, 0.2, 0.16}},
	{{0.62, 0.42, 0.225, 0.226}},
	{{0.3, 0.4, 0.2, 0.22}, {0.72, 0.6, 0.17, 0.21}},
}

// inside tells whether a blob mask covers a pixel.
func inside(blob [][4]float64, x, y, w, h int) bool {
	for _, e := range blob {
		if math.Hypot((float64(x)/float64(w)-e[0])/e[2], (float64(y)/float64(h)-e[1])/e[3]) < 1 {
			return true
		}
	}
	return false
}

// maskFile writes a mask of w x h pixels.
func maskFile(t testing.TB, blob [][4]float64, w, h int) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		if inside(blob, i%w, i/w, w, h) {
			img.Pix[i] = 255
		}
	}
	return writePNG(t, img)
}

func writePNG(t testing.TB, img image.Image) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mask.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// plain is a mask of one colour.
func plain(t testing.TB, c color.Color) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for i := range 6 {
		img.Set(i%3, i/3, c)
	}
	return writePNG(t, img)
}

// sides are the PSNRs inside and outside of a blob mask.
func sides(a, b *picture.Picture, blob [][4]float64) (in, out float64) {
	var sum, n [2]float64
	x, y, w, h := a.RGB8().Pix, b.RGB8().Pix, a.Width(), a.Height()
	for i := range w * h {
		side := 0
		if inside(blob, i%w, i/w, w, h) {
			side = 1
		}
		for c := range 3 {
			d := float64(x[4*i+c]) - float64(y[4*i+c])
			sum[side] += d * d
		}
		n[side] += 3
	}
	psnr := func(i int) float64 { return 10 * math.Log10(255*255*n[i]/sum[i]) }
	return psnr(1), psnr(0)
}

// size is a file's length.
func size(t testing.TB, c *Codec, s *codecs.Stream) int {
	t.Helper()
	n, err := codecs.Size(c.Info(), s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sameSize is an encode whose file is as long as wanted, to 0.2 % or as near as there is.
func sameSize(t testing.TB, c *Codec, p *picture.Picture, want int, params codecs.Params) *codecs.Stream {
	t.Helper()
	low, high := 0, 1000 // q in hundredths
	var best *codecs.Stream
	miss := math.MaxInt
	for low <= high && miss > want/500 {
		q := (low + high) / 2
		s := latenttest.Encode(t, c, p, params.WithQ(float64(q)/100))
		d := size(t, c, s) - want
		if max(d, -d) < miss {
			best, miss = s, max(d, -d)
		}
		if d > 0 {
			high = q - 1
		} else {
			low = q + 1
		}
	}
	return best
}

// A mask makes its inside at least 1.5 dB better than the same codec without a mask at the
// same size: the mean over photographs, blob masks of 10 to 25 % and rates of 0.25 to 0.5
// bits a pixel. It takes every sixth picture of Kodak, or all where CODECWORKBENCH_FULL is
// set.
func TestGainInside(t *testing.T) {
	files, err := filepath.Glob("../../../shared/data/kodak/*.png")
	if err != nil || len(files) < 24 || testing.Short() {
		t.Skip("needs ../shared/data/kodak, and no -short")
	}
	stride := 6
	if os.Getenv("CODECWORKBENCH_FULL") != "" {
		stride = 1
	}
	c := latenttest.Shipped(t, ID, New)
	gain, loss, n := 0.0, 0.0, 0
	for i := 1 % stride; i < len(files); i += stride {
		p, err := picture.Open(files[i])
		if err != nil {
			t.Fatal(err)
		}
		blob := blobs[i/stride%len(blobs)]
		mask := maskFile(t, blob, p.Width(), p.Height())
		for _, bpp := range []float64{0.25, 0.5} {
			want := int(bpp * float64(p.Pixels()) / 8)
			s := sameSize(t, c, p, want, codecs.Params{"mask": mask})
			u := sameSize(t, c, p, size(t, c, s), nil)
			in, out := sides(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{}), blob)
			in0, out0 := sides(p, latenttest.Decode(t, c, u, codecs.DecodeOptions{}), blob)
			t.Logf("%s at %.2f bpp: %+.2f dB inside, %+.2f outside (%d bytes, uniform %d, of them the map %d)",
				filepath.Base(files[i]), bpp, in-in0, out-out0, size(t, c, s), size(t, c, u), mapBytes(s))
			gain, loss, n = gain+in-in0, loss+out-out0, n+1
		}
	}
	t.Logf("mean %+.2f dB inside, %+.2f outside", gain/float64(n), loss/float64(n))
	if gain/float64(n) < 1.5 {
		t.Errorf("%.2f dB more inside the mask, expected 1.5 at least", gain/float64(n))
	}
}

func mapBytes(s *codecs.Stream) int {
	payload, _ := s.Section(sectionMap, 0)
	return len(payload)
}
