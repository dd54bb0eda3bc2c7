package vq

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/quantize"
)

// Inspect implements codecs.Inspector. All panels follow from the stream and its model.
func (c *Codec) Inspect(ctx context.Context, s *codecs.Stream, _ *picture.Picture) (*codecs.Trace, error) {
	return codecs.Detach(ctx, func() (*codecs.Trace, error) { return c.inspect(ctx, s) })
}

func (c *Codec) inspect(ctx context.Context, s *codecs.Stream) (*codecs.Trace, error) {
	m, err := c.modelOf(s)
	if err != nil {
		return nil, err
	}
	d, err := read(ctx, s, m)
	if err != nil {
		return nil, fmt.Errorf("vq: %w", err)
	}
	v := &inspection{model: m, coded: d}
	if v.costs, err = d.measure(ctx, m); err != nil {
		return nil, err
	}
	v.collect()
	t := &codecs.Trace{}
	t.Panels = append(t.Panels, v.bitsMap(), v.blockSizes(), v.table())
	for cls := range classTable {
		if len(v.indices[cls]) == 0 {
			continue
		}
		book, err := v.codebook(cls)
		if err != nil {
			return nil, err
		}
		t.Panels = append(t.Panels, book, v.usage(cls), v.indexMap(cls))
	}
	for i := range d.planes() {
		t.Panels = append(t.Panels, v.means(i))
	}
	t.Places, t.Switches, t.Steps = d.places(s), d.switches(m.Filters != nil), stepNames()
	t.Symbols = v.symbols()
	return t, ctx.Err()
}

// inspection gathers what the panels show.
type inspection struct {
	model   *Model
	coded   *coded
	costs   [2][]blockCost // luma, chroma: by block in coding order
	indices [classes][]int // full indices used, left-aligned
	bits    [classes]float64
	fixed   [classes]int // bits of the indices at fixed length
	prefix  [classes][quantize.MaxBits + 1]map[int]int
}

// full returns a codeword's index with zeros for the bits that its prefix lacks.
func (v *inspection) full(cls int, w word) int {
	return int(w.index) << (v.model.Books[cls].Bits - int(w.bits))
}

func (v *inspection) collect() {
	v.coded.each(func(cls, _, _ int, n *node) {
		for _, w := range n.words[:n.n] {
			v.indices[cls] = append(v.indices[cls], v.full(cls, w))
			v.fixed[cls] += int(w.bits)
			if v.prefix[cls][w.bits] == nil {
				v.prefix[cls][w.bits] = map[int]int{}
			}
			v.prefix[cls][w.bits][int(w.index)]++
		}
	})
	for _, list := range v.costs {
		for _, b := range list {
			v.bits[b.class] += b.index
		}
	}
}

// counts returns how often each full index occurs.
func (v *inspection) counts(cls int) []int {
	out := make([]int, 1<<v.model.Books[cls].Bits)
	for _, i := range v.indices[cls] {
		out[i]++
	}
	return out
}

func (v *inspection) table() codecs.Panel {
	t := codecs.Table{Head: []string{"codebook", "codewords coded", "fixed-length bits", "empirical entropy", "entropy-coded bits", "perplexity", "of"}}
	for cls, list := range v.indices {
		empirical := 0.0
		for _, counts := range v.prefix[cls] {
			var flat []int
			n := 0
			for _, k := range counts {
				flat = append(flat, k)
				n += k
			}
			empirical += float64(n) * quantize.Entropy(flat)
		}
		t.Rows = append(t.Rows, []string{
			classTable[cls].name, strconv.Itoa(len(list)), strconv.Itoa(v.fixed[cls]),
			fmt.Sprintf("%.0f", empirical), fmt.Sprintf("%.0f", v.bits[cls]),
			fmt.Sprintf("%.1f", quantize.Perplexity(v.counts(cls))), strconv.Itoa(1 << v.model.Books[cls].Bits),
		})
	}
	return codecs.Panel{ID: "indices", Title: "Bits of the indices",
		Help: "Fixed length is what the chosen prefixes would take uncoded; the empirical entropy is the least that a static code made for this picture alone could take, without the table that it needs. The mixing coder also sees the neighbours, and what it knows from training.",
		Data: t}
}

// blockSizes is the quadtree of the luma.
func (v *inspection) blockSizes() codecs.Panel {
	w, h := padded(v.coded.width)/4, padded(v.coded.height)/4
	p := codecs.Plane{Width: w, Height: h, Values: make([]float32, w*h), Unit: "pixels", Scale: 4, Cell: "square"}
	v.coded.each(func(cls, x, y int, n *node) {
		if cls < firstChroma && !n.split {
			fill(p, classTable[cls].side/4, x/4, y/4, float32(classTable[cls].side))
		}
	})
	return codecs.Panel{ID: "block-size", Title: "Block sizes (luma quadtree)", Data: p,
		Help: "The side of the smallest block at each place. Flat areas keep large blocks; detail is worth the bits of small ones."}
}

func fill(p codecs.Plane, size, x, y int, value float32) {
	for r := range size {
		for i := range size {
			p.Values[(y+r)*p.Width+x+i] = value
		}
	}
}

