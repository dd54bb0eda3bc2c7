package roi

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
)

const (
	// maxStrength bounds how far inside and outside lie apart, in q.
	maxStrength = 10
	// topQ is the highest quality of a position, in 1/QUnit: beyond the models' highest
	// level, finer steps still gain a quarter of a dB inside at 0.5 bits a pixel.
	topQ = 12 * latent.QUnit
	// mapHead is a map's length before its coded weights: the qualities of weight 0 and of
	// fullWeight.
	mapHead = 4
)

// newMap spreads quality q (in 1/QUnit) over the weights of positions; nil where all come out
// alike.
func newMap(q int, strength float64, weights []uint8) *latent.Map {
	if slices.Min(weights) == slices.Max(weights) {
		return nil
	}
	sum := 0
	for _, w := range weights {
		sum += int(w)
	}
	mean := float64(sum) / float64(fullWeight*len(weights))
	at := func(weight float64) int {
		v := float64(q) + latent.QUnit*strength*(weight-mean)
		return int(math.Round(min(max(v, 0), topQ)))
	}
	low, high := at(0), at(1)
	if low == high {
		return nil
	}
	return &latent.Map{Q: between(low, high), Index: weights}
}

// between are the qualities of all weights.
func between(low, high int) []int {
	out := make([]int, fullWeight+1)
	for i := range out {
		out[i] = low + ((high-low)*i+fullWeight/2)/fullWeight
	}
	return out
}

// weightBits is how many bits a weight has.
const weightBits = 3

// mapCoder codes weights, each in the context of its neighbours, which adapt as it goes.
type mapCoder struct {
	latent.Layout
	index    []uint8
	mixer    *entropy.IndexCoder
	contexts [3]uint32
}

// newMapCoder's coder fills or reads index, row by row.
func newMapCoder(l latent.Layout, index []uint8) *mapCoder {
	c := &mapCoder{Layout: l, index: index}
	c.mixer = entropy.NewIndexCoder(weightBits, len(c.contexts), 12)
	return c
}

// look sets the contexts of a position from the ones to the left and above. At the edges,
// the nearest that is known stands for those that are not there.
func (c *mapCoder) look(x, y int) []uint32 {
	up := max(y-1, 0) * c.Wide
	var west, north, northWest, northEast uint32
	switch {
	case y > 0:
		north = uint32(c.index[up+x])
		northWest, northEast = uint32(c.index[up+max(x-1, 0)]), uint32(c.index[up+min(x+1, c.Wide-1)])
		west = north
		if x > 0 {
			west = uint32(c.index[y*c.Wide+x-1])
		}
	case x > 0:
		west = uint32(c.index[x-1])
		north, northWest, northEast = west, west, west
	}
	c.contexts = [3]uint32{west | north<<4, west | northEast<<4, west | north<<4 | northWest<<8 | northEast<<12}
	return c.contexts[:]
}

// writeMap is a map's payload.
func writeMap(l latent.Layout, m *latent.Map) []byte {
	out, c := entropy.NewEncoder(), newMapCoder(l, m.Index)
	for y := range l.High {
		for x := range l.Wide {
			c.mixer.Encode(out, c.look(x, y), int(m.Index[y*l.Wide+x]))
		}
	}
	head := binary.LittleEndian.AppendUint16(nil, uint16(m.Q[0]))
	return append(binary.LittleEndian.AppendUint16(head, uint16(m.Q[fullWeight])), out.Bytes()...)
}

// readMap reads a stream's map; nil where it has none.
func readMap(s *codecs.Stream, l latent.Layout) (*latent.Map, error) {
	payload, ok := s.Section(sectionMap, 0)
	if !ok {
		for _, sec := range s.Sections {
			if sec.Kind == sectionMap {
				return nil, fmt.Errorf("%w: its section map, without which no latent has a scale, is damaged", latent.ErrDamaged)
			}
		}
		return nil, nil
	}
	if len(payload) < mapHead {
		return nil, fmt.Errorf("%w: its map ends too early", latent.ErrDamaged)
	}
	low, high := int(binary.LittleEndian.Uint16(payload)), int(binary.LittleEndian.Uint16(payload[2:]))
	if low > topQ || high > topQ || low > high {
		return nil, fmt.Errorf("%w: its map goes from q %d to %d, at most %d is known", latent.ErrDamaged, low, high, topQ)
	}
	in, c := entropy.NewDecoder(payload[mapHead:]), newMapCoder(l, nil)
	for y := range l.High {
		c.index = append(c.index, make([]uint8, l.Wide)...)
		for x := range l.Wide {
			w := c.mixer.Decode(in, c.look(x, y))
			if w > fullWeight {
				return nil, fmt.Errorf("%w: its map has the weight %d, at most %d is known", latent.ErrDamaged, w, fullWeight)
			}
			c.index[y*l.Wide+x] = uint8(w)
		}
		if in.Overrun() > 0 {
			return nil, fmt.Errorf("%w: its map ends too early", latent.ErrDamaged)
		}
	}
	return &latent.Map{Q: between(low, high), Index: c.index}, nil
}
