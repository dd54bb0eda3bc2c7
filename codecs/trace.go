package codecs

import (
	"context"
	"image"

	"codecworkbench/codecs/picture"
)

// Inspector is a codec that can show what happens inside a stream.
type Inspector interface {
	// Inspect computes a Trace from the stream alone; original may be nil and only
	// adds panels that compare with it.
	Inspect(ctx context.Context, s *Stream, original *picture.Picture) (*Trace, error)
}

// Trace is the inside of one stream: a list of typed panels, and what a decode of it can
// be told to do otherwise.
type Trace struct {
	Panels []Panel
	// Places say where in the picture the parts of the file went; a part without one, such
	// as a header, belongs to no place.
	Places []Place
	// Switches are the parts that DecodeOptions.Off may name.
	Switches []Switch
	// Steps name what DecodeOptions.UpTo counts, from the first step to the whole; empty:
	// the decoder takes no notice of it.
	Steps []string
	// Symbols are the numbers that the file holds at each place, which
	// DecodeOptions.Edits can replace.
	Symbols []Symbols
}

// Place is a rectangle of the picture that a part of the file describes.
type Place struct {
	Part int             // among the stream's sections, or a native file's parts
	Rect image.Rectangle // in pixels; it may reach beyond the picture's edges
}

// Symbols are numbers on a grid over the picture, several at each place: the coefficients
// of a block, the channels of a latent, the indices of a block's codewords.
type Symbols struct {
	ID, Name      string
	Help          string
	Noun          Noun   // what one of the numbers is called
	Axis          string // what a place's numbers go along ("channel"); empty: they are just counted
	Width, Height int    // of the grid
	Scale         int    // pixels that a place covers along each side
	Columns       int    // how many of a place's numbers stand in a row, where they are shown
	// At returns a place's numbers, or nil where the file holds none. It is safe for
	// concurrent use; the caller may keep what it returns.
	At func(x, y int) []int
	// An Edit of the first number has this Part, one of the next the Part after it, and a
	// Value from Min to Max.
	Part, Min, Max int
	// Codebook is the ID of the panel whose tile i stands for the numbers from i << Shift
	// up; empty: the numbers are no indices.
	Codebook string
	Shift    uint
}

// Noun names what is counted, for people: "coefficient" and "coefficients".
type Noun struct{ One, Many string }

// Or returns the noun, or other where it is empty.
func (n Noun) Or(other Noun) Noun {
	if n.One == "" {
		return other
	}
	return n
}

// For is the form that goes with a count.
func (n Noun) For(count int) string {
	if count == 1 {
		return n.One
	}
	return n.Many
}

// Switch is a part that a decode can leave out.
type Switch struct {
	ID   string // as in DecodeOptions.Off
	Name string // for people, in a word or two
	Help string
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
	// Scale is how many picture pixels one value covers along each side; 0: the plane is no
	// map of the picture.
	Scale int
	// Signed planes are drawn with a diverging colour map around 0.
	Signed bool
	// Most is the value that the brightest colour stands for, so that planes can be
	// compared; 0: one that suits this plane.
	Most float32
	// Cell is what one value is of ("block", "position"); empty: it is just a value.
	Cell string
	// Where names a value of a plane that is no map of the picture, and says where in the
	// picture it belongs (empty: nowhere); nil: values have columns and rows alone.
	Where func(x, y int) (name string, place image.Rectangle)
}

// Histogram is counts by symbol beside what the prior expected.
type Histogram struct {
	First  int       // symbol of the first bin
	Counts []int     // per symbol
	Prior  []float64 // probabilities, same length; nil where there is none
	// What symbols and the prior are, where these names would mislead.
	SymbolName, PriorName string
	// Noun names what was counted.
	Noun Noun
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
