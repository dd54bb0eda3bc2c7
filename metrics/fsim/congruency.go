package fsim

import (
	"context"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// Kovesi's filters as FSIM has them: log-Gabor functions of four scales and four
// orientations.
const (
	scales          = 4
	orientations    = 4
	minWavelength   = 6    // samples, of the finest scale
	wavelengthRatio = 2    // from one scale to the next
	bandwidth       = 0.55 // sigma of the log-Gabor function over its centre frequency
	angularRatio    = 1.2  // angle between orientations over the sigma across them
	cutoff          = 0.45 // of the low-pass filter that rounds off the spectrum's corners
	sharpness       = 30   // its exponent
	// The threshold of noise: this many standard deviations above its mean, all
	// divided by what Kovesi found to fit.
	noiseDeviations = 2
	noiseDivisor    = 1.7
	tinyAmplitude   = 1e-4
)

// detector finds phase congruency in pictures of one size.
type detector struct {
	transform *transform
	// radial are the filters' radial parts for the frequencies that are not
	// negative, columns x rows of them.
	columns int
	radial  [scales][]float64
	// theta is the direction of each frequency, spread the filters' angular part for
	// one orientation.
	theta, spread []float64
	// bands are a picture filtered at the four scales: even filters in the real
	// part, odd ones in the imaginary part.
	bands  [scales][]complex128
	sorted []float64 // scratch memory for a median
}

// phaseCongruency returns the phase congruency of each plane, 0..1 or a little more:
// how far the waves of different lengths agree in phase, by place.
func phaseCongruency(ctx context.Context, width, height int, pictures ...[]float64) ([][]float64, error) {
	d, err := newDetector(ctx, width, height)
	if err != nil {
		return nil, err
	}
	n := width * height
	spectra, energies, amplitudes := make([][]complex128, len(pictures)), make([][]float64, len(pictures)), make([][]float64, len(pictures))
	for i, p := range pictures {
		spectra[i], energies[i], amplitudes[i] = make([]complex128, n), make([]float64, n), make([]float64, n)
		if err := d.transform.forward(ctx, spectra[i], p); err != nil {
			return nil, err
		}
	}
	for o := range orientations {
		noise, err := d.orient(ctx, o)
		if err != nil {
			return nil, err
		}
		for i := range pictures {
			if err := d.filter(ctx, spectra[i]); err != nil {
				return nil, err
			}
			if err := d.accumulate(ctx, energies[i], amplitudes[i], noise); err != nil {
				return nil, err
			}
		}
	}
	for i, energy := range energies {
		for k, a := range amplitudes[i] {
			if a > 0 {
				energy[k] /= a
			}
		}
	}
	return energies, nil
}

// frequency returns the frequency of index k of n, in cycles a sample. Kovesi
// divides by n-1 where n is odd.
func frequency(k, n int) float64 {
	if k > (n-1)/2 {
		k -= n
	}
	return float64(k) / float64(max(n-n%2, 1))
}

func newDetector(ctx context.Context, width, height int) (*detector, error) {
	d := &detector{transform: newTransform(width, height), columns: width/2 + 1}
	n := width * height
	d.theta, d.spread, d.sorted = make([]float64, n), make([]float64, n), make([]float64, n)
	for s := range d.bands {
		d.bands[s] = make([]complex128, n)
		d.radial[s] = make([]float64, d.columns*(height/2+1))
	}
	if err := kernel.Parallel(ctx, height, func() func(int) { return d.fillTheta }); err != nil {
		return nil, err
	}
	return d, kernel.Parallel(ctx, height/2+1, func() func(int) { return d.fillRadial })
}

// fillTheta computes the directions along row y of the spectrum; that of the mean
// is 0.
func (d *detector) fillTheta(y int) {
	width := d.transform.width
	fy := -frequency(y, d.transform.height)
	for x := range width {
		d.theta[y*width+x] = math.Atan2(fy, frequency(x, width))
	}
	if y == 0 {
		d.theta[0] = 0
	}
}

// fillRadial computes the radial parts along row y of the spectrum.
func (d *detector) fillRadial(y int) {
	logBandwidth := math.Log(bandwidth)
	for x := range d.columns {
		if x == 0 && y == 0 {
			continue // no filter lets the mean through
		}
		r := math.Hypot(frequency(x, d.transform.width), frequency(y, d.transform.height))
		lowPass := 1 / (1 + math.Pow(r/cutoff, sharpness))
		centre := 1. / minWavelength
		for s := range d.radial {
			l := math.Log(r / centre)
			d.radial[s][y*d.columns+x] = math.Exp(-l*l/(2*logBandwidth*logBandwidth)) * lowPass
			centre /= wavelengthRatio
		}
	}
}

// radialRow returns the radial part of one scale along row y of the spectrum, from
// frequency 0 on; negative frequencies have the value of their magnitude.
func (d *detector) radialRow(s, y int) []float64 {
	y = min(y, d.transform.height-y)
	return d.radial[s][y*d.columns : (y+1)*d.columns]
}

// noiseGain is what the threshold of one orientation takes from its filters.
type noiseGain struct {
	finest float64 // sum of the squares of the finest scale's filter
	all    float64 // sum of the squares of the even part of all scales together
}

// orient computes the angular part of an orientation.
func (d *detector) orient(ctx context.Context, o int) (noiseGain, error) {
	width, height := d.transform.width, d.transform.height
	angle := float64(o) * math.Pi / orientations
	sigma := math.Pi / orientations / angularRatio
	err := kernel.Parallel(ctx, height, func() func(int) {
		return func(y int) {
			spread := d.spread[y*width : (y+1)*width]
			for x, theta := range d.theta[y*width : (y+1)*width] {
				apart := math.Abs(theta - angle)
				apart = min(apart, 2*math.Pi-apart)
				spread[x] = math.Exp(-apart * apart / (2 * sigma * sigma))
			}
		}
	})
	if err != nil {
		return noiseGain{}, err
	}
	rows := make([]noiseGain, height)
	err = kernel.Parallel(ctx, height, func() func(int) {
		return func(y int) { rows[y] = d.noiseRow(y) }
	})
	var total noiseGain
	for _, r := range rows {
		total.finest += r.finest
		total.all += r.all
	}
	return total, err
}

// noiseRow sums over one row of the spectrum. The filters' impulse responses add up
// to one whose real part has the even part of the filters as its transform: by
// Parseval's theorem, no transform is needed.
func (d *detector) noiseRow(y int) (sum noiseGain) {
	width, height := d.transform.width, d.transform.height
	here, opposite := d.spread[y*width:], d.spread[(height-y)%height*width:]
	for x := range width {
		r := min(x, width-x)
		all := 0.
		for s := range scales {
			all += d.radialRow(s, y)[r]
		}
		even := all * (here[x] + opposite[(width-x)%width]) / 2
		sum.all += even * even
		finest := d.radialRow(0, y)[r] * here[x]
		sum.finest += finest * finest
	}
	return sum
}

// filter computes the bands of a picture for the orientation that was set.
func (d *detector) filter(ctx context.Context, spectrum []complex128) error {
	width := d.transform.width
	for s := range d.bands {
		err := d.transform.inverse(ctx, d.bands[s], func(row []complex128, y int) {
			radial, spread, in := d.radialRow(s, y), d.spread[y*width:], spectrum[y*width:]
			for x := range row {
				f := radial[min(x, width-x)] * spread[x]
				row[x] = complex(real(in[x])*f, imag(in[x])*f)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// accumulate adds one orientation's energy above the noise and its amplitude.
func (d *detector) accumulate(ctx context.Context, energy, amplitude []float64, noise noiseGain) error {
	for i, e := range d.bands[0] {
		d.sorted[i] = real(e)*real(e) + imag(e)*imag(e)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// The squared amplitude of the finest scale is mostly noise, and then Rayleigh
	// distributed.
	power := median(d.sorted) / math.Ln2 / noise.finest
	tau := math.Sqrt(power * noise.all)
	threshold := (tau*math.Sqrt(math.Pi/2) + noiseDeviations*tau*math.Sqrt((4-math.Pi)/2)) / noiseDivisor
	width := d.transform.width
	return kernel.Parallel(ctx, d.transform.height, func() func(int) {
		return func(y int) {
			for i := y * width; i < (y+1)*width; i++ {
				e, a := d.energy(i)
				energy[i] += max(e-threshold, 0)
				amplitude[i] += a
			}
		}
	})
}

// energy returns how far the scales' responses at one place point the same way, and
// the sum of their amplitudes.
func (d *detector) energy(i int) (energy, amplitude float64) {
	var even, odd float64
	for s := range d.bands {
		e, o := real(d.bands[s][i]), imag(d.bands[s][i])
		even += e
		odd += o
		amplitude += math.Sqrt(e*e + o*o)
	}
	length := math.Sqrt(even*even+odd*odd) + tinyAmplitude
	even, odd = even/length, odd/length
	for s := range d.bands {
		e, o := real(d.bands[s][i]), imag(d.bands[s][i])
		energy += e*even + o*odd - math.Abs(e*odd-o*even)
	}
	return energy, amplitude
}

// median returns the middle value, or the mean of the two in the middle; v is
// reordered.
func median(v []float64) float64 {
	middle := len(v) / 2
	upper := nth(v, middle)
	if len(v)%2 == 1 {
		return upper
	}
	lower := v[0] // the largest below
	for _, x := range v[:middle] {
		lower = max(lower, x)
	}
	return (lower + upper) / 2
}

// nth reorders v so that v[n] is what it would be if sorted, with nothing larger
// before it and nothing smaller behind, and returns it (Hoare's selection).
func nth(v []float64, n int) float64 {
	low, high := 0, len(v)-1
	for low < high {
		pivot := v[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			high = j
		case n >= i:
			low = i
		default:
			return v[n]
		}
	}
	return v[n]
}
