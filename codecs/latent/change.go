package latent

import (
	"image"

	"codecworkbench/codecs"
)

// Symbols lets the symbols of y, [High, Wide, channels], be looked at and replaced as
// Edit does, up to a largest magnitude.
func (l Layout) Symbols(symbols []int16, channels, largest int, help string) []codecs.Symbols {
	columns := 8
	for columns < 16 && columns*columns < channels {
		columns += 4
	}
	return []codecs.Symbols{{
		ID: "symbols", Name: "Latents by channel", Help: help, Noun: codecs.Noun{One: "latent", Many: "latents"}, Axis: "channel",
		Width: l.Wide, Height: l.High, Scale: l.Scale, Columns: columns, Min: -largest, Max: largest,
		At: func(x, y int) []int {
			out := make([]int, channels)
			for c, v := range symbols[(y*l.Wide+x)*channels:][:channels] {
				out[c] = int(v)
			}
			return out
		},
	}}
}

// Places say where a file's sections went: those of a kind each into its region, the
// others, but for the header, everywhere.
func (l Layout) Places(s *codecs.Stream, kind byte) []codecs.Place {
	regions := l.Regions()
	var out []codecs.Place
	for i, sec := range s.Sections {
		switch {
		case sec.Kind == SectionHeader:
		case sec.Kind != kind:
			out = append(out, codecs.Place{Part: i, Rect: image.Rect(0, 0, l.Width, l.Height)})
		case sec.Part < uint64(len(regions)):
			r := regions[sec.Part]
			out = append(out, codecs.Place{Part: i, Rect: image.Rect(r.X0*l.Scale, r.Y0*l.Scale,
				min(r.X1*l.Scale, l.Width), min(r.Y1*l.Scale, l.Height))})
		}
	}
	return out
}

// LargestEdit is the largest magnitude that a replaced symbol should have: beyond it,
// networks only saturate.
const LargestEdit = 255
