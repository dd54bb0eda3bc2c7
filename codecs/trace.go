package codecs

import (
	"context"

	"codecworkbench/codecs/picture"
)

// Inspector is a codec that can show what happens inside a stream.
type Inspector interface {
	// Inspect computes a Trace from the stream alone; original may be nil and only
	// adds panels that compare with it.
	Inspect(ctx context.Context, s *Stream, original *picture.Picture) (*Trace, error)
}

// Trace is the inside of one stream as a list of typed panels.
type Trace struct {
	Panels []Panel
}

// Panel is one thing to look at; Data is one of the panel types below.
type Panel struct {
	ID, Title string
	Help      string // one or two sentences for a newcomer
	Data      any
}

// Plane is a map of numbers (a latent channel, bits a block), row by row.
type Plane struct {
	Width, Height int
	Values        []float32 // Width*Height
	Unit          string    // "bits", "grey levels", ...
	// Scale is how many picture pixels one value covers along each side.
	Scale int
	// Signed planes are drawn with a diverging colour map around 0.
	Signed bool
}

// Histogram is counts by symbol beside what the prior expected.
type Histogram struct {
	First  int       // symbol of the first bin
	Counts []int     // per symbol
	Prior  []float64 // probabilities, same length; nil where there is none
}

// Codebook is a set of small pictures with how often each was used.
type Codebook struct {
	Tile  int // side of a tile in pixels
	Tiles []*picture.Picture
	Uses  []int
}

// Table is text cells under headings.
type Table struct {
	Head []string
	Rows [][]string
}

// Series is one or more lines over a common axis.
type Series struct {
	XLabel, YLabel string
	Lines          []Line
}

// Line is one line of a Series.
type Line struct {
	Name string
	X, Y []float64
}
