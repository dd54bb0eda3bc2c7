package viewport

import (
	"context"
	"encoding/binary"
	"image"

	"codecworkbench/app/report/heatmap"
)

// Tone is how a source's values become colours.
type Tone int

// The tones.
const (
	Plain      Tone = iota // as they are, times the gain
	Signed                 // 128 is zero: what lies off it is multiplied by the gain
	FalseColor             // the red value times the gain chooses a colour of heatmap.Colors
)

// zero is the value that stands for no difference in signed differences.
const zero = 128

// Difference builds the pyramid of the absolute difference of two pictures of one
// size, channel by channel, with both put on black where they have alpha. Coarser levels average
// the difference, so that a zoomed-out view shows its mean and loses none of it.
//
// The pyramids of differences keep the two pictures, which must not change any more, and
// no full-size level: its rows are made when they are drawn.
func Difference(ctx context.Context, a, b *image.NRGBA) (*Pyramid, error) {
	return newMade(ctx, a.Rect, &pictures{a, b, absolute})
}

// SignedDifference builds the pyramid of a - b, channel by channel, as 128 plus the
// difference, for Tone Signed. Differences beyond -128 to 127 are cut there.
func SignedDifference(ctx context.Context, a, b *image.NRGBA) (*Pyramid, error) {
	return newMade(ctx, a.Rect, &pictures{a, b, signed})
}

// LargestDifference builds the pyramid of the largest absolute difference of a
// channel, for Tone FalseColor.
func LargestDifference(ctx context.Context, a, b *image.NRGBA) (*Pyramid, error) {
	return newMade(ctx, a.Rect, &pictures{a, b, largest})
}

// kind is what is made of the differences of the three channels.
type kind int

const (
	absolute kind = iota
	signed
	largest
)

// pictures are two pictures of one size whose difference is seen.
type pictures struct {
	a, b *image.NRGBA
	kind kind
}

// row makes pixels x0 to x1-1 of a row.
func (d *pictures) row(out []uint8, y, x0, x1 int) {
	a := d.a.Pix[y*d.a.Stride+4*x0 : y*d.a.Stride+4*x1]
	b := d.b.Pix[y*d.b.Stride+4*x0 : y*d.b.Stride+4*x1]
	out = out[:len(a)]
	i := 0
	for ; i+8 <= len(a); i += 8 { // two opaque pixels at once
		p, q := binary.LittleEndian.Uint64(a[i:]), binary.LittleEndian.Uint64(b[i:])
		if p&q&opaque2 != opaque2 {
			d.pixel(out[i:i+4:i+4], a[i:i+4:i+4], b[i:i+4:i+4])
			d.pixel(out[i+4:i+8:i+8], a[i+4:i+8:i+8], b[i+4:i+8:i+8])
			continue
		}
		var v uint64
		if d.kind == signed {
			v = signedLanes(p&lanes, q&lanes) | signedLanes(p>>8&lanes, q>>8&lanes)<<8 | opaque2
		} else {
			v = absoluteLanes(p&lanes, q&lanes) | absoluteLanes(p>>8&lanes, q>>8&lanes)<<8 | opaque2
		}
		if d.kind == largest {
			for k := i; k < i+8; k += 4 {
				m := max(uint8(v), uint8(v>>8), uint8(v>>16))
				out[k], out[k+1], out[k+2], out[k+3] = m, m, m, 255
				v >>= 32
			}
			continue
		}
		binary.LittleEndian.PutUint64(out[i:], v)
	}
	for ; i < len(a); i += 4 {
		d.pixel(out[i:i+4:i+4], a[i:i+4:i+4], b[i:i+4:i+4])
	}
}

const (
	ones    = 0x0001000100010001
	opaque2 = 0xff000000ff000000 // the alpha of two opaque pixels
)

// absoluteLanes is |p - q| in four lanes of 16 bits that hold 0 to 255.
func absoluteLanes(p, q uint64) uint64 {
	d := (p | ones<<8) - q   // 256 + p - q
	less := ^(d >> 8) & ones // 1 where p < q
	return (d&lanes ^ less*255) + less
}

// signedLanes is p - q + 128, cut to 0 to 255, in four lanes.
func signedLanes(p, q uint64) uint64 {
	d := p + ones*(256+zero) - q // 256 + the value
	return d&lanes&(d>>8&ones*255) | d>>9&ones*255
}

// pixel makes one pixel.
func (d *pictures) pixel(out, p, q []uint8) {
	var v [3]int
	for c := range 3 {
		v[c] = int(mul255(p[c], p[3])) - int(mul255(q[c], q[3]))
	}
	for c := range 3 {
		switch d.kind {
		case absolute:
			out[c] = uint8(max(v[c], -v[c]))
		case signed:
			out[c] = uint8(min(max(v[c]+zero, 0), 255))
		default:
			out[c] = uint8(max(v[0], -v[0], v[1], -v[1], v[2], -v[2]))
		}
	}
	out[3] = 255
}

// falseColors are the colours of FalseColor.
var falseColors = heatmap.Colors()

// apply turns a row of opaque values into colours.
func (t Tone) apply(row []uint8, gain int) {
	gain = max(gain, 1)
	switch {
	case t == FalseColor:
		for i := 0; i < len(row); i += 4 {
			c := &falseColors[min(int(row[i])*gain, heatmap.Shades-1)]
			row[i], row[i+1], row[i+2] = c[0], c[1], c[2]
		}
	case gain == 1:
	case t == Signed:
		for i := 0; i < len(row); i += 4 {
			for c := range 3 {
				row[i+c] = uint8(min(max(zero+(int(row[i+c])-zero)*gain, 0), 255))
			}
		}
	default:
		for i := 0; i < len(row); i += 4 {
			for c := range 3 {
				row[i+c] = uint8(min(int(row[i+c])*gain, 255))
			}
		}
	}
}
