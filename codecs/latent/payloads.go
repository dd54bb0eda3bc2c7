package latent

import (
	"fmt"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
)

// Payloads are a kind's sections of a file, one a region.
type Payloads struct {
	Data [][]byte // nil where a region is lost
	Lost int      // regions
}

// ReadPayloads finds the sections of a kind, whose parts are regions. A damaged one counts
// as lost; a missing one is an error.
func ReadPayloads(s *codecs.Stream, kind byte, regions int) (Payloads, error) {
	p := Payloads{Data: make([][]byte, regions)}
	seen := make([]bool, regions)
	for _, sec := range s.Sections {
		if sec.Kind != kind || sec.Part >= uint64(regions) || seen[sec.Part] {
			continue
		}
		seen[sec.Part] = true
		switch {
		case sec.Damaged:
			p.Lost++
		case sec.Payload == nil:
			p.Data[sec.Part] = []byte{}
		default:
			p.Data[sec.Part] = sec.Payload
		}
	}
	for i, ok := range seen {
		if !ok {
			return p, fmt.Errorf("%w: region %d of %d is missing", ErrDamaged, i, regions)
		}
	}
	return p, nil
}

// Sections are the regions' payloads as sections of a kind.
func Sections(kind byte, payloads [][]byte) []container.Section {
	var out []container.Section
	for i, payload := range payloads {
		out = append(out, container.Section{Kind: kind, Part: uint64(i), Payload: payload})
	}
	return out
}

// Warnings tells that regions are lost; what says how the picture looks there.
func (p Payloads) Warnings(what string) []string {
	if p.Lost == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d regions are damaged: %s there", p.Lost, len(p.Data), what)}
}
