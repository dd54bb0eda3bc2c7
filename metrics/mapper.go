package metrics

import (
	"context"

	"codecworkbench/codecs/picture"
)

// Mapper is implemented by metrics that can show where in the picture the
// difference lies.
type Mapper interface {
	Metric
	// Map returns one value a pixel, row by row, in the metric's own scale or the
	// one that it averages (PSNR: the squared error, where lower is better). The map
	// is centred on the picture and may be smaller than it: a border that the
	// metric's window can't reach is left out. Pictures and errors are as for Compare.
	Map(ctx context.Context, ref, dist *picture.Picture) (width, height int, values []float32, err error)
}
