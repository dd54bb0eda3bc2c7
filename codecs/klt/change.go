package klt

import (
	"fmt"
	"image"
	"math"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/transform"
)

// Parts that a decode can leave out.
const (
	offMeans  = "means"
	offDetail = "detail"
	offColour = "colour"
	offLap    = "lapping"
)

func (f *opened) switches() []codecs.Switch {
	list := []codecs.Switch{
		{ID: offMeans, Name: "Means", Help: "Coefficient 0 of every block: without it, only edges and texture are left."},
		{ID: offDetail, Name: "Detail", Help: "All other coefficients: without them, blocks are flat but for what lapping smooths."},
		{ID: offLap, Name: "Lapping", Help: "The filter across the edges of blocks: without it, blocks show."},
	}
	if f.planes > 1 {
		list = append(list, codecs.Switch{ID: offColour, Name: "Colour", Help: "The second and third channels: without them, the picture has the colour of the first."})
	}
	return list
}

// editor is a decoder that replaces some residuals in what becomes pixels; contexts and
// predictions see those of the file.
type editor struct {
	symbols
	out   *coefficients
	edits map[[3]int]int // residuals by plane, block of the slice, coefficient
}

func (e *editor) code(plane, block, k, table int, pred int32) int32 {
	q := e.symbols.code(plane, block, k, table, pred)
	if v, ok := e.edits[[3]int{plane, block, k}]; ok {
		e.out[plane][block*coefs+k] += float32(int32(v) - q)
	}
	return q
}

// edits are those of a slice; one outside the picture is an error. An edit's part is
// 64 times the channel plus the coefficient.
func (f *opened) edits(list []codecs.Edit, s span) (map[[3]int]int, error) {
	var out map[[3]int]int
	high := f.spans[len(f.spans)-1].first + f.spans[len(f.spans)-1].high
	for _, e := range list {
		if e.Part < 0 || e.Part >= coefs*f.planes || e.X < 0 || e.X >= f.wide || e.Y < 0 || e.Y >= high {
			return nil, fmt.Errorf("no coefficient %d in block %d, %d: there are %d in each of %d x %d blocks", e.Part, e.X, e.Y, coefs*f.planes, f.wide, high)
		}
		if e.Y < s.first || e.Y >= s.first+s.high {
			continue
		}
		if out == nil {
			out = map[[3]int]int{}
		}
		out[[3]int{e.Part / coefs, (e.Y-s.first)*f.wide + e.X, e.Part % coefs}] = min(max(e.Value, -maxResidual), maxResidual)
	}
	return out, nil
}

// leaveOut zeroes the coefficients that a decode is to go without.
func (c *coefficients) leaveOut(off []string) {
	means, detail, colour := slices.Contains(off, offMeans), slices.Contains(off, offDetail), slices.Contains(off, offColour)
	if !means && !detail && !colour {
		return
	}
	for p := range c {
		for i := range c[p] {
			if p > 0 && colour || i%coefs == 0 && means || i%coefs > 0 && detail {
				c[p][i] = 0
			}
		}
	}
}

// warnings tell about lost slices.
func (f *opened) warnings() []string {
	lost := 0
	for _, d := range f.data {
		if d == nil {
			lost++
		}
	}
	if lost == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %d slices are damaged: the picture is grey there", lost, len(f.data))}
}

// places are the rows of blocks that each slice's section describes.
func (f *opened) places(s *codecs.Stream) []codecs.Place {
	var out []codecs.Place
	for i, sec := range s.Sections {
		if sec.Kind == sectionSlice && sec.Part < uint64(len(f.spans)) {
			at := f.spans[sec.Part]
			out = append(out, codecs.Place{Part: i, Rect: image.Rect(0, at.first*transform.Block, s.Width, min((at.first+at.high)*transform.Block, s.Height))})
		}
	}
	return out
}

// residuals remembers what was coded in each block: the residual of DC, and those of the
// others that are not 0.
type residuals struct {
	dc           []int32
	start, count []uint32 // by block
	k            []uint8
	q            []int16
}

func newResiduals(blocks int) residuals {
	return residuals{dc: make([]int32, blocks), start: make([]uint32, blocks), count: make([]uint32, blocks)}
}

func (r *residuals) add(block, k int, q int32) {
	if k == 0 {
		r.dc[block] = q
		return
	}
	if k == 1 {
		r.start[block] = uint32(len(r.q))
	}
	if q != 0 {
		r.k, r.q = append(r.k, uint8(k)), append(r.q, int16(min(max(q, math.MinInt16), math.MaxInt16)))
		r.count[block]++
	}
}

func (r *residuals) at(block int) []int {
	out := make([]int, coefs)
	out[0] = int(r.dc[block])
	for i := r.start[block]; i < r.start[block]+r.count[block]; i++ {
		out[r.k[i]] = int(r.q[i])
	}
	return out
}

// editable bounds what residuals may be replaced by: more than 8-bit samples can need.
const editable = 1000

func (o *observer) symbols() []codecs.Symbols {
	var list []codecs.Symbols
	for p := range o.f.planes {
		list = append(list, codecs.Symbols{
			ID: fmt.Sprintf("residuals-%d", p), Name: fmt.Sprintf("Coefficients, channel %d", p),
			Help:  "What is coded for each coefficient, in coding order: its distance, in steps, from what was predicted.",
			Noun:  codecs.Noun{One: "coefficient", Many: "coefficients"},
			Width: o.f.wide, Height: len(o.bits) / o.f.wide, Scale: transform.Block, Columns: 8,
			Part: coefs * p, Min: -editable, Max: editable,
			At: func(x, y int) []int { return o.coded[p].at(y*o.f.wide + x) },
		})
	}
	return list
}
