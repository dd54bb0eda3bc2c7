package workbench

import (
	"slices"

	"codecworkbench/codecs"
)

// sessionChanges are a candidate's changes on the screen Inside, as sessions keep them.
type sessionChanges struct {
	Off   []string `json:"off,omitempty"`
	UpTo  int      `json:"up_to,omitempty"`
	Trust bool     `json:"trust,omitempty"`
	// Of is the key of the result that symbols and bytes belong to.
	Of      string   `json:"of,omitempty"`
	Symbols [][4]int `json:"symbols,omitempty"` // part, x, y, value
	Bytes   [][2]int `json:"bytes,omitempty"`   // offset in the file, value
}

// maxKept bounds the replaced symbols, and the bytes, that a session may bring.
const maxKept = 1 << 16

// sessionOf is what a session keeps of changes; nil: there are none.
func (c Changes) sessionOf() *sessionChanges {
	if !c.Any() {
		return nil
	}
	s := &sessionChanges{Off: c.Off, UpTo: c.UpTo, Trust: c.Trust}
	if len(c.Edits)+len(c.Bytes) > 0 {
		s.Of = c.key
	}
	for _, e := range c.Edits {
		s.Symbols = append(s.Symbols, [4]int{e.Part, e.X, e.Y, e.Value})
	}
	for _, b := range c.Bytes {
		s.Bytes = append(s.Bytes, [2]int{b.Offset, int(b.Value)})
	}
	return s
}

// changes are those that a session kept; of a damaged one, what makes sense.
func (s *sessionChanges) changes() Changes {
	if s == nil {
		return Changes{}
	}
	c := Changes{Off: slices.Compact(slices.Sorted(slices.Values(s.Off))), UpTo: max(s.UpTo, 0), Trust: s.Trust, key: s.Of}
	for _, e := range s.Symbols[:min(len(s.Symbols), maxKept)] {
		c.Edits = append(c.Edits, codecs.Edit{Part: e[0], X: e[1], Y: e[2], Value: e[3]})
	}
	for _, b := range s.Bytes[:min(len(s.Bytes), maxKept)] {
		if b[0] >= 0 && b[1] >= 0 && b[1] <= 255 {
			c.Bytes = append(c.Bytes, ByteChange{Offset: b[0], Value: byte(b[1])})
		}
	}
	return c
}
