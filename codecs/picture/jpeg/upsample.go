package jpeg

import "encoding/binary"

// upsampler writes the full-width row y of the picture to p.buf. Its rules are
// libjpeg-turbo's: a triangle filter for factors of two, replication otherwise.
// Factors that are no whole numbers, which libjpeg refuses, take the nearest sample.
type upsampler func(p *plane, y int, f *frame)

// chooseUpsampler returns nil for components at full resolution.
func chooseUpsampler(c *component, f *frame) upsampler {
	if f.hMax%c.h != 0 || f.vMax%c.v != 0 {
		return upsampleNearest
	}
	h, v := f.hMax/c.h, f.vMax/c.v
	// The horizontal filters need three samples, as in libjpeg.
	wide := c.width > 2
	switch {
	case h == 1 && v == 1:
		return nil
	case h == 2 && v == 1 && wide:
		return upsampleH2V1
	case h == 2 && v == 2 && wide:
		return upsampleH2V2
	case h == 1 && v == 2:
		return upsampleH1V2
	}
	return upsampleBox
}

// The filters below work on four samples at a time, in lanes of 16 bits of a
// uint64, which is more than twice as fast as one by one. Their results leave the
// lanes' upper halves to be filled with those of the neighbouring pixels.
const (
	laneOnes = 0x0001000100010001
	laneLow  = 0x00FF00FF00FF00FF
)

// lanes spreads four bytes over the lanes of a uint64.
func lanes(b []uint8) uint64 {
	v := uint64(binary.LittleEndian.Uint32(b))
	v = (v | v<<16) & 0x0000FFFF0000FFFF
	return (v | v<<8) & laneLow
}

// upsampleH2V1 doubles the width: weights 3/4 and 1/4, rounding down and up in turn.
func upsampleH2V1(p *plane, y int, _ *frame) {
	w := p.comp.width
	src, dst := p.row(y)[:w], p.buf[:2*w]
	here := lanes4(src)
	before := here << 48
	i := 0
	for ; i+8 <= w; i += 4 {
		after := lanes(src[i+4:])
		even := (3*here + (here<<16 | before>>48) + laneOnes) >> 2 & laneLow
		odd := (3*here + (here>>16 | after<<48) + 2*laneOnes) >> 2 & laneLow
		binary.LittleEndian.PutUint64(dst[2*i:], even|odd<<8)
		before, here = here, after
	}
	for ; i < w; i++ {
		v := 3 * uint32(src[i])
		dst[2*i] = uint8((v + uint32(src[max(i-1, 0)]) + 1) >> 2)
		dst[2*i+1] = uint8((v + uint32(src[min(i+1, w-1)]) + 2) >> 2)
	}
}

// lanes4 is lanes for rows that may be shorter than four.
func lanes4(row []uint8) uint64 {
	if len(row) < 4 {
		return 0
	}
	return lanes(row)
}

// near returns the sample row of picture row y of a half-height component and the
// one that it is mixed with.
func (p *plane) near(y int) (near, far []uint8) {
	if y&1 == 0 {
		return p.row(y / 2), p.row(y/2 - 1)
	}
	return p.row(y / 2), p.row(y/2 + 1)
}

// upsampleH1V2 doubles the height.
func upsampleH1V2(p *plane, y int, _ *frame) {
	near, far := p.near(y)
	w := p.comp.width
	near, far, dst := near[:w], far[:w], p.buf[:w]
	bias := uint32(1 + y&1)
	for i, v := range near {
		dst[i] = uint8((3*uint32(v) + uint32(far[i]) + bias) >> 2)
	}
}

// upsampleH2V2 doubles both: columns are summed with weights 3 and 1, then rows.
func upsampleH2V2(p *plane, y int, _ *frame) {
	near, far := p.near(y)
	w := p.comp.width
	near, far, dst := near[:w], far[:w], p.buf[:2*w]
	here := 3*lanes4(near) + lanes4(far)
	before := here << 48
	i := 0
	for ; i+8 <= w; i += 4 {
		after := 3*lanes(near[i+4:]) + lanes(far[i+4:])
		even := (3*here + (here<<16 | before>>48) + 8*laneOnes) >> 4 & laneLow
		odd := (3*here + (here>>16 | after<<48) + 7*laneOnes) >> 4 & laneLow
		binary.LittleEndian.PutUint64(dst[2*i:], even|odd<<8)
		before, here = here, after
	}
	sum := func(i int) uint32 {
		i = min(max(i, 0), w-1)
		return 3*uint32(near[i]) + uint32(far[i])
	}
	for ; i < w; i++ {
		dst[2*i] = uint8((3*sum(i) + sum(i-1) + 8) >> 4)
		dst[2*i+1] = uint8((3*sum(i) + sum(i+1) + 7) >> 4)
	}
}

// upsampleBox repeats samples a whole number of times.
func upsampleBox(p *plane, y int, f *frame) {
	h, v := f.hMax/p.comp.h, f.vMax/p.comp.v
	src := p.row(y / v)
	for x := range f.width {
		p.buf[x] = src[x/h]
	}
}

// upsampleNearest takes the sample that lies nearest to each pixel's centre.
func upsampleNearest(p *plane, y int, f *frame) {
	c := p.comp
	src := p.row((2*y + 1) * c.v / (2 * f.vMax))
	for x := range f.width {
		p.buf[x] = src[min((2*x+1)*c.h/(2*f.hMax), c.width-1)]
	}
}
