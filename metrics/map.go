package metrics

import (
	"context"
	"fmt"
)

// Mapper is implemented by metrics that can show where in the picture the
// difference lies.
type Mapper interface {
	Metric
	// MapKinds lists the maps that there are, the most telling one first.
	MapKinds() []MapKind
	// Map computes the map of that kind. Pair and errors are as for Compare. Use
	// MapOf, which checks both.
	Map(ctx context.Context, p *Pair, kind string) (*Map, error)
}

// MapKind describes one map of a metric.
type MapKind struct {
	ID, Name string // "artifacts", "Artifacts"
	Unit     string // of the values; empty if they have none
	Summary  string // one sentence: what a high or a low value tells
	// Good is the value where nothing differs, Bad the one at the other end of a
	// colour scale; values may go beyond it. Good > Bad where higher is better.
	Good, Bad float64
}

// Map is a picture of local error, in the metric's own scale or the one that it
// averages (PSNR: the squared error).
type Map struct {
	Width, Height int // in values
	// Value (i, j) belongs to the Step x Step pixels from (X + i*Step, Y + j*Step)
	// on. Pixels that no value belongs to are a border that the metric's window
	// can't reach; values may reach past the picture's edges, so that X and Y may be
	// below 0.
	X, Y, Step int
	Values     []float32 // row by row
}

// At returns the value that belongs to a pixel; false where there is none.
func (m *Map) At(x, y int) (float32, bool) {
	if x < m.X || y < m.Y {
		return 0, false
	}
	i, j := (x-m.X)/m.Step, (y-m.Y)/m.Step
	if i >= m.Width || j >= m.Height {
		return 0, false
	}
	return m.Values[j*m.Width+i], true
}

// MapOf computes a metric's map, after the checks and compositing of Measure; an
// empty kind is the metric's first.
func MapOf(ctx context.Context, m Mapper, p *Pair, kind string) (*Map, error) {
	kinds := m.MapKinds()
	if kind == "" {
		kind = kinds[0].ID
	}
	known := false
	for _, k := range kinds {
		known = known || k.ID == kind
	}
	if !known {
		return nil, fmt.Errorf("%s has no map %q", m.Info().ID, kind)
	}
	p, _, err := p.readyFor(m.Info())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Info().ID, err)
	}
	out, err := m.Map(ctx, p, kind)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Info().ID, err)
	}
	return out, nil
}
