package workbench

import (
	"context"
	"maps"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// parkedBytes bounds the files of results whose pictures are decoded again.
const parkedBytes = 64 << 20

// large is the bytes of a picture or map beyond which it is not kept while something else
// is looked at: below, having it at once is worth more than the memory. That is some four
// megapixels.
func (w *Workbench) large() int64 { return w.config.CacheBytes / 16 }

// vast is the bytes beyond which a candidate's earlier results are kept as files, not as
// they were decoded: some sixteen megapixels.
func (w *Workbench) vast() int64 { return w.config.CacheBytes / 4 }

func bytesOf(p *picture.Picture) int64 { return 4 * int64(p.Pixels()) }

// keep remembers a result, so that going back to its setting is quick.
func (w *Workbench) keep(r *Result) {
	if bytesOf(r.Decoded) > w.vast() {
		w.parked.put(r.with(nil))
		return
	}
	w.cache.put(r)
}

// parkPictures frees, when the trials of a blind test begin, what is not looked at until
// they end: maps of large pictures, and what candidates decode to, of which the files stay.
func (w *Workbench) parkPictures() {
	for _, r := range w.runs {
		if r.Result == nil || bytesOf(r.Result.Decoded) <= w.large() {
			continue
		}
		if r.Fresh {
			w.parked.put(r.Result.with(nil))
		}
		r.Result, r.Fresh, r.Preview = nil, false, nil
		if r.Phase != Failed && r.Phase != Cancelled {
			r.Phase = Waiting
		}
	}
	w.cache.forget(w.large())
	w.forgetMaps()
	w.curve.peek.done = nil
	w.notify(Results | Maps)
}

// forgetMaps drops maps of large pictures.
func (w *Workbench) forgetMaps() {
	maps.DeleteFunc(w.maps.shown, func(_ int, m *mapped) bool { return m.size() > w.large() })
	w.maps.cache.forget(w.large())
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
