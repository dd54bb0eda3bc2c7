package hyperprior

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
)

// modelFormat is the version of the model file's layout that this package reads.
const modelFormat = 1

// maxLatents bounds the channels of y and of z.
const maxLatents = 1024

// errModel marks a file that is no model of this codec.
var errModel = errors.New("not a hyperprior model")

// model is what training made: four networks and the distributions of z and y.
type model struct {
	analysis      *nn.Network // picture to y, [H, W, 3] to [H/16, W/16, channels]
	synthesis     *nn.Network // its inverse
	hyperAnalysis *nn.Network // y to z, a quarter of its sides
	hyper         *integer.Network
	channels      int     // of y
	hyperChannels int     // of z
	levels        int     // rows of gain
	ratio         float64 // of the steps of y from a level to the one below
	z             *entropy.Factorized
	scales        *entropy.Factorized
	skip          []bool // by scale: y is not coded, but taken to be the mean

	spaces sync.Pool // of *workspace
}

// workspace is the memory that a picture's runs need, kept from one to the next.
type workspace struct {
	analysis, synthesis, hyperAnalysis *nn.Session
	hyper                              *integer.Session
}

func newWorkspace() any {
	return &workspace{nn.NewSession(), nn.NewSession(), nn.NewSession(), integer.NewSession()}
}

// parseModel reads a model file and checks all that the codec relies on.
func parseModel(data []byte) (*model, error) {
	f, err := nn.ParseModel(data)
	if err != nil {
		return nil, err
	}
	if id := f.Metadata["codec"]; id != ID {
		return nil, fmt.Errorf("%w: it names the codec %q", errModel, id)
	}
	if v := f.Metadata["format"]; v != strconv.Itoa(modelFormat) {
		return nil, fmt.Errorf("%w that this version reads: format %q, expected %d", errModel, v, modelFormat)
	}
	m := &model{spaces: sync.Pool{New: newWorkspace}}
	for name, net := range map[string]**nn.Network{"analysis": &m.analysis, "synthesis": &m.synthesis, "hyper_analysis": &m.hyperAnalysis} {
		if *net, err = f.Network(name); err != nil {
			return nil, err
		}
	}
	if m.hyper, err = integer.Load(f.File(), hyperName); err != nil {
		return nil, err
	}
	if m.z, err = entropy.LoadFactorized(f.File(), "z"); err != nil {
		return nil, err
	}
	if m.scales, err = entropy.LoadFactorized(f.File(), "sigma"); err != nil {
		return nil, err
	}
	if err := m.checkShapes(); err != nil {
		return nil, fmt.Errorf("%w: %w", errModel, err)
	}
	if err := m.checkIndices(f.Metadata[integer.MetadataKey]); err != nil {
		return nil, fmt.Errorf("%w: %w", errModel, err)
	}
	if m.ratio, err = levelRatio(f.Metadata["lambdas"], m.levels); err != nil {
		return nil, fmt.Errorf("%w: %w", errModel, err)
	}
	m.skip = skips(m.scales)
	return m, nil
}

// hyperName is the integer network's name.
const hyperName = "hyper_synthesis"

// checkShapes finds the numbers of channels and checks that the networks fit together.
func (m *model) checkShapes() error {
	picture := nn.Size{H: 2 * hyperScale, W: 3 * hyperScale, C: 3}
	y, err := m.analysis.Size(picture)
	if err != nil {
		return fmt.Errorf("analysis: %w", err)
	}
	z, err := m.hyperAnalysis.Size(y)
	if err != nil {
		return fmt.Errorf("hyper-analysis: %w", err)
	}
	back, err := m.synthesis.Size(y)
	if err != nil {
		return fmt.Errorf("synthesis: %w", err)
	}
	m.channels, m.hyperChannels = y.C, z.C
	in, _ := m.hyper.Channels()
	switch {
	case y.C < 1 || y.C > maxLatents || z.C < 1 || z.C > maxLatents:
		return fmt.Errorf("%d channels of y and %d of z, 1 to %d are allowed", y.C, z.C, maxLatents)
	case y.H != picture.H/latentScale || y.W != picture.W/latentScale || z.H != picture.H/hyperScale || z.W != picture.W/hyperScale || back != picture:
		return fmt.Errorf("its networks turn %v into %v, %v and back into %v", picture, y, z, back)
	case in != z.C || m.z.Len() == 0 || m.z.Len()%z.C != 0:
		return fmt.Errorf("%d channels of z meet a hyper-synthesis of %d and %d tables", z.C, in, m.z.Len())
	}
	m.levels = m.z.Len() / z.C
	return nil
}

// checkIndices checks that the hyper-synthesis ends with indices into the scales, whatever
// its weights are.
func (m *model) checkIndices(text string) error {
	var specs map[string]integer.Spec
	if err := json.Unmarshal([]byte(text), &specs); err != nil {
		return err
	}
	layers := specs[hyperName].Layers
	if len(layers) == 0 {
		return errors.New("its hyper-synthesis is empty")
	}
	if last := layers[len(layers)-1]; last.Op != "scale_index" || last.First != m.channels || last.Levels > m.scales.Len() {
		return fmt.Errorf("its hyper-synthesis ends with %s from channel %d to %d levels, expected scale_index from %d to at most %d",
			last.Op, last.First, last.Levels, m.channels, m.scales.Len())
	}
	return nil
}

// skips tells which scales are so small that their latents are not coded.
func skips(scales *entropy.Factorized) []bool {
	out := make([]bool, scales.Len())
	for i := range out {
		t := scales.At(i)
		if t.First() <= 0 && t.Last() >= 0 {
			zero := -t.First()
			frequency := uint64(t.Cum()[zero+1] - t.Cum()[zero])
			out[i] = frequency*skipUnit >= skipShare<<t.Width()
		}
	}
	return out
}

// levelRatio is the ratio of the quantization steps of neighbouring levels, which at high
// rates is the root of that of their rate-distortion trade-offs.
func levelRatio(text string, levels int) (float64, error) {
	var lambdas []float64
	if err := json.Unmarshal([]byte(text), &lambdas); err != nil {
		return 0, fmt.Errorf("its lambdas: %w", err)
	}
	if len(lambdas) != levels {
		return 0, fmt.Errorf("%d lambdas for %d levels", len(lambdas), levels)
	}
	if levels == 1 {
		return 1, nil
	}
	ratio := math.Sqrt(lambdas[1] / lambdas[0])
	if !(ratio >= 1 && ratio < 10) {
		return 0, fmt.Errorf("its first lambdas are %g and %g", lambdas[0], lambdas[1])
	}
	return ratio, nil
}