// bitsMap spreads each block's bits over its area.
func (v *inspection) bitsMap() codecs.Panel {
	w, h := padded(v.coded.width)/4, padded(v.coded.height)/4
	p := codecs.Plane{Width: w, Height: h, Values: make([]float32, w*h), Unit: "bits a pixel", Scale: 4, Cell: "square"}
	for kind, list := range v.costs {
		for _, b := range list {
			side := classTable[b.class].side << kind
			density := float32(b.total) / float32(side*side)
			for y := b.y << kind / 4; y < (b.y<<kind+side)/4; y++ {
				for x := b.x << kind / 4; x < (b.x<<kind+side)/4; x++ {
					p.Values[y*w+x] += density
				}
			}
		}
	}
	return codecs.Panel{ID: "bits", Title: "Bits of codewords and quadtree",
		Help: "What the blocks' codewords and split flags cost, spread over their area. The means come on top.", Data: p}
}

func (v *inspection) means(plane int) codecs.Panel {
	g := v.coded.means[plane]
	name := [3]string{"luma", "red - blue", "green - magenta"}[plane]
	scale := meanSide
	if plane > 0 {
		scale *= 2
	}
	return codecs.Panel{ID: "means-" + strconv.Itoa(plane), Title: "Block means: " + name,
		Help: "The small picture whose smooth interpolation all codewords are added to.",
		Data: codecs.Plane{Width: g.w, Height: g.h, Values: g.values(v.coded.steps().mean[plane]), Unit: "sample value", Scale: scale, Signed: plane > 0, Cell: "block"}}
}

// indexMap shows the first index of every block of a class; NaN where there is none.
func (v *inspection) indexMap(cls int) codecs.Panel {
	c := classTable[cls]
	kind := c.firstPlane()
	side := c.side << kind
	w, h := padded(v.coded.width)/side, padded(v.coded.height)/side
	p := codecs.Plane{Width: w, Height: h, Values: make([]float32, w*h), Unit: "(index)", Scale: side, Cell: "block"}
	for i := range p.Values {
		p.Values[i] = float32(math.NaN())
	}
	v.coded.each(func(at, x, y int, n *node) {
		if at == cls && n.n > 0 {
			p.Values[y/c.side*w+x/c.side] = float32(v.full(cls, n.words[0]))
		}
	})
	return codecs.Panel{ID: "index-" + c.name, Title: "First index: " + c.name, Data: p,
		Help: "Which codeword each block of this size uses first. Similar codewords have similar numbers."}
}

func (v *inspection) usage(cls int) codecs.Panel {
	counts := v.counts(cls)
	prior := make([]float64, len(counts))
	total := 0.0
	for i, u := range v.model.Uses[cls] {
		prior[i] = float64(u) + 0.5
		total += prior[i]
	}
	for i := range prior {
		prior[i] /= total
	}
	return codecs.Panel{ID: "usage-" + classTable[cls].name, Title: "Index usage: " + classTable[cls].name,
		Help: fmt.Sprintf("Perplexity %.1f of %d codewords: that many, used evenly, would have the same entropy. The line is their use on the training pictures.", quantize.Perplexity(counts), len(counts)),
		Data: codecs.Histogram{Counts: counts, Prior: prior, SymbolName: "Index of the codeword", PriorName: "use in training",
			Noun: codecs.Noun{One: "index", Many: "indices"}}}
}

// maxTiles bounds the codewords drawn in full; larger codebooks show the prefixes of
// this many bits less.
const maxTileBits = 8

// codebook draws the codewords of up to maxTileBits bits.
func (v *inspection) codebook(cls int) (codecs.Panel, error) {
	c, book := classTable[cls], v.model.Books[cls]
	bits := min(book.Bits, maxTileBits)
	b := codecs.Codebook{Tile: c.side << c.firstPlane(), Uses: make([]int, 1<<bits)}
	for _, i := range v.indices[cls] {
		b.Uses[i>>(book.Bits-bits)]++
	}
	for i := range 1 << bits {
		p, err := tile(c, cls, book.Codeword(i, bits))
		if err != nil {
			return codecs.Panel{}, err
		}
		b.Tiles = append(b.Tiles, p)
	}
	help := "The shapes, grey where they are zero."
	if bits < book.Bits {
		help = fmt.Sprintf("The coarser codebook of %d-bit prefixes of the %d-bit indices, grey where shapes are zero.", bits, book.Bits)
	}
	return codecs.Panel{ID: "codebook-" + c.name, Title: "Codebook: " + c.name, Help: help, Data: b}, nil
}

// tile draws one codeword with its largest value at full contrast.
func tile(c class, cls int, shape []float32) (*picture.Picture, error) {
	kind := c.firstPlane()
	out := blank(c.side<<kind, c.side<<kind, kind == 0)
	var block [maxSide * maxSide]float32
	top := float32(1e-6)
	for i := range c.planes {
		b := block[:c.side*c.side]
		clear(b)
		transforms[cls].inverse(shape[i*c.kept:(i+1)*c.kept], b, 1)
		p := out.p[kind+i]
		for y := range c.side {
			for x := range c.side {
				value := b[y*c.side+x]
				p.v[y*p.w+x] = value
				top = max(top, magnitude(value))
			}
		}
	}
	for i := range out.p {
		for k := range out.p[i].v {
			out.p[i].v[k] *= 120 / top
		}
	}
	middle := float32(128 * math.Sqrt(3))
	for k := range out.p[0].v {
		out.p[0].v[k] += middle
	}
	p, err := out.merge(context.Background(), c.side<<kind, c.side<<kind)
	if err != nil {
		return nil, err
	}
	return picture.New(p.RGB8(), kind == 0, false, picture.Source{Name: c.name})
}
