package workbench

import (
	"context"
	"maps"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// largePixels is how large a picture may be that is kept in memory while nothing needs it:
// below, having it at once is worth more than the memory.
const largePixels = 4 << 20

// parkPictures frees, when the trials of a blind test begin, what is not looked at until
// they end: maps of large pictures, and what candidates decode to, of which the files stay.
func (w *Workbench) parkPictures() {
	w.parked = map[string]*Result{}
	for _, r := range w.runs {
		if r.Result == nil || r.Result.Decoded.Pixels() <= largePixels {
			continue
		}
		if r.Fresh {
			w.parked[r.Result.key] = r.Result.with(nil)
		}
		r.Result, r.Fresh, r.Preview = nil, false, nil
		if r.Phase != Failed && r.Phase != Cancelled {
			r.Phase = Waiting
		}
	}
	w.cache.forget(4 * largePixels)
	w.forgetMaps()
	w.curve.peek.done = nil
	w.notify(Results | Maps)
}

// forgetMaps drops maps of large pictures.
func (w *Workbench) forgetMaps() {
	maps.DeleteFunc(w.maps.shown, func(_ int, m *mapped) bool { return m.size() > 4*largePixels })
	w.maps.cache.forget(4 * largePixels)
}

// with is the same result with another copy of what it decodes to; nil for none.
func (r *Result) with(decoded *picture.Picture) *Result {
	return &Result{Stream: r.Stream, Decoded: decoded, Reference: r.Reference, Bytes: r.Bytes, BPP: r.BPP,
		EncodeMS: r.EncodeMS, DecodeMS: r.DecodeMS, Beside: r.Beside, Notes: r.Notes, Values: r.Values, key: r.key}
}

// decodedAgain is a result that was parked, as it was before.
func (r *Result) decodedAgain(ctx context.Context, c codecs.Codec) (*Result, error) {
	out, err := c.Decode(ctx, r.Stream, codecs.DecodeOptions{})
	if err != nil {
		return nil, err
	}
	return r.with(out.Picture), nil
}
