package jpeg

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

// upsampleH2V1 doubles the width: weights 3/4 and 1/4, rounding down and up in turn.
func upsampleH2V1(p *plane, y int, _ *frame) {
	w := p.comp.width
	src, dst := p.row(y)[:w], p.buf[:2*w]
	dst[0] = src[0]
	dst[1] = uint8((3*uint32(src[0]) + uint32(src[1]) + 2) >> 2)
	for i := 1; i < w-1; i++ {
		v := 3 * uint32(src[i])
		dst[2*i] = uint8((v + uint32(src[i-1]) + 1) >> 2)
		dst[2*i+1] = uint8((v + uint32(src[i+1]) + 2) >> 2)
	}
	dst[2*w-2] = uint8((3*uint32(src[w-1]) + uint32(src[w-2]) + 1) >> 2)
	dst[2*w-1] = src[w-1]
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
	before := 3*uint32(near[0]) + uint32(far[0])
	here := before
	for i := 1; i < w; i++ {
		after := 3*uint32(near[i]) + uint32(far[i])
		dst[2*i-2] = uint8((3*here + before + 8) >> 4)
		dst[2*i-1] = uint8((3*here + after + 7) >> 4)
		before, here = here, after
	}
	dst[2*w-2] = uint8((3*here + before + 8) >> 4)
	dst[2*w-1] = uint8((4*here + 7) >> 4)
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
