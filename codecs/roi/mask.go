package roi

import (
	"fmt"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/picture"
)

// fullWeight is the weight of a position that is all inside; outside, it is 0.
const fullWeight = 4

// readMask returns the weight of each position, 0 to fullWeight, from a picture file that is
// stretched over the grid's picture.
func readMask(path string, l latent.Layout) ([]uint8, error) {
	p, err := picture.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the mask can't be used, give a picture that is light where this one matters: %w", err)
	}
	return weigh(p, l), nil
}

// weigh averages a mask's luma over each position's pixels. What is transparent counts as
// black.
func weigh(mask *picture.Picture, l latent.Layout) []uint8 {
	img := mask.RGB8()
	out := make([]uint8, 0, l.Positions())
	for y := range l.High {
		y0, y1 := stretch(y*l.Scale, min((y+1)*l.Scale, l.Height), l.Height, mask.Height())
		for x := range l.Wide {
			x0, x1 := stretch(x*l.Scale, min((x+1)*l.Scale, l.Width), l.Width, mask.Width())
			sum := 0
			for row := y0; row < y1; row++ {
				sum += luma(img.Pix[img.PixOffset(x0, row) : img.PixOffset(x1-1, row)+4])
			}
			most := white * (y1 - y0) * (x1 - x0)
			out = append(out, uint8((2*fullWeight*sum+most)/(2*most)))
		}
	}
	return out
}

// stretch turns pixels from a up to b out of n into those of a side of m that they lie on,
// at least one.
func stretch(a, b, n, m int) (from, to int) {
	from = min(a*m/n, m-1)
	return from, max((b*m+n-1)/n, from+1)
}

// white is the luma of a white, opaque pixel.
const white = 1000 * 255

// luma sums pixels' luma (ITU-R BT.601) times opacity.
func luma(pix []uint8) int {
	sum := 0
	for i := 0; i < len(pix); i += 4 {
		p := pix[i : i+4 : i+4]
		sum += (299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) * int(p[3]) / 255
	}
	return sum
}
