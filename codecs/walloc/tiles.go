package walloc

import (
	"context"
	"fmt"
	"image"
	"math"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture/png"
)

// zeroSample is the sample of PNG pictures that stands for the symbol 0.
const zeroSample = 128

// tiling is how the channels of a region lie in one grey picture: each as a picture of its
// own, row by row, in as square an arrangement as there is.
type tiling struct {
	latent.Region
	across, down int // tiles
}

func (m *model) tiling(r latent.Region) tiling {
	across := int(math.Ceil(math.Sqrt(float64(m.channels))))
	return tiling{r, across, (m.channels + across - 1) / across}
}

// size in pixels.
func (t tiling) size() (width, height int) {
	return t.across * (t.X1 - t.X0), t.down * (t.Y1 - t.Y0)
}

// at is where the symbol of a channel at x, y lies.
func (t tiling) at(x, y, c int) (int, int) {
	return c%t.across*(t.X1-t.X0) + x - t.X0, c/t.across*(t.Y1-t.Y0) + y - t.Y0
}

// writePNG makes a region's PNG picture.
func (m *model) writePNG(ctx context.Context, g grid, r latent.Region, _ int, tick func()) ([]byte, error) {
	t := m.tiling(r)
	w, h := t.size()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = zeroSample // of tiles without a channel
	}
	err := r.Each(ctx, nil, tick, func(x, y int) {
		for c, s := range g.symbols[(y*g.Wide+x)*m.channels:][:m.channels] {
			tx, ty := t.at(x, y, c)
			img.Pix[img.PixOffset(tx, ty)] = uint8(zeroSample + int(s)) // of a grey picture, the encoder reads the first sample
		}
	})
	if err != nil {
		return nil, err
	}
	return png.Encode(img, true, false)
}

// readPNG reads the symbols of a region.
func (m *model) readPNG(ctx context.Context, payload []byte, g grid, r latent.Region, _ int, tick func()) error {
	t := m.tiling(r)
	w, h := t.size()
	img, err := png.Decode(payload, func(width, height int) error {
		if width != w || height != h {
			return fmt.Errorf("its picture of latents has %d x %d pixels, expected %d x %d", width, height, w, h)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", latent.ErrDamaged, err)
	}
	return r.Each(ctx, nil, tick, func(x, y int) {
		for c := range m.channels {
			tx, ty := t.at(x, y, c)
			g.symbols[(y*g.Wide+x)*m.channels+c] = m.compander.clamp(int(img.Pix.Pix[img.Pix.PixOffset(tx, ty)]) - zeroSample)
		}
	})
}
