package transform

// Block is the side of a block in pixels.
const Block = 8

// Plane is one channel of a picture, row by row. Sides are multiples of Block
// wherever a transform takes one.
type Plane struct {
	Width, Height int
	Pix           []float32 // Width*Height
}

// NewPlane returns a plane of zeros.
func NewPlane(width, height int) *Plane {
	return &Plane{width, height, make([]float32, width*height)}
}

// Blocks returns how many blocks the plane is wide and high.
func (p *Plane) Blocks() (wide, high int) { return p.Width / Block, p.Height / Block }

// Get copies the block in column bx and row by (in blocks) into b, row by row.
func (p *Plane) Get(bx, by int, b *[64]float32) {
	at := by*Block*p.Width + bx*Block
	for y := range Block {
		copy(b[y*Block:(y+1)*Block], p.Pix[at:at+Block])
		at += p.Width
	}
}

// Set copies b into the block in column bx and row by.
func (p *Plane) Set(bx, by int, b *[64]float32) {
	at := by*Block*p.Width + bx*Block
	for y := range Block {
		copy(p.Pix[at:at+Block], b[y*Block:(y+1)*Block])
		at += p.Width
	}
}
