package webp

import (
	"image"
	"runtime"
	"sync"
)

// toRGB converts decoded VP8 planes as libwebp does by default.
func toRGB(src *image.YCbCr) *image.NRGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	workers := runtime.GOMAXPROCS(0)
	if w*h < 1<<16 {
		workers = 1
	}
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			c := converter{src: src, dst: img, u: make([]uint8, w+1), v: make([]uint8, w+1)}
			for y := h * i / workers; y < h*(i+1)/workers; y++ {
				c.row(y)
			}
		})
	}
	wg.Wait()
	return img
}

// converter converts rows; u and v hold one row of upsampled chroma.
type converter struct {
	src  *image.YCbCr
	dst  *image.NRGBA
	u, v []uint8
}

// row converts row y. Its chroma comes from the two nearest chroma rows, the nearer
// one with three times the weight; at the picture's edge both are the same.
func (c *converter) row(y int) {
	w, h := c.dst.Rect.Dx(), c.dst.Rect.Dy()
	near := y / 2
	far := near + 1
	if y%2 == 0 {
		far = near - 1
	}
	if far < 0 || far > (h-1)/2 {
		far = near
	}
	stride := c.src.CStride
	cw := (w + 1) / 2
	upsample(c.u, c.src.Cb[near*stride:near*stride+cw], c.src.Cb[far*stride:far*stride+cw], w)
	upsample(c.v, c.src.Cr[near*stride:near*stride+cw], c.src.Cr[far*stride:far*stride+cw], w)
	luma := c.src.Y[y*c.src.YStride:][:w]
	dst := c.dst.Pix[y*c.dst.Stride:][:4*w]
	u, v := c.u[:w], c.v[:w]
	for x, l := range luma {
		d := dst[4*x : 4*x+4]
		yy, uu, vv := int32(l)*19077>>8, int32(u[x]), int32(v[x])
		d[0] = clip(yy + vv*26149>>8 - 14234)
		d[1] = clip(yy - uu*6419>>8 - vv*13320>>8 + 8708)
		d[2] = clip(yy + uu*33050>>8 - 17685)
		d[3] = 255
	}
}

// clip takes the 6 fraction bits off and limits to 0..255.
func clip(v int32) uint8 {
	if v&^16383 == 0 {
		return uint8(v >> 6)
	}
	if v < 0 {
		return 0
	}
	return 255
}

// upsample doubles a chroma row of (n+1)/2 samples to n: each output is 9/16 of the
// nearest sample, 3/16 of the next ones beside and in the far row, 1/16 of the
// diagonal one. The sum is rounded in two steps, as in libwebp, which makes it
// differ from (9a+3b+3c+d+8)/16 in the last bit.
func upsample(out, near, far []uint8, n int) {
	a, c := int(near[0]), int(far[0]) // left: near row and far row
	out[0] = uint8((3*a + c + 2) >> 2)
	for x := 1; x <= (n-1)/2; x++ {
		b, d := int(near[x]), int(far[x])
		sum := a + b + c + d + 8
		// Half of each: the diagonal through b and c, and the one through a and d.
		bc := (sum + 2*(b+c)) >> 3
		ad := (sum + 2*(a+d)) >> 3
		out[2*x-1] = uint8((bc + a) >> 1)
		out[2*x] = uint8((ad + b) >> 1)
		a, c = b, d
	}
	if n%2 == 0 {
		out[n-1] = uint8((3*a + c + 2) >> 2)
	}
}
