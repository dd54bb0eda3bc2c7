package workbench

import (
	"context"
	"fmt"
	"maps"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// pointJob is what one point of a curve still needs. It runs on another goroutine and
// changes nothing that it was given.
type pointJob struct {
	codec    codecs.Codec
	slot     Slot
	picture  *picture.Picture
	have     map[string]float64 // of the point so far; nil: nothing
	lacks    []metrics.Metric
	known    *Result                  // a result of this setting; nil: it has to be coded
	measured map[string]metrics.Value // of known
}

// run returns the point's values, those it had included.
func (j pointJob) run(ctx context.Context) (map[string]float64, error) {
	r := j.known
	if r == nil {
		var err error
		if r, err = code(ctx, j.codec, j.slot, j.picture, codecs.EncodeOptions{Params: j.slot.Params}); err != nil {
			return nil, err
		}
	}
	values := maps.Clone(j.have)
	if values == nil {
		values = map[string]float64{rd.KeyBPP: r.BPP, rd.KeyEncode: r.EncodeMS / 1000, rd.KeyDecode: r.DecodeMS / 1000}
		if n, err := codecs.PayloadSize(j.codec, r.Stream); err == nil && r.Bytes > 0 {
			values[rd.KeyPayload] = r.BPP * float64(n) / float64(r.Bytes)
		}
	}
	for _, m := range j.lacks {
		id := m.Info().ID
		v, ok := j.measured[id]
		if !ok {
			var err error
			if v, err = measure(ctx, m, r); err != nil {
				return nil, err
			}
		}
		values[id] = v.Number
	}
	return values, nil
}

// measure computes one metric of a result; a metric's panic is an error of its own.
func measure(ctx context.Context, m metrics.Metric, r *Result) (v metrics.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("internal error of %s: %v", m.Info().ID, p)
		}
	}()
	pair, err := r.Pair()
	if err != nil {
		return metrics.Value{}, err
	}
	return metrics.Measure(ctx, m, pair)
}
