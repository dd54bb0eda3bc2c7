package klt

import (
	"math"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/transform"
)

// Sizes that model files and streams share; a change raises modelFormat.
const (
	planes   = 3  // colour channels after the colour transform
	coefs    = 64 // coefficients of a block; number 0 is DC
	low      = 12 // coefficients that are predicted: DC and the 11 strongest others
	groups   = 13 // classes of coefficients that share tables
	levels   = 64 // classes of expected magnitude
	shifts   = 2  // magnitudes with a learned reconstruction point
	dcTaps   = 6  // neighbours that predict DC
	acTaps   = 8 + 2*(low-1)
	dcCues   = 9 // what the energy of DC is estimated from
	acCues   = 4 // activities of DC that the energy of the others is estimated from
	recUnit  = 16
	predBits = 12 // fraction of the prediction weights
	cueBits  = 12 // fraction of the energy weights and of energies
	shiftDiv = 64 // unit of the reconstruction points
)

// groupStart lists the first coefficient of each group.
var groupStart = [groups]uint8{0, 1, 2, 3, 5, 7, 10, 14, 19, 25, 32, 40, 52}

// groupOf maps a coefficient to its group.
var groupOf = func() (g [coefs]uint8) {
	for i, first := range groupStart {
		for k := int(first); k < coefs; k++ {
			g[k] = uint8(i)
		}
	}
	return g
}()

// weights64 is one weight a coefficient, in 1/(1<<cueBits).
type weights64 = [coefs]int16

// energyModel estimates the magnitude of a plane's coefficients from what is
// already decoded: bias plus a weighted sum of magnitudes.
type energyModel struct {
	bias  [coefs]int32
	dc    [dcCues]int16           // for DC alone
	act   [acCues]weights64       // activity of the DCs around
	own   [coefs]weights64        // by coefficient of this block, earlier in coding order
	left  [coefs]weights64        // by coefficient of the block to the left
	up    [coefs]weights64        // by coefficient of the block above
	diag  [2]weights64            // the same coefficient above left, above right
	cross [planes - 1][]weights64 // by coefficient of this block in earlier planes
}

// model is a parsed model file. It is immutable once made.
type model struct {
	about  map[string]string
	colour transform.Colour
	lap    *transform.Lap
	bases  [planes]*transform.Basis
	steps  [planes][coefs]float32 // quantization step over the base step

	dcPred [planes][dcTaps]int16
	acPred [planes][low][acTaps]int16 // row 0 is unused
	energy [planes]*energyModel
	tables *entropy.Factorized // by tableIndex
	// shift moves reconstruction points of magnitudes 1 and 2, in 1/shiftDiv steps.
	shift [planes * groups * levels][shifts]int8
}

// tableIndex numbers the contexts.
func tableIndex(plane, k, level int) int {
	return (plane*groups+int(groupOf[k]))*levels + level
}

// reconstruct returns the value of a residual in steps, without its prediction.
func (m *model) reconstruct(table int, residual int32) float32 {
	mag := residual
	if mag < 0 {
		mag = -mag
	}
	if mag == 0 {
		return 0
	}
	v := float32(mag)
	if mag <= shifts {
		v += float32(m.shift[table][mag-1]) / shiftDiv
	}
	if residual < 0 {
		return -v
	}
	return v
}

// Quality runs from 0 to qMax in steps of 1/qUnit; the base step of quantization
// falls from stepMax by octaves factors of two over that range.
const (
	qMax    = 10
	qUnit   = 10
	stepMax = 256.0
	octaves = 6.0
)

// baseStep returns the quantization step of an index 0..qMax*qUnit, in grey levels.
func baseStep(index int) float32 {
	return float32(stepMax * math.Exp2(-octaves*float64(index)/(qMax*qUnit)))
}
