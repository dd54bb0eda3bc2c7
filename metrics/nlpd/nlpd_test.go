package nlpd

import (
	"math"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/luma"
	"codecworkbench/metrics/internal/metrictest"
)

func TestGolden(t *testing.T) {
	metrictest.Golden(t, New(), "nlpd_y", metrictest.Absolute(1e-6))
}

func TestBehaviour(t *testing.T) {
	metrictest.Behaviour(t, New(), metrictest.Traits{Identity: 0, Symmetric: true})
}

func BenchmarkNLPD(b *testing.B) { metrictest.Bench(b, New()) }

// matrix is a plane in float64 for computing by the definition.
type matrix [][]float64

func newMatrix(width, height int) matrix {
	m := make(matrix, height)
	for y := range m {
		m[y] = make([]float64, width)
	}
	return m
}

func lumaOf(p *picture.Picture) matrix {
	m := newMatrix(p.Width(), p.Height())
	for y := range m {
		luma.Row(luma.Y, m[y], p.RGB8(), 0, y)
		for x := range m[y] {
			m[y][x] /= 255
		}
	}
	return m
}

// lowPass are the weights of the pyramid's filter in two dimensions.
func lowPass(i, j int) float64 {
	w := [5]float64{.05, .25, .4, .25, .05}
	return w[i+2] * w[j+2]
}

// convolve sums weight(i, j) * at(x+j, y+i) over -2..2 in both directions.
func convolve(width, height int, at func(x, y int) float64, weight func(i, j int) float64) matrix {
	out := newMatrix(width, height)
	for y := range height {
		for x := range width {
			for i := -2; i <= 2; i++ {
				for j := -2; j <= 2; j++ {
					out[y][x] += weight(i, j) * at(x+j, y+i)
				}
			}
		}
	}
	return out
}

// reduce filters with mirrored borders and takes every second sample.
func reduce(m matrix) matrix {
	width, height := len(m[0]), len(m)
	fold := func(i, n int) int {
		i = ((i % (2 * n)) + 2*n) % (2 * n)
		return min(i, 2*n-1-i)
	}
	smooth := convolve(width, height, func(x, y int) float64 { return m[fold(y, height)][fold(x, width)] }, lowPass)
	out := newMatrix((width+1)/2, (height+1)/2)
	for y := range out {
		for x := range out[y] {
			out[y][x] = smooth[2*y][2*x]
		}
	}
	return out
}

// expand repeats the border, puts zeros between the samples, filters with zeros
// outside and drops two samples at the top and at the left.
func expand(m matrix, width, height int) matrix {
	wide := newMatrix(2*(len(m[0])+2), 2*(len(m)+2))
	for y := range len(m) + 2 {
		for x := range len(m[0]) + 2 {
			wide[2*y][2*x] = 4 * m[min(max(y-1, 0), len(m)-1)][min(max(x-1, 0), len(m[0])-1)]
		}
	}
	return convolve(width, height, func(x, y int) float64 {
		if y+2 < 0 || y+2 >= len(wide) || x+2 < 0 || x+2 >= len(wide[0]) {
			return 0
		}
		return wide[y+2][x+2]
	}, lowPass)
}

// byDefinition computes the metric with two-dimensional sums in float64.
func byDefinition(a, b matrix) float64 {
	sum := 0.
	for i := range levels {
		za, zb := a, b
		if i < levels-1 {
			za, zb = minus(a, expand(reduce(a), len(a[0]), len(a))), minus(b, expand(reduce(b), len(b[0]), len(b)))
			a, b = reduce(a), reduce(b)
		}
		za, zb = divide(za, divisors[i]), divide(zb, divisors[i])
		square, n := 0., 0.
		for _, row := range minus(za, zb) {
			for _, v := range row {
				square += v * v
				n++
			}
		}
		sum += math.Sqrt(square / n)
	}
	return sum / levels
}

func minus(a, b matrix) matrix {
	out := newMatrix(len(a[0]), len(a))
	for y := range a {
		for x := range a[y] {
			out[y][x] = a[y][x] - b[y][x]
		}
	}
	return out
}

func divide(m matrix, d divisor) matrix {
	height, width := len(m), len(m[0])
	out := convolve(width, height, func(x, y int) float64 {
		if y < 0 || y >= height || x < 0 || x >= width {
			return 0
		}
		return math.Abs(m[y][x])
	}, func(i, j int) float64 { // turned by half a turn, as a convolution does
		return map[[2]int]float64{{1, 0}: float64(d.up), {0, 1}: float64(d.left), {0, -1}: float64(d.right), {-1, 0}: float64(d.down)}[[2]int{i, j}]
	})
	for y := range m {
		for x := range m[y] {
			out[y][x] = m[y][x] / (out[y][x] + float64(d.constant))
		}
	}
	return out
}

// TestDefinition: sizes of one sample, odd ones, and those where tiles meet. Bands
// of small pictures hold little but what float32 rounds, magnified by 1/0.02.
func TestDefinition(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 1}, {1, 3}, {3, 2}, {5, 7}, {16, 16}, {31, 33}, {514, 66}, {1025, 3}, {3, 130}} {
		a, b := metrictest.Noise(t, size[0], size[1], 8, 1), metrictest.Noise(t, size[0], size[1], 20, 2)
		got, want := metrictest.Measure(t, New(), a, b).Number, byDefinition(lumaOf(a), lumaOf(b))
		if math.Abs(got-want) > 5e-6 {
			t.Errorf("%d x %d: got %v, want %v", size[0], size[1], got, want)
		}
	}
}

// TestSpread: every pixel gets the sample nearest to it, once.
func TestSpread(t *testing.T) {
	for _, width := range []int{1, 2, 7, 40, 1100} {
		for i := range levels {
			m := &metrics.Map{Width: width, Height: 3, Step: 1, Values: make([]float32, 3*width)}
			columns, rows := (width+(1<<i)-1)>>i, (3+(1<<i)-1)>>i
			for y := range rows {
				for x := 0; x < columns; x += 8 { // in parts, as tiles do
					part := make([]float32, min(8, columns-x))
					for k := range part {
						part[k] = float32(100*y + x + k)
					}
					spread(m, i, x, y, part)
				}
			}
			for y := range 3 {
				for x := range width {
					nearest := func(v, n int) int { return min((v+1<<i>>1)>>i, n-1) }
					if got, want := m.Values[y*width+x], float32(100*nearest(y, rows)+nearest(x, columns)); got != want {
						t.Fatalf("width %d, level %d: pixel %d, %d has %v, want %v", width, i, x, y, got, want)
					}
				}
			}
		}
	}
}
