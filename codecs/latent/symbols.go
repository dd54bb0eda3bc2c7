package latent

import (
	"fmt"
	"math"
	"sync/atomic"

	"codecworkbench/codecs"
)

// MaxSymbol bounds symbols, so that damaged files can't overflow anything.
const MaxSymbol = 1 << 14

// Clamp keeps a symbol within bounds.
func Clamp(v int) int { return min(max(v, -MaxSymbol), MaxSymbol) }

// Nearest rounds; numbers that are none, or too large, become the nearest bound.
func Nearest(v float32) int {
	const bound = 1 << 20
	if !(v > -bound) {
		return -bound
	}
	return int(math.Floor(float64(min(v, bound)) + 0.5))
}

// Edit replaces symbols, [High, Wide, channels]; an edit's part is the channel.
func (l Layout) Edit(symbols []int16, channels int, edits []codecs.Edit) error {
	for _, e := range edits {
		if e.Part < 0 || e.Part >= channels || e.X < 0 || e.X >= l.Wide || e.Y < 0 || e.Y >= l.High {
			return fmt.Errorf("no latent in channel %d at %d, %d: there are %d channels of %d x %d", e.Part, e.X, e.Y, channels, l.Wide, l.High)
		}
		symbols[(e.Y*l.Wide+e.X)*channels+e.Part] = int16(Clamp(e.Value))
	}
	return nil
}

// Meter counts steps of the same work, from any goroutine, and reports them.
type Meter struct {
	done  atomic.Int64
	total int
	on    func(codecs.Progress)
}

// NewMeter returns a meter of total steps; on may be nil.
func NewMeter(total int, on func(codecs.Progress)) *Meter { return &Meter{total: total, on: on} }

// Tick counts a step.
func (m *Meter) Tick() { codecs.Report(m.on, int(m.done.Add(1)), m.total) }
