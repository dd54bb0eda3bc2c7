package butteraugli

import "codecworkbench/codecs/nn/kernel"

// The absorption of R, G and B by the three kinds of cones, and what they respond to
// without light.
var (
	absorption = [3][3]float64{
		{0.29956550340058319, 0.63373087833825936, 0.077705617820981968},
		{0.22158691104574774, 0.69391388044116142, 0.0987313588422},
		{0.02, 0.02, 0.20480129041026129},
	}
	darkResponse = [3]float32{1.7557483643287353, 1.7557483643287353, 12.226454707163354}
)

// The response to a steady stimulus v is gammaScale ln(v + gammaInner) + gammaOuter.
const (
	gammaScale = 19.245013259874995
	gammaInner = 9.9710635769299145
	gammaOuter = -23.16046239805755
)

var gammaWeight = []float32{gammaScale}

// opsin turns linear light into the colours of the opponent space XYB, seen by an eye
// that has adapted to what surrounds each pixel.
type opsin struct {
	mix                   [3][]float32 // absorption of light, of which 1 is the brightest white
	stimulus, sensitivity []float32
	log                   [][]float32
	cones                 [3][]float32
}

func newOpsin(n int, nits float64) *opsin {
	o := &opsin{stimulus: make([]float32, n), sensitivity: make([]float32, n), log: [][]float32{make([]float32, n)}, cones: [3][]float32{make([]float32, n), make([]float32, n)}}
	for c, row := range absorption {
		for _, v := range row {
			o.mix[c] = append(o.mix[c], float32(v*nits))
		}
	}
	return o
}

// row writes X, Y and B of a row of light, given the light around its pixels. Light is
// not negative, so that no mix is below the dark response, nor the sensitivity below
// .01 for up to 10,000 nits: the definition's lower bounds for them hold of themselves.
func (o *opsin) row(xyb, light, around *[3][]float32) {
	o.cones[2] = xyb[2]
	for c, cone := range o.cones {
		kernel.Blend(o.stimulus, around[:], o.mix[c], darkResponse[c])
		kernel.Offset(o.log[0], o.stimulus, gammaInner)
		kernel.Log(o.log[0], o.log[0])
		kernel.Blend(o.sensitivity, o.log, gammaWeight, gammaOuter)
		kernel.Div(o.sensitivity, o.sensitivity, o.stimulus)
		kernel.Blend(cone, light[:], o.mix[c], darkResponse[c])
		kernel.Mul(cone, cone, o.sensitivity)
		kernel.AtLeast(cone, cone, darkResponse[c])
	}
	kernel.Sub(xyb[0], o.cones[0], o.cones[1])
	kernel.Add(xyb[1], o.cones[0], o.cones[1])
}
