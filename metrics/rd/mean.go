package rd

import (
	"math"
	"slices"
	"strings"
)

// MeanOptions says how values of several pictures become one.
type MeanOptions struct {
	// PSNRofMeanMSE averages the squared errors behind a PSNR (every metric whose id
	// begins with "psnr") instead of the decibels, as Cool-chic reports it: up to
	// 0.5 dB lower. An infinite PSNR then counts, as an error of 0.
	PSNRofMeanMSE bool
}

// Omitted says what a mean left out.
type Omitted struct {
	Pictures []string       // names of pictures that miss a point which others have
	Points   []int          // ladder indices without a mean
	Values   map[string]int // by metric: values of used pictures that are infinite or undefined
}

// Mean returns, for every index of the ladder, the arithmetic mean over the
// pictures of each value. All points are means over the same pictures, so that a
// curve doesn't bend where a file failed:
//   - an index that fewer than half of the pictures have is left out (its Point
//     has no Values), and so are pictures that miss one of the others;
//   - if that leaves no picture, the indices that all pictures have are used.
//
// Pictures without any point (not begun yet) count for neither. Values that are
// infinite or undefined are left out of their own mean alone. Q is NaN where the
// pictures' differ.
func Mean(images []ImageCurve, o MeanOptions) ([]Point, Omitted) {
	sel := choose(images)
	omitted := Omitted{Values: map[string]int{}}
	for i, c := range images {
		if !slices.Contains(sel.pictures, i) {
			omitted.Pictures = append(omitted.Pictures, c.Name)
		}
	}
	points := make([]Point, sel.ladder)
	used := make([]ImageCurve, len(sel.pictures))
	for i, k := range sel.pictures {
		used[i] = images[k]
	}
	keys := keysOf(used)
	for index := range points {
		points[index].Q = commonQ(images, index)
		if !slices.Contains(sel.indices, index) {
			omitted.Points = append(omitted.Points, index)
			continue
		}
		points[index].Values = make(map[string]float64, len(keys))
		for _, key := range keys {
			d := o.domain(key)
			mean, n := weightedMean(column(used, index, key, d), nil)
			if v := d.out(mean); finite(v) {
				points[index].Values[key] = v
			}
			if n < len(used) {
				omitted.Values[key] += len(used) - n
			}
		}
	}
	return points, omitted
}

// WithMetric returns the curve over those pictures that have a finite value of a
// metric: where some lack it, too small for its window or infinite, the means of the
// rate and of the metric would be over different pictures. A curve whose pictures
// all have it, or none has, comes back as it is.
func (c Curve) WithMetric(id string, o MeanOptions) Curve {
	some, lacks := false, false
	images := slices.Clone(c.Images)
	for i := range images {
		points := slices.Clone(images[i].Points)
		for k, p := range points {
			v, ok := p.Values[id]
			switch {
			case ok && finite(v):
				some = true
			case len(p.Values) > 0:
				lacks = true
				points[k].Values = nil
			}
		}
		images[i].Points = points
	}
	if some && lacks {
		c.Images = images
		c.Points, _ = Mean(images, o)
	}
	return c
}

// selection is which pictures and which indices of the ladder enter a mean.
type selection struct {
	ladder            int
	pictures, indices []int
}

func choose(images []ImageCurve) selection {
	var s selection
	var begun []int
	for i, c := range images {
		s.ladder = max(s.ladder, len(c.Points))
		if slices.ContainsFunc(c.Points, func(p Point) bool { return len(p.Values) > 0 }) {
			begun = append(begun, i)
		}
	}
	have := make([]int, s.ladder)
	for _, i := range begun {
		for index := range s.ladder {
			if has(images[i], index) {
				have[index]++
			}
		}
	}
	for index, n := range have {
		if n > 0 && 2*n >= len(begun) {
			s.indices = append(s.indices, index)
		}
	}
	for _, i := range begun {
		if !slices.ContainsFunc(s.indices, func(index int) bool { return !has(images[i], index) }) {
			s.pictures = append(s.pictures, i)
		}
	}
	if len(s.pictures) > 0 {
		return s
	}
	s.pictures, s.indices = begun, nil
	for index, n := range have {
		if n > 0 && n == len(begun) {
			s.indices = append(s.indices, index)
		}
	}
	return s
}

func has(c ImageCurve, index int) bool {
	return index < len(c.Points) && len(c.Points[index].Values) > 0
}

// keysOf returns the ids of all values, sorted.
func keysOf(images []ImageCurve) []string {
	seen := map[string]bool{}
	var keys []string
	for _, c := range images {
		for _, p := range c.Points {
			for key := range p.Values {
				if !seen[key] {
					seen[key] = true
					keys = append(keys, key)
				}
			}
		}
	}
	slices.Sort(keys)
	return keys
}

func commonQ(images []ImageCurve, index int) float64 {
	q, found := math.NaN(), false
	for _, c := range images {
		switch {
		case !has(c, index):
		case !found:
			q, found = c.Points[index].Q, true
		case c.Points[index].Q != q:
			return math.NaN()
		}
	}
	return q
}

// A domain is the scale on which values are averaged.
type domain struct{ meanMSE bool }

func (o MeanOptions) domain(key string) domain {
	return domain{o.PSNRofMeanMSE && strings.HasPrefix(key, "psnr")}
}

func (d domain) in(v float64) float64 {
	if d.meanMSE {
		return math.Pow(10, -v/10)
	}
	return v
}

func (d domain) out(v float64) float64 {
	if d.meanMSE {
		return -10 * math.Log10(v)
	}
	return v
}

// column returns one value of every picture at one index, on the domain's scale;
// NaN where there is none.
func column(images []ImageCurve, index int, key string, d domain) []float64 {
	out := make([]float64, len(images))
	for i, c := range images {
		out[i] = math.NaN()
		if !has(c, index) {
			continue
		}
		if v, ok := c.Points[index].Values[key]; ok {
			out[i] = d.in(v)
		}
	}
	return out
}

// weightedMean averages the finite values, each counted weights[i] times (nil:
// once), and returns how many there were; NaN for none.
func weightedMean(values []float64, weights []int) (mean float64, n int) {
	sum := 0.
	for i, v := range values {
		w := 1
		if weights != nil {
			w = weights[i]
		}
		if w > 0 && finite(v) {
			sum += float64(w) * v
			n += w
		}
	}
	return sum / float64(n), n
}
