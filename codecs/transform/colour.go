package transform

// Colour is an orthonormal transform of RGB: row i gives channel i. Errors in its
// channels are errors in RGB, and its inverse is its transpose.
type Colour [3][3]float32

// LearnColour returns the Karhunen-Loeve transform of a 3x3 covariance of R, G and
// B (row by row): channel 0 has the most energy and is what luma is elsewhere.
func LearnColour(cov [9]float64) (Colour, error) {
	_, v, err := Eigen(cov[:], 3)
	if err != nil {
		return Colour{}, err
	}
	var c Colour
	for i := range c {
		for j := range c[i] {
			c[i][j] = float32(v[i][j])
		}
	}
	return c, nil
}

// Apply returns the three channels of one colour.
func (c *Colour) Apply(r, g, b float32) (p0, p1, p2 float32) {
	return c[0][0]*r + c[0][1]*g + c[0][2]*b,
		c[1][0]*r + c[1][1]*g + c[1][2]*b,
		c[2][0]*r + c[2][1]*g + c[2][2]*b
}

// Invert returns the colour of three channels.
func (c *Colour) Invert(p0, p1, p2 float32) (r, g, b float32) {
	return c[0][0]*p0 + c[1][0]*p1 + c[2][0]*p2,
		c[0][1]*p0 + c[1][1]*p1 + c[2][1]*p2,
		c[0][2]*p0 + c[1][2]*p1 + c[2][2]*p2
}
