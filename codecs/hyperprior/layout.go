package hyperprior

// Pixels that one position covers along each side.
const (
	latentScale = 16 // of y
	hyperScale  = 64 // of z
)

// regionSide is the largest region, in latent positions a side: 512 pixels.
const regionSide = 32

// layout is the geometry of a picture: positions of y and z. Both grids end with the
// first position that covers the picture's last pixels.
type layout struct {
	width, height int // pixels
	wide, high    int // positions of y
	hyperWide     int // positions of z
	hyperHigh     int
}

func newLayout(width, height int) layout {
	return layout{width: width, height: height,
		wide: ceilDiv(width, latentScale), high: ceilDiv(height, latentScale),
		hyperWide: ceilDiv(width, hyperScale), hyperHigh: ceilDiv(height, hyperScale)}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// region is a rectangle of latent positions that is coded on its own: x0 to x1-1, y0 to
// y1-1.
type region struct{ x0, y0, x1, y1 int }

// regions divides the latents, row by row, into as few parts of at most regionSide as
// there can be, all about as large.
func (l layout) regions() []region {
	across, down := ceilDiv(l.wide, regionSide), ceilDiv(l.high, regionSide)
	out := make([]region, 0, across*down)
	for j := range down {
		for i := range across {
			out = append(out, region{l.wide * i / across, l.high * j / down, l.wide * (i + 1) / across, l.high * (j + 1) / down})
		}
	}
	return out
}
