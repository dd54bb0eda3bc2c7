package flip

import "codecworkbench/codecs/nn/kernel"

type matrix [3][3]float64

// toXYZ takes linear sRGB to CIE XYZ.
var toXYZ = matrix{
	{10135552. / 24577794, 8788810. / 24577794, 4435075. / 24577794},
	{2613072. / 12288897, 8788810. / 12288897, 887015. / 12288897},
	{1425312. / 73733382, 8788810. / 73733382, 70074185. / 73733382},
}

// relative takes linear sRGB to XYZ over that of white.
func relative() matrix {
	m := toXYZ
	for i, row := range toXYZ {
		white := row[0] + row[1] + row[2]
		for j, v := range row {
			m[i][j] = v / white
		}
	}
	return m
}

// opponent takes linear sRGB to the YCxCz that is filtered, less its scale: brightness,
// red against green and yellow against blue.
func opponent() matrix {
	xyz := relative()
	m := matrix{1: xyz[0], 2: xyz[1]}
	m[0] = xyz[1]
	for j := range 3 {
		m[1][j] -= xyz[1][j]
		m[2][j] -= xyz[2][j]
	}
	return m
}

// inverse is that of a matrix that has one, by its adjugate.
func (m matrix) inverse() matrix {
	var out matrix
	determinant := 0.
	for i := range 3 {
		for j := range 3 {
			a, b, c, d := (j+1)%3, (j+2)%3, (i+1)%3, (i+2)%3
			out[i][j] = m[a][c]*m[b][d] - m[a][d]*m[b][c]
		}
		determinant += m[0][i] * out[i][0]
	}
	for i := range out {
		for j := range out[i] {
			out[i][j] /= determinant
		}
	}
	return out
}

// rows are a matrix as kernel.Blend takes it.
type rows [3][]float32

func (m matrix) rows() (out rows) {
	for i, row := range m {
		out[i] = []float32{float32(row[0]), float32(row[1]), float32(row[2])}
	}
	return out
}

// apply multiplies the pixels along a row; dst is none of src.
func (m *rows) apply(dst, src *[3][]float32) {
	for i := range dst {
		kernel.Blend(dst[i], src[:], m[i], 0)
	}
}

// spaces are the conversions between linear sRGB, the opponent colours and XYZ over that
// of white.
type spaces struct{ toOpponent, fromOpponent, toRelative rows }

func newSpaces() spaces {
	return spaces{opponent().rows(), opponent().inverse().rows(), relative().rows()}
}

// Below linearPart of white, CIELab's cube root goes on in a straight line: the tangent
// there, with this slope.
const (
	linearPart  = 216. / 24389 // (6/29)^3
	linearSlope = 841. / 108   // (29/6)^2 / 3
)

// labRoot is CIELab's cube root, in place.
func labRoot(v, scratch []float32) {
	below := scratch[:len(v)]
	kernel.AtMost(below, v, linearPart)
	kernel.Offset(below, below, -linearPart)
	kernel.AtLeast(v, v, linearPart)
	kernel.Cbrt(v, v)
	kernel.AddScaled(v, linearSlope, below)
}

// lab takes XYZ over that of white to CIELab, a* and b* scaled by 0.01 L*, since colours
// differ the less the darker they are (the Hunt effect). It uses up src.
func lab(dst, src *[3][]float32) {
	for _, v := range src {
		labRoot(v, dst[0])
	}
	x, y, z := src[0], src[1], src[2]
	kernel.Affine(dst[0], y, 116, -16)
	kernel.Sub(dst[1], x, y)
	kernel.Scale(dst[1], dst[1], 500*0.01)
	kernel.Mul(dst[1], dst[1], dst[0])
	kernel.Sub(dst[2], y, z)
	kernel.Scale(dst[2], dst[2], 200*0.01)
	kernel.Mul(dst[2], dst[2], dst[0])
}
