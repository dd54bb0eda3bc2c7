package sweep

import "time"

// clock estimates the remaining time from what each curve's jobs took a pixel.
type clock struct {
	r       *Result
	left    []float64 // pixels to do, by row
	ran     []pace    // what ran, by row
	told    []pace    // what cached results took when they were made, without their metrics
	workers int
}

// pace is how long a number of pixels took.
type pace struct{ pixels, seconds float64 }

func (p *pace) add(pixels, seconds float64) {
	p.pixels += pixels
	p.seconds += seconds
}

func newClock(r *Result, cells []cell, workers int) *clock {
	n := len(r.Rows)
	k := &clock{r: r, left: make([]float64, n), ran: make([]pace, n), told: make([]pace, n), workers: workers}
	for _, c := range cells {
		k.left[c.row] += k.size(c)
	}
	return k
}

func (k *clock) size(c cell) float64 {
	img := k.r.Plan.Images[c.image]
	return float64(img.Width) * float64(img.Height)
}

// done counts a finished job; out is nil if it failed.
func (k *clock) done(c cell, took time.Duration, out *Outcome) {
	k.drop(c)
	if out != nil && out.Cached {
		k.told[c.row].add(k.size(c), (out.EncodeMS+out.DecodeMS)/1000)
		return
	}
	k.ran[c.row].add(k.size(c), took.Seconds())
}

// drop takes a job out of what is left.
func (k *clock) drop(c cell) { k.left[c.row] -= k.size(c) }

// remaining is the time that the rest will take, and each row's. Rows of which nothing
// ran are judged by what cached results say, else by the mean of the others, which is
// unsure.
func (k *clock) remaining() (all time.Duration, rows []time.Duration, unsure bool) {
	var mean pace
	for _, p := range k.ran {
		mean.add(p.pixels, p.seconds)
	}
	rows = make([]time.Duration, len(k.left))
	sum := 0.
	for i, left := range k.left {
		if left <= 0 {
			continue
		}
		p := k.ran[i]
		if p.pixels == 0 {
			p = k.told[i]
		}
		if p.pixels == 0 {
			p, unsure = mean, true
		}
		if p.pixels == 0 {
			continue
		}
		seconds := left * p.seconds / p.pixels / float64(k.workers)
		rows[i] = time.Duration(seconds * float64(time.Second))
		sum += seconds
	}
	return time.Duration(sum * float64(time.Second)), rows, unsure
}
