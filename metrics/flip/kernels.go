package flip

import (
	"math"

	"codecworkbench/metrics/internal/raster"
)

// A gaussian is a sqrt(pi/b) exp(-pi^2 x^2 / b), x in degrees of visual angle: the
// eye's sensitivity to contrast, as a filter.
type gaussian struct{ a, b float64 }

// The sensitivity to brightness, to red against green and to yellow against blue.
var (
	sensitivityY  = gaussian{1, 0.0047}
	sensitivityCx = gaussian{1, 0.0053}
	sensitivityCz = [2]gaussian{{34.1, 0.04}, {13.5, 0.025}}
)

// edgeWidth is the width of an edge's or a point's detector in degrees.
const edgeWidth = 0.082

// kernels are the filters for one resolution, an odd number of weights along an axis. All
// filters are separable.
type kernels struct {
	y, cx []float32
	cz    [2][]float32 // the 2-D filter is the sum of two
	// A feature has a derivative along one axis and is smooth along the other.
	smooth, edge, point []float32
}

// reach is how far the widest of them goes.
func (k *kernels) reach() int { return max(len(k.cz[0]), len(k.smooth)) / 2 }

func newKernels(ppd float64) *kernels {
	k := &kernels{}
	radius := int(math.Ceil(3 * math.Sqrt(sensitivityCz[0].b/(2*math.Pi*math.Pi)) * ppd))
	y, cx := sensitivityY.samples(radius, ppd), sensitivityCx.samples(radius, ppd)
	k.y, k.cx = trim(scale(y, 1/sum(y))), trim(scale(cx, 1/sum(cx)))
	// Both 2-D filters of Cz sum to 1 together.
	first, second := sensitivityCz[0].samples(radius, ppd), sensitivityCz[1].samples(radius, ppd)
	total := math.Hypot(sum(first), sum(second))
	k.cz = [2][]float32{scale(first, 1/total), scale(second, 1/total)}

	sigma := 0.5 * edgeWidth * ppd
	radius = int(math.Ceil(3 * sigma))
	smooth := raster.Gaussian(sigma, radius)
	edge, point := make([]float64, len(smooth)), make([]float64, len(smooth))
	for i, g := range smooth {
		x := float64(i - radius)
		edge[i], point[i] = -x*g, (x*x/(sigma*sigma)-1)*g
	}
	k.smooth, k.edge, k.point = scale(smooth, 1), balance(edge), balance(point)
	return k
}

// samples returns what the 2-D Gaussian is the product of along both axes, at every pixel.
func (g gaussian) samples(radius int, ppd float64) []float64 {
	w := make([]float64, 2*radius+1)
	for i := range w {
		x := float64(i-radius) / ppd
		w[i] = math.Sqrt(g.a*math.Sqrt(math.Pi/g.b)) * math.Exp(-math.Pi*math.Pi*x*x/g.b)
	}
	return w
}

func sum(w []float64) float64 {
	total := 0.
	for _, v := range w {
		total += v
	}
	return total
}

func scale(w []float64, factor float64) []float32 {
	out := make([]float32, len(w))
	for i, v := range w {
		out[i] = float32(v * factor)
	}
	return out
}

// negligible weights, of 1 in all, change a result by less than its rounding to float32.
const negligible = 1e-8

// trim leaves out the outer weights that are negligible: those of a narrow Gaussian which
// the definition gives the radius of a wide one.
func trim(w []float32) []float32 {
	for len(w) > 1 && w[0] < negligible {
		w = w[1 : len(w)-1]
	}
	return w
}

// balance makes the positive weights sum to 1, the negative ones to -1.
func balance(w []float64) []float32 {
	positive, negative := 0., 0.
	for _, v := range w {
		positive += max(v, 0)
		negative += max(-v, 0)
	}
	out := make([]float32, len(w))
	for i, v := range w {
		if v > 0 {
			out[i] = float32(v / positive)
		} else {
			out[i] = float32(v / negative)
		}
	}
	return out
}
