package codecs

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"codecworkbench/codecs/container"
)

// Registry is the list of codecs and filters of one program.
type Registry struct {
	codecs  []Codec
	filters []Filter
}

// NewRegistry checks that ids and container tags differ.
func NewRegistry(codecs []Codec, filters []Filter) (*Registry, error) {
	tags := map[uint32]string{}
	for _, c := range codecs {
		id := c.Info().ID
		if other, ok := tags[Tag(id)]; ok {
			return nil, fmt.Errorf("codec %q is registered twice or collides with %q", id, other)
		}
		tags[Tag(id)] = id
	}
	for i, f := range filters {
		for _, g := range filters[:i] {
			if f.Info().ID == g.Info().ID {
				return nil, fmt.Errorf("filter %q is registered twice", f.Info().ID)
			}
		}
	}
	return &Registry{codecs: codecs, filters: filters}, nil
}

// Tag is the codec tag in a container: a hash of the codec's id.
func Tag(id string) uint32 { return crc32.ChecksumIEEE([]byte(id)) }

// All returns the codecs in the program's order.
func (r *Registry) All() []Codec { return slices.Clone(r.codecs) }

// Filters returns the filters in the program's order.
func (r *Registry) Filters() []Filter { return slices.Clone(r.filters) }

// Codec finds a codec by id. The error lists what there is.
func (r *Registry) Codec(id string) (Codec, error) {
	for _, c := range r.codecs {
		if c.Info().ID == id {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no codec %q; there are: %s", id, strings.Join(r.ids(), ", "))
}

// Filter finds a filter by id. The error lists what there is.
func (r *Registry) Filter(id string) (Filter, error) {
	var have []string
	for _, f := range r.filters {
		if f.Info().ID == id {
			return f, nil
		}
		have = append(have, f.Info().ID)
	}
	if len(have) == 0 {
		return nil, fmt.Errorf("no filter %q; this build has none", id)
	}
	return nil, fmt.Errorf("no filter %q; there are: %s", id, strings.Join(have, ", "))
}

func (r *Registry) ids() []string {
	var out []string
	for _, c := range r.codecs {
		out = append(out, c.Info().ID)
	}
	return out
}

// ByNative finds the codec that writes files with an extension (".jpg").
func (r *Registry) ByNative(ext string) (Codec, bool) {
	for _, c := range r.codecs {
		if n := c.Info().Native; n != "" && strings.EqualFold(n, ext) {
			return c, true
		}
	}
	return nil, false
}

// Marshal returns the bytes of a .cwb file.
func Marshal(s *Stream) ([]byte, error) {
	f := container.File{Tag: Tag(s.Codec), Model: s.Model, Width: s.Width, Height: s.Height, Sections: s.Sections}
	return f.Marshal()
}

// Size returns the rate in bytes: of the native file where the codec has one, of
// the .cwb file otherwise.
func Size(info Info, s *Stream) (int, error) {
	if info.Native != "" {
		file, err := s.Native()
		return len(file), err
	}
	data, err := Marshal(s)
	return len(data), err
}

// Parse reads a .cwb file and finds its codec. Damaged sections are an error
// unless the codec is Resilient.
func (r *Registry) Parse(data []byte) (*Stream, Codec, error) {
	s, c, err := r.Inspect(data)
	if err != nil {
		return nil, nil, err
	}
	info := c.Info()
	if info.Resilient {
		return s, c, nil
	}
	for _, sec := range s.Sections {
		if sec.Damaged {
			return nil, nil, fmt.Errorf("%w: section %q (%d bytes at byte %d) is cut or changed",
				container.ErrDamaged, info.SectionName(sec.Kind), sec.Length, sec.Offset)
		}
	}
	return s, c, nil
}

// Inspect is Parse without the refusal of damaged sections.
func (r *Registry) Inspect(data []byte) (*Stream, Codec, error) {
	f, err := container.Parse(data)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range r.codecs {
		if Tag(c.Info().ID) == f.Tag {
			return &Stream{Codec: c.Info().ID, Model: f.Model, Width: f.Width, Height: f.Height, Sections: f.Sections}, c, nil
		}
	}
	return nil, nil, fmt.Errorf("the file was written by a codec (tag %08x) that this program does not have", f.Tag)
}
