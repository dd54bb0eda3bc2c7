package nn

import "codecworkbench/codecs/nn/kernel"

// narrow makes convolutions to few channels, such as the last one of a decoder, fill the
// registers of a matrix product: several positions of a row are computed as one, with the
// weights of each shifted against the next one's. The zeros between them cost less than
// the unused columns would, and the sums stay the same.
type narrow struct {
	positions int // 0 where it does not pay
	panels    kernel.Panels
	bias      []float32
	rows      []float32 // scratch of pack
}

// pack lays the weights of a convolution out.
func (n *narrow) pack(l *Conv) {
	n.positions = panelWidth / l.Out
	if l.Groups > 1 || l.Kernel <= l.Stride || n.positions < 2 {
		n.positions = 0
		return
	}
	k, columns := l.Kernel, n.positions*l.Out
	if n.rows == nil {
		n.rows = make([]float32, k*n.taps(l)*l.In*columns)
		n.bias = make([]float32, columns)
	}
	for j := range columns {
		p, o := j/l.Out, j%l.Out
		if l.Bias != nil {
			n.bias[j] = l.Bias[o]
		}
		for tap := range k * k {
			dy, dx := tap/k, p*l.Stride+tap%k
			for i := range l.In {
				n.rows[((dy*n.taps(l)+dx)*l.In+i)*columns+j] = l.Weight[(o*l.In+i)*k*k+tap]
			}
		}
	}
	n.panels.Repack(n.rows, k*n.taps(l)*l.In, columns, columns, 1)
}

// taps returns how many input positions of a row the outputs depend on together.
func (n *narrow) taps(l *Conv) int { return (n.positions-1)*l.Stride + l.Kernel }

// compute writes as many of the m positions of a row as it can and returns their number.
func (n *narrow) compute(l *Conv, m int, dst, src []float32, rowStride int) int {
	if n.positions == 0 || m < n.positions {
		return 0
	}
	columns := n.positions * l.Out
	a := kernel.Matrix{
		Data: src, Stride: n.positions * l.Stride * l.In,
		Runs: l.Kernel, Run: n.taps(l) * l.In, RunStride: rowStride,
	}
	kernel.Gemm(m/n.positions, a, &n.panels, dst, columns, kernel.GemmOptions{Bias: n.bias})
	return m / n.positions * n.positions
}
