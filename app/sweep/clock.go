package sweep

import "time"

// clock estimates the remaining time from what each curve's jobs took a pixel.
type clock struct {
	r       *Result
	left    []float64 // pixels to do, by row
	pixels  []float64 // pixels done without the cache, by row
	seconds []float64 // for them
	workers int
}

func newClock(r *Result, cells []cell, workers int) *clock {
	n := len(r.Rows)
	k := &clock{r: r, left: make([]float64, n), pixels: make([]float64, n), seconds: make([]float64, n), workers: workers}
	for _, c := range cells {
		k.left[c.row] += k.size(c)
	}
	return k
}

func (k *clock) size(c cell) float64 {
	img := k.r.Plan.Images[c.image]
	return float64(img.Width) * float64(img.Height)
}

// done counts a finished job and returns the time that the rest will take. Rows of
// which nothing ran yet are judged by the mean of the others.
func (k *clock) done(c cell, took time.Duration, cached bool) time.Duration {
	k.left[c.row] -= k.size(c)
	if !cached {
		k.pixels[c.row] += k.size(c)
		k.seconds[c.row] += took.Seconds()
	}
	var pixels, seconds float64
	for i := range k.pixels {
		pixels += k.pixels[i]
		seconds += k.seconds[i]
	}
	if pixels == 0 {
		return 0
	}
	var rest float64
	for i, left := range k.left {
		rate := seconds / pixels
		if k.pixels[i] > 0 {
			rate = k.seconds[i] / k.pixels[i]
		}
		rest += left * rate
	}
	return time.Duration(rest / float64(k.workers) * float64(time.Second))
}
