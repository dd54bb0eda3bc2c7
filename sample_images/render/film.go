package main

import (
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// render traces a scene and develops it to 8-bit sRGB.
func (s *scene) render(width, height, samples int, seed uint64) *image.NRGBA {
	s.tree = newTree(s.shapes)
	linear := make([]vec, width*height)
	var row atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				y := int(row.Add(1)) - 1
				if y >= height {
					return
				}
				for x := range width {
					rng := rand.New(rand.NewPCG(seed, uint64(y*width+x)))
					linear[y*width+x] = s.pixel(x, y, width, height, samples, rng)
				}
			}
		}()
	}
	wg.Wait()
	return s.develop(linear, width, height, seed)
}

// pixel averages jittered samples through the lens, with a tent filter of a pixel
// each way, as a sensor's optics have.
func (s *scene) pixel(x, y, width, height, samples int, rng *rand.Rand) vec {
	c := s.camera
	forward := c.to.sub(c.from).unit()
	right := forward.cross(vec{0, 1, 0}).unit()
	up := right.cross(forward)
	scale := math.Tan(c.fov*math.Pi/360) * 2 / float64(height)
	var sum vec
	grid := int(math.Sqrt(float64(samples)))
	for i := range grid * grid {
		tent := func(cell int) float64 {
			t := 2 * (float64(cell) + rng.Float64()) / float64(grid)
			if t < 1 {
				return math.Sqrt(t) - 1
			}
			return 1 - math.Sqrt(2-t)
		}
		px := (float64(x) + 0.5 + tent(i%grid) - float64(width)/2) * scale
		py := (float64(height)/2 - float64(y) - 0.5 - tent(i/grid)) * scale
		at := c.from.add(forward.add(right.scale(px)).add(up.scale(py)).scale(c.focus))
		a, b := disc(rng)
		from := c.from.add(right.scale(a * c.lens)).add(up.scale(b * c.lens))
		l := s.light(ray{from, at.sub(from).unit()}, rng)
		// Fireflies: no sample may outweigh its neighbours by far.
		if m := l.max(); m > 12 {
			l = l.scale(12 / m)
		}
		sum = sum.add(l)
	}
	return sum.scale(1 / float64(grid*grid))
}

// develop applies exposure, a soft shoulder, sRGB gamma and film grain, which is
// strongest in the mid tones and a little blurred.
func (s *scene) develop(linear []vec, width, height int, seed uint64) *image.NRGBA {
	rng := rand.New(rand.NewPCG(seed, 77))
	field := func() []float64 {
		g := make([]float64, width*height)
		for i := range g {
			g[i] = rng.NormFloat64()
		}
		return g
	}
	luma, chroma := field(), [3][]float64{field(), field(), field()}
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			i := y*width + x
			l := linear[i].scale(s.expose)
			// A neighbour shares part of each grain.
			j := y*width + min(x+1, width-1)
			k := min(y+1, height-1)*width + x
			shared := 0.8*luma[i] + 0.42*luma[j] + 0.42*luma[k]
			out := [3]float64{l.x, l.y, l.z}
			for c, v := range out {
				v = encode(shoulder(v))
				g := shared + 0.45*chroma[c][i]
				v += s.grain / 255 * g * (0.35 + 2.6*v*(1-v))
				img.Pix[4*i+c] = uint8(clamp(math.Round(255*v), 0, 255))
			}
			img.Pix[4*i+3] = 255
		}
	}
	return img
}

// shoulder rolls highlights off above 0.6 instead of clipping them.
func shoulder(v float64) float64 {
	const knee = 0.6
	if v <= knee {
		return max(v, 0)
	}
	return knee + (1-knee)*(1-math.Exp(-(v-knee)/(1-knee)))
}

// encode is the sRGB transfer function.
func encode(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}
