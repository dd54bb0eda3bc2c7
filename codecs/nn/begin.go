package nn

import "context"

// Begin readies a worker for a tile outside a Session's runs, where a caller goes layer by
// layer through Op.Compute, as training does. It ends the last tile's scratch memory.
func (w *Worker) Begin(ctx context.Context, level float64) {
	w.ctx, w.Level, w.Map, w.Notes = ctx, level, nil, nil
	w.reset()
}
