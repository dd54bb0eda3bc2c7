package entropy

import (
	"errors"
	"fmt"
	"math"

	"codecworkbench/codecs/nn/safetensors"
)

// maxTables bounds how many tables a model file may hold in one set.
const maxTables = 1 << 16

// Factorized is a set of tables, one a channel or context: the factorized prior of
// Ballé et al. (ICLR 2017) as integers, or a grid of tables by scale. It is
// immutable and safe for concurrent use.
type Factorized struct {
	tables []*Table
}

// NewFactorized makes a set from its tables.
func NewFactorized(tables []*Table) *Factorized {
	return &Factorized{append([]*Table(nil), tables...)}
}

// Len returns the number of tables.
func (f *Factorized) Len() int { return len(f.tables) }

// At returns the table of channel or context i, 0 to Len()-1.
func (f *Factorized) At(i int) *Table { return f.tables[i] }

// Tensors returns the set as tensors for a model file:
//
//	NAME.cum   U16 or, with any table wider than 16 bits, U32 [entries]: the tables'
//	           cumulative frequencies one after the other, each without its last (1<<width)
//	NAME.table I32 [tables, 4]: entries, first value, width, 1 with escape
func (f *Factorized) Tensors(name string) map[string]safetensors.Tensor {
	var cum []uint32
	var head []int32
	wide := false
	for _, t := range f.tables {
		n := len(t.cum) - 1
		cum = append(cum, t.cum[:n]...)
		escape := int32(0)
		if t.escape {
			escape = 1
		}
		head = append(head, int32(n), int32(t.first), int32(t.width), escape)
		wide = wide || t.width > 16
	}
	out := map[string]safetensors.Tensor{name + ".table": safetensors.Of(head, len(f.tables), 4)}
	if wide {
		out[name+".cum"] = safetensors.Of(cum, len(cum))
		return out
	}
	short := make([]uint16, len(cum))
	for i, v := range cum {
		short[i] = uint16(v)
	}
	out[name+".cum"] = safetensors.Of(short, len(short))
	return out
}

// LoadFactorized reads a set that Tensors stored under a name.
func LoadFactorized(file *safetensors.File, name string) (*Factorized, error) {
	head, err := file.Get(name+".table", safetensors.I32, -1, 4)
	if err != nil {
		return nil, err
	}
	rows, err := safetensors.Values[int32](head)
	if err != nil {
		return nil, err
	}
	if len(rows) > 4*maxTables {
		return nil, fmt.Errorf("%s: %d tables, at most %d are allowed", name, len(rows)/4, maxTables)
	}
	cum, err := loadCum(file, name+".cum")
	if err != nil {
		return nil, err
	}
	f := &Factorized{make([]*Table, 0, len(rows)/4)}
	var one []uint32
	for i := range len(rows) / 4 {
		n, first, width, escape := int(rows[4*i]), int(rows[4*i+1]), rows[4*i+2], rows[4*i+3]
		if n < 1 || n > len(cum) || width < 1 || width > MaxBits || escape&^1 != 0 {
			return nil, fmt.Errorf("%s: table %d has %d entries of %d bits, escape %d, with %d values left", name, i, n, width, escape, len(cum))
		}
		one = append(append(one[:0], cum[:n]...), 1<<width)
		t, err := NewTable(one, first, uint(width), escape == 1)
		if err != nil {
			return nil, fmt.Errorf("%s: table %d: %w", name, i, err)
		}
		f.tables = append(f.tables, t)
		cum = cum[n:]
	}
	if len(cum) > 0 {
		return nil, fmt.Errorf("%s: %d values belong to no table", name, len(cum))
	}
	return f, nil
}

// loadCum reads a U16 or U32 tensor of one dimension.
func loadCum(file *safetensors.File, name string) ([]uint32, error) {
	if t, err := file.Get(name, safetensors.U32, -1); err == nil {
		return safetensors.Values[uint32](t)
	}
	t, err := file.Get(name, safetensors.U16, -1)
	if err != nil {
		return nil, err
	}
	short, err := safetensors.Values[uint16](t)
	if err != nil {
		return nil, err
	}
	out := make([]uint32, len(short))
	for i, v := range short {
		out[i] = uint32(v)
	}
	return out, nil
}

// CDF is the cumulative distribution function of a zero-mean distribution of scale 1.
type CDF func(x float64) float64

// GaussianCDF is the standard normal distribution's; a table's scale is then sigma.
func GaussianCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// LaplaceCDF is the Laplace distribution's with density exp(-|x|)/2; a table's scale
// is then b, the mean absolute value.
func LaplaceCDF(x float64) float64 {
	if x < 0 {
		return math.Exp(x) / 2
	}
	return 1 - math.Exp(-x)/2
}

// ScaleGrid returns n scales from low to high, evenly spaced in the logarithm
// (Ballé et al. 2018: 64 from 0.11 to 256). A decoder gets indices into it from its
// network; choosing the nearest in the logarithm costs 0.06 % at 64 scales.
func ScaleGrid(n int, low, high float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = low * math.Pow(high/low, float64(i)/float64(max(n-1, 1)))
	}
	return out
}

// ScaleTables makes one table a scale for integers from a symmetric distribution
// rounded to the nearest: P(v) = F((v+1/2)/s) - F((v-1/2)/s). Each table reaches out
// to where less than tail (above 0, at most 0.01) of the probability is left, at most
// to +-limit, and has an escape for the rest. It works in floating point, for export.
func ScaleTables(cdf CDF, scales []float64, tail float64, limit int, width uint) (*Factorized, error) {
	if !(tail > 0 && tail <= 0.01) {
		return nil, fmt.Errorf("scale tables with a tail of %g: above 0 to 0.01 is allowed", tail)
	}
	if limit < 0 || limit >= maxTable/2 {
		return nil, fmt.Errorf("scale tables up to +-%d: at most +-%d is allowed", limit, maxTable/2-1)
	}
	f := &Factorized{}
	for _, s := range scales {
		if !(s > 0) || math.IsInf(s, 0) {
			return nil, errors.New("scale tables need scales above 0")
		}
		reach := 0
		for reach < limit && 2*cdf(-(float64(reach)+0.5)/s) > tail {
			reach++
		}
		p := make([]float64, 2*reach+2)
		for v := range reach + 1 {
			// From the lower tail, where the difference of two CDFs keeps its precision.
			mass := cdf((0.5-float64(v))/s) - cdf((-0.5-float64(v))/s)
			p[reach-v], p[reach+v] = mass, mass
		}
		p[2*reach+1] = 2 * cdf(-(float64(reach)+0.5)/s)
		cum, err := Quantize(p, width)
		if err != nil {
			return nil, fmt.Errorf("scale %g: %w", s, err)
		}
		t, err := NewTable(cum, -reach, width, true)
		if err != nil {
			return nil, fmt.Errorf("scale %g: %w", s, err)
		}
		f.tables = append(f.tables, t)
	}
	return f, nil
}
