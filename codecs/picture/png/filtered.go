package png

import (
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// Filtered is what filters make of a file's rows before DEFLATE packs them: the bytes that
// are left when each is predicted from the pixels to its left and above (PNG, third
// edition, section 9).
type Filtered struct {
	Rows [filters]int // by filter: none, sub, up, average, Paeth
	// Counts are of the bytes that filters leave, taken as numbers from -128 to 127.
	Counts [256]int
	// Left is the mean magnitude of these numbers by squares of Cell pixels, [High, Wide].
	Left             []float32
	Cell, Wide, High int
}

const (
	filters      = 5
	filteredCell = 8
)

// ErrOtherRows is what ReadFiltered returns for files of other kinds than it reads.
var ErrOtherRows = errors.New("only rows of 8-bit samples in one pass are looked into")

// ReadFiltered reads the filtered rows of a file of 8-bit grey or colour samples in one
// pass, whose sides the caller knows.
func ReadFiltered(data []byte, width, height int) (*Filtered, error) {
	f, err := parse(data)
	if err != nil {
		return nil, err
	}
	if f.width != width || f.height != height {
		return nil, fmt.Errorf("the file has %d x %d pixels, not %d x %d", f.width, f.height, width, height)
	}
	if f.depth != 8 || f.interlaced || f.colour == typePalette || len(f.idat) == 0 {
		return nil, ErrOtherRows
	}
	pixels, err := zlib.NewReader(chain(f.idat))
	if err != nil {
		return nil, f.pixelError(err, 0)
	}
	out := &Filtered{Cell: filteredCell, Wide: (width + filteredCell - 1) / filteredCell, High: (height + filteredCell - 1) / filteredCell}
	out.Left = make([]float32, out.Wide*out.High)
	row := make([]byte, 1+f.rowBytes(width))
	for y := range height {
		if _, err := io.ReadFull(pixels, row); err != nil {
			return nil, f.pixelError(err, y)
		}
		if row[0] >= filters {
			return nil, fmt.Errorf("row %d has the unknown filter %d", y, row[0])
		}
		out.Rows[row[0]]++
		out.add(row[1:], y, f.channels())
	}
	out.average(width, height, f.channels())
	return out, nil
}

func (o *Filtered) add(row []byte, y, channels int) {
	cells := o.Left[y/o.Cell*o.Wide:]
	for i, b := range row {
		v := int(int8(b))
		o.Counts[v+128]++
		cells[i/channels/o.Cell] += float32(max(v, -v))
	}
}

// average makes means of sums; squares at the edges have fewer pixels.
func (o *Filtered) average(width, height, channels int) {
	for i := range o.Left {
		w := min(o.Cell, width-i%o.Wide*o.Cell)
		h := min(o.Cell, height-i/o.Wide*o.Cell)
		o.Left[i] /= float32(w * h * channels)
	}
}
