package walloc

import (
	"context"
	"fmt"
	"image"
	"math"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture/png"
	"codecworkbench/codecs/picture/raster"
	"codecworkbench/codecs/picture/webp"
	"codecworkbench/codecs/picture/webp/libwebp"
)

// zeroSample is the sample of pictures that stands for the symbol 0.
const zeroSample = 128

// tiling is how the channels of a region lie in one picture: each tile is a small picture
// of one channel, or of as many as the picture has colours, and tiles lie row by row, in as
// square an arrangement as there is.
type tiling struct {
	latent.Region
	colours      int // channels of a tile
	across, down int // tiles
}

func newTiling(r latent.Region, channels, colours int) tiling {
	tiles := (channels + colours - 1) / colours
	across := int(math.Ceil(math.Sqrt(float64(tiles))))
	return tiling{r, colours, across, (tiles + across - 1) / across}
}

// size in pixels.
func (t tiling) size() (width, height int) {
	return t.across * (t.X1 - t.X0), t.down * (t.Y1 - t.Y0)
}

// at is where the symbol of a channel at x, y lies in the picture's pixels.
func (t tiling) at(img *image.NRGBA, x, y, c int) int {
	tile := c / t.colours
	return img.PixOffset(tile%t.across*(t.X1-t.X0)+x-t.X0, tile/t.across*(t.Y1-t.Y0)+y-t.Y0) + c%t.colours
}

// tiles is an entropy stage that leaves the work to a lossless coder of pictures.
type tiles struct {
	m       *model
	colours int
	encode  func(img *image.NRGBA) ([]byte, error)
	decode  func(data []byte, limit raster.Limit) (*raster.Image, error)
}

// pngTiles are grey pictures, as each channel has its own statistics.
func (m *model) pngTiles() tiles {
	return tiles{m, 1, func(img *image.NRGBA) ([]byte, error) { return png.Encode(img, true, false) }, png.Decode}
}

// webpTiles have colours: WebP codes green first and the others with tables of their own,
// which takes 1 to 10 % fewer bytes than grey tiles.
func (m *model) webpTiles() tiles {
	return tiles{m, colours, func(img *image.NRGBA) ([]byte, error) { return libwebp.EncodeLossless(img, false) }, webp.Decode}
}

// write makes a region's picture.
func (s tiles) write(ctx context.Context, g grid, r latent.Region, _ int, tick func()) ([]byte, error) {
	n := s.m.channels
	t := newTiling(r, n, s.colours)
	w, h := t.size()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = zeroSample // of tiles without a channel
		if i%4 == 3 {
			img.Pix[i] = math.MaxUint8
		}
	}
	err := r.Each(ctx, nil, tick, func(x, y int) {
		for c, v := range g.symbols[(y*g.Wide+x)*n:][:n] {
			img.Pix[t.at(img, x, y, c)] = uint8(zeroSample + int(v)) // of a grey picture, encoders read the first sample
		}
	})
	if err != nil {
		return nil, err
	}
	return s.encode(img)
}

// read reads the symbols of a region. A picture of another size is refused before its
// pixels are.
func (s tiles) read(ctx context.Context, payload []byte, g grid, r latent.Region, _ int, tick func()) error {
	n := s.m.channels
	t := newTiling(r, n, s.colours)
	w, h := t.size()
	img, err := s.decode(payload, func(width, height int) error {
		if width != w || height != h {
			return fmt.Errorf("its picture of latents has %d x %d pixels, expected %d x %d", width, height, w, h)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", latent.ErrDamaged, err)
	}
	return r.Each(ctx, nil, tick, func(x, y int) {
		for c := range n {
			g.symbols[(y*g.Wide+x)*n+c] = s.m.compander.clamp(int(img.Pix.Pix[t.at(img.Pix, x, y, c)]) - zeroSample)
		}
	})
}
