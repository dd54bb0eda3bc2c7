package raster

// A Ring keeps the last rows of a picture that goes by from top to bottom, for a filter
// down its columns.
type Ring struct {
	size int
	// rows holds every row twice, size apart, so that rows that follow one another do so
	// here.
	rows [][]float32
}

// NewRing makes a ring of size rows of n samples.
func NewRing(size, n int) *Ring {
	r := &Ring{size: size, rows: make([][]float32, 2*size)}
	memory := make([]float32, size*n)
	for k := range size {
		r.rows[k] = memory[k*n : (k+1)*n : (k+1)*n]
		r.rows[size+k] = r.rows[k]
	}
	return r
}

// slot is where row y is kept; y may be negative.
func (r *Ring) slot(y int) int { return (y%r.size + r.size) % r.size }

// Row returns the memory of row y, which is that of row y-size too.
func (r *Ring) Row(y int) []float32 { return r.rows[r.slot(y)] }

// Around returns the rows from y-radius to y+radius, at most size, as kernel.Blend takes
// them. The list belongs to the ring.
func (r *Ring) Around(y, radius int) [][]float32 { return r.rows[r.slot(y-radius):][:2*radius+1] }

// Shifts returns n views of a row, each beginning one sample later, as kernel.Blend takes
// them for a filter along the row.
func Shifts(row []float32, n int) [][]float32 {
	views := make([][]float32, n)
	for k := range views {
		views[k] = row[k:]
	}
	return views
}
