package nn

import "fmt"

// MaxMapLevels is how many different levels a map may have.
const MaxMapLevels = 256

// LevelMap is a level for each position, for pictures that are not of the same quality
// everywhere. Whatever the size of what a layer modulates, it is divided evenly into H x W
// fields; those of the map of a codec's latents are its positions.
type LevelMap struct {
	H, W   int
	Levels []float64 // as Options.Level
	Index  []uint8   // [H, W]: which of the levels
}

// Check says what is wrong with a map; none is fine.
func (m *LevelMap) Check() error {
	if m == nil {
		return nil
	}
	if m.H < 1 || m.W < 1 || m.H > maxSide || m.W > maxSide || len(m.Index) != m.H*m.W || len(m.Levels) > MaxMapLevels {
		return fmt.Errorf("a map of %d x %d levels has %d positions and %d levels, at most %d", m.H, m.W, len(m.Index), len(m.Levels), MaxMapLevels)
	}
	for _, i := range m.Index {
		if int(i) >= len(m.Levels) {
			return fmt.Errorf("a map asks for level %d of %d", i, len(m.Levels))
		}
	}
	return nil
}
