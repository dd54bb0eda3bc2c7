package walloc

import (
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"sync"

	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/refine"
	"codecworkbench/codecs/transform"
)

// colours of a picture, which lie side by side in its packets.
const colours = 3

// model is what training made: a matrix, a network, and what the entropy coder knows.
type model struct {
	levels    latent.Levels
	splits    int // levels of wavelet packets
	rows      *transform.RowPackets
	scale     int            // pixels a position along each side, 2^splits
	channels  int            // latents at a position
	head      *kernel.Panels // packets to latents
	bias      []float32      // of latents
	gains     []float64      // logarithms, [levels, channels]
	synthesis *nn.Network    // latents to packets, which lie as pixels do
	compander compander
	contexts  contexts

	refiner func() (*refine.Decoder, error) // made when it is first asked for
	spaces  sync.Pool                       // of *nn.Session
}

// parseModel reads a model file and checks all that the codec relies on.
func parseModel(data []byte) (*model, error) {
	f, err := latent.OpenModel(data, ID)
	if err != nil {
		return nil, err
	}
	m := &model{spaces: sync.Pool{New: func() any { return nn.NewSession() }}}
	if m.levels, err = latent.ParseLevels(f.Metadata["lambdas"]); err != nil {
		return nil, err
	}
	if m.compander, err = parseCompander(f.Metadata["compander"]); err != nil {
		return nil, err
	}
	if err := m.loadAnalysis(f); err != nil {
		return nil, err
	}
	if m.synthesis, err = f.Network("synthesis"); err != nil {
		return nil, err
	}
	if err := m.check(m.layout(latent.Probe().W, latent.Probe().H)); err != nil {
		return nil, err
	}
	m.refiner = sync.OnceValues(func() (*refine.Decoder, error) { return m.newRefiner(f) })
	m.contexts, err = loadContexts(f.File(), m.channels, m.levels.Count)
	return m, err
}

// loadAnalysis reads the linear encoder, which its network describes: an unshuffle of the
// packets, a matrix, and the gains.
func (m *model) loadAnalysis(f *nn.Model) error {
	spec, err := f.Spec("analysis")
	if err != nil {
		return err
	}
	if len(spec) != 3 || spec[0].Op != "unshuffle" || spec[1].Op != "linear" || spec[2].Op != "modulate" {
		return fmt.Errorf("%w: its analysis is not an unshuffle, a linear layer and a modulation", latent.ErrModel)
	}
	m.scale, m.channels = spec[0].Factor, spec[1].Out
	m.splits = bits.TrailingZeros(uint(max(m.scale, 1)))
	bands := colours * m.scale * m.scale
	if m.scale < 2 || m.scale > 16 || m.scale != 1<<m.splits || m.channels < 1 || m.channels > latent.MaxChannels || spec[1].In != bands || spec[2].Channels != m.channels {
		return fmt.Errorf("%w: its analysis takes %d numbers for %d x %d pixels to %d latents", latent.ErrModel, spec[1].In, m.scale, m.scale, m.channels)
	}
	m.rows = transform.NewRowPackets(colours, m.splits)
	weight, err := f.Floats(spec[1].Name+".weight", m.channels, bands)
	if err != nil {
		return err
	}
	m.head = kernel.Pack(asPixelsLie(weight, m.channels, m.scale), bands, m.channels, 1, bands)
	if m.bias, err = f.Floats(spec[1].Name+".bias", m.channels); err != nil {
		return err
	}
	gains, err := f.Floats(spec[2].Name+".scale", m.levels.Count, m.channels)
	if err != nil {
		return err
	}
	for _, v := range gains {
		if !(v > 0) || math.IsInf(float64(v), 0) {
			return fmt.Errorf("%w: a gain of %g", latent.ErrModel, v)
		}
		m.gains = append(m.gains, math.Log(float64(v)))
	}
	return nil
}

// asPixelsLie reorders the columns of weights [outputs, colours * scale * scale] from those
// of an unshuffle (colour, row, column) to those of pixels in memory (row, column, colour).
func asPixelsLie(weight []float32, outputs, scale int) []float32 {
	area := scale * scale
	out := make([]float32, len(weight))
	for o := range outputs {
		row := weight[o*colours*area:][:colours*area]
		for i := range area {
			for c := range colours {
				out[(o*area+i)*colours+c] = row[c*area+i]
			}
		}
	}
	return out
}

// layout is the geometry of the latents for a picture's size.
func (m *model) layout(width, height int) latent.Layout {
	return latent.NewLayout(width, height, m.scale)
}

// padded is the size of a picture's packets.
func padded(l latent.Layout) nn.Size {
	return nn.Size{H: l.High * l.Scale, W: l.Wide * l.Scale, C: colours}
}

// check tells whether the synthesis gives what a layout needs.
func (m *model) check(l latent.Layout) error {
	in := nn.Size{H: l.High, W: l.Wide, C: m.channels}
	got, err := m.synthesis.Size(in)
	if err == nil && got != padded(l) {
		err = fmt.Errorf("it turns %v into %v, expected %v", in, got, padded(l))
	}
	if err != nil {
		return fmt.Errorf("%w: synthesis: %w", latent.ErrModel, err)
	}
	return nil
}

// gainsAt are what latents are multiplied by before the compander, at quality q.
func (m *model) gainsAt(q int) []float32 {
	at := min(max(m.levels.At(q), 0), float64(m.levels.Count-1))
	low := min(int(at), max(m.levels.Count-2, 0))
	high, part := min(low+1, m.levels.Count-1), at-float64(low)
	out := make([]float32, m.channels)
	for c := range out {
		a, b := m.gains[low*m.channels+c], m.gains[high*m.channels+c]
		out[c] = float32(math.Exp(a+(b-a)*part)) * m.levels.Gain(q)
	}
	return out
}

// compander maps normally distributed numbers to evenly distributed ones, so that rounded
// they fill their bits, and back.
type compander struct {
	limit   float32 // 2^(bits-1) - 1/2: results lie between -limit and limit
	largest int     // symbol
	sigma   float32 // of the numbers that it is made for
	values  []float32
}

// spread is the largest symbol in deviations of the compander's input.
const spread = 1.85

// parseCompander reads {"bits": n}, 2 to 8, which PNG's samples hold.
func parseCompander(text string) (compander, error) {
	var v struct{ Bits int }
	if err := json.Unmarshal([]byte(text), &v); err != nil || v.Bits < 2 || v.Bits > 8 {
		return compander{}, fmt.Errorf("%w: its compander is %q, expected 2 to 8 bits", latent.ErrModel, text)
	}
	half := 1 << (v.Bits - 1)
	c := compander{limit: float32(half) - 0.5, largest: half - 1, sigma: float32(half-1) / spread}
	for s := -c.largest; s <= c.largest; s++ {
		c.values = append(c.values, c.sigma*math.Sqrt2*float32(math.Erfinv(float64(s)/float64(c.limit))))
	}
	return c, nil
}

// compress maps numbers in place.
func (c compander) compress(x []float32) {
	kernel.Scale(x, x, 1/c.sigma)
	kernel.NormalCDF(x, x)
	kernel.Affine(x, x, 2*c.limit, -c.limit)
}

// symbol rounds what compress gave.
func (c compander) symbol(u float32) int16 { return c.clamp(latent.Nearest(u)) }

// clamp keeps a symbol within bounds.
func (c compander) clamp(s int) int16 { return int16(min(max(s, -c.largest), c.largest)) }

// expand is the number that a symbol within bounds stands for.
func (c compander) expand(s int16) float32 { return c.values[int(s)+c.largest] }
