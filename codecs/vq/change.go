package vq

import (
	"fmt"
	"image"

	"codecworkbench/codecs"
)

// loss says which sections of a stream are damaged: by kind, by slice.
type loss [sectionChroma + 1]map[int]bool

// losses finds the damaged sections. Chroma can't be read without the luma of its slice.
func losses(s *codecs.Stream) loss {
	var l loss
	for kind := range l {
		l[kind] = map[int]bool{}
	}
	for _, sec := range s.Sections {
		if sec.Damaged && sec.Kind >= sectionMeans && sec.Kind <= sectionChroma && sec.Part < uint64(len(s.Sections)) {
			l[sec.Kind][int(sec.Part)] = true
		}
	}
	for slice := range l[sectionLuma] {
		l[sectionChroma][slice] = true
	}
	return l
}

// warnings tell about lost sections.
func (c *coded) warnings() []string {
	var out []string
	for _, w := range []struct {
		kind byte
		how  string
	}{{sectionMeans, "the picture is grey"}, {sectionLuma, "detail and colour detail are missing"}, {sectionChroma, "colour detail is missing"}} {
		if n := len(c.lost[w.kind]); n > 0 && !(w.kind == sectionChroma && len(c.lost[sectionLuma]) == n) {
			out = append(out, fmt.Sprintf("the %s of %d of %d slices are damaged: %s there", sectionNames[w.kind], n, c.slices, w.how))
		}
	}
	return out
}

// places are the rows that each section describes.
func (c *coded) places(s *codecs.Stream) []codecs.Place {
	var out []codecs.Place
	for i, sec := range s.Sections {
		if sec.Kind != sectionHeader && sec.Part < uint64(c.slices) {
			first, n := c.rows(int(sec.Part))
			out = append(out, codecs.Place{Part: i, Rect: image.Rect(0, first, c.width, min(first+n, c.height))})
		}
	}
	return out
}

func (c *coded) switches(filtered bool) []codecs.Switch {
	list := []codecs.Switch{
		{ID: sectionNames[sectionMeans], Name: "Means", Help: "The smooth surface: without it, only the codewords' shapes are left."},
		{ID: sectionNames[sectionLuma], Name: "Luma", Help: "The codewords of brightness."},
	}
	if !c.gray {
		list = append(list, codecs.Switch{ID: sectionNames[sectionChroma], Name: "Chroma", Help: "The codewords of colour; the surface has its own."})
	}
	if filtered {
		list = append(list, codecs.Switch{ID: filterPart, Name: "Filter", Help: "The learned filter that smooths the borders of blocks."})
	}
	return list
}

// stepNames name DecodeOptions.UpTo.
func stepNames() []string {
	names := []string{"the surface alone"}
	for n := 2; n <= progressiveSteps; n++ {
		if n == progressiveSteps {
			names = append(names, "whole indices")
			continue
		}
		names = append(names, fmt.Sprintf("%d bits of each index", progressiveBits(n)))
	}
	return names
}

// symbols lets the indices of all classes of blocks be replaced, class by class.
func (v *inspection) symbols() []codecs.Symbols {
	var blocks [classes][]*node
	wide := func(cls int) (side, w, h int) {
		side = classTable[cls].side << classTable[cls].firstPlane()
		return side, padded(v.coded.width) / side, padded(v.coded.height) / side
	}
	v.coded.each(func(cls, x, y int, n *node) {
		if n.n == 0 {
			return
		}
		_, w, h := wide(cls)
		if blocks[cls] == nil {
			blocks[cls] = make([]*node, w*h)
		}
		blocks[cls][y/classTable[cls].side*w+x/classTable[cls].side] = n
	})
	var out []codecs.Symbols
	for cls, list := range blocks {
		if list == nil {
			continue
		}
		side, w, h := wide(cls)
		bits := v.model.Books[cls].Bits
		out = append(out, codecs.Symbols{
			ID: "indices-" + classTable[cls].name, Name: "Indices, " + classTable[cls].name,
			Help:  "The codewords that the block adds up. A block that uses a prefix of an index takes a new one's upper bits.",
			Noun:  codecs.Noun{One: "index", Many: "indices"},
			Width: w, Height: h, Scale: side, Columns: maxWords, Part: editPart(cls, 0), Max: 1<<bits - 1,
			Codebook: "codebook-" + classTable[cls].name, Shift: uint(bits - min(bits, maxTileBits)),
			At: func(x, y int) []int {
				n := list[y*w+x]
				if n == nil {
					return nil
				}
				var indices []int
				for _, word := range n.words[:n.n] {
					indices = append(indices, v.full(cls, word))
				}
				return indices
			},
		})
	}
	return out
}
