package workbench

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"

	"codecworkbench/app/blind"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// blindWork makes the files of one picture, away from the interface's thread.
type blindWork struct {
	w    *Workbench // its tools only
	run  *blindRun
	have map[int]*blindTrying // what candidates have already
	tell func(step int)       // how far it has come, of steps
}

// steps is how many steps a picture takes.
func (r *blindRun) steps() int { return 3 * len(r.slots) }

// blindTrying is a candidate's file at some setting.
type blindTrying struct {
	codec     codecs.Codec
	params    codecs.Params
	stream    *codecs.Stream
	bytes     int
	bpp       float64
	reference *picture.Picture
	decoded   *picture.Picture // nil: not in memory now
	values    map[string]metrics.Value
}

func tryingOf(c codecs.Codec, r *Result, params codecs.Params) *blindTrying {
	t := &blindTrying{codec: c, params: params, stream: r.Stream, bytes: r.Bytes, bpp: r.BPP, reference: r.Reference, decoded: r.Decoded, values: maps.Clone(r.Values)}
	t.rest()
	return t
}

// restPixels is how large a picture may be that is kept in memory between two steps.
const restPixels = 4 << 20

// rest drops what would take much memory until the next step; it is decoded again.
func (t *blindTrying) rest() {
	if t.decoded != nil && t.decoded.Pixels() > restPixels {
		t.decoded = nil
	}
}

// prepare makes and measures the candidates' files of a picture.
func (b *blindWork) prepare(ctx context.Context, p *picture.Picture) (*blindPrepared, error) {
	tried := map[int]*blindTrying{}
	for i, s := range b.run.slots {
		b.tell(i)
		if s.Codec == "" {
			continue
		}
		t, codec := b.have[s.Number], b.w.codecOf(s)
		if t == nil {
			r, err := code(ctx, codec, s, p, codecs.EncodeOptions{Params: s.Params})
			if err != nil {
				return nil, err
			}
			t = tryingOf(codec, r, s.Params)
		}
		tried[s.Number] = t
	}
	if err := b.equalize(ctx, p, tried); err != nil {
		return nil, err
	}
	out := &blindPrepared{streams: map[int]*codecs.Stream{}}
	var ids []string
	for _, m := range b.run.test.Metrics {
		ids = append(ids, m.ID)
	}
	for i, s := range b.run.slots {
		b.tell(2*len(b.run.slots) + i)
		t := tried[s.Number]
		if t == nil {
			continue
		}
		if err := b.measure(ctx, t, ids...); err != nil {
			return nil, err
		}
		sample := blind.Sample{Candidate: s.Number, Params: t.params.String(), Bytes: t.bytes, BPP: t.bpp, Values: map[string]float64{}}
		for _, id := range ids {
			if v := t.values[id]; v.Finite() {
				sample.Values[id] = v.Number
			}
		}
		t.decoded, t.reference = nil, nil
		out.streams[s.Number] = t.stream
		out.samples = append(out.samples, sample)
	}
	return out, nil
}

// measure measures a file with those of the metrics that it has no value of. What can't
// be measured has no number.
func (b *blindWork) measure(ctx context.Context, t *blindTrying, ids ...string) error {
	missing := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, ok := t.values[id]; return ok })
	list, _ := b.w.known(missing)
	if len(list) == 0 {
		return nil
	}
	if t.decoded == nil {
		out, err := t.codec.Decode(ctx, t.stream, codecs.DecodeOptions{})
		if err != nil {
			return err
		}
		t.decoded = out.Picture
	}
	defer t.rest()
	pair, err := metrics.NewPair(t.reference, t.decoded)
	if err != nil {
		return err
	}
	for _, m := range list {
		v, err := metrics.Measure(ctx, m, pair)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			v = metrics.Value{Number: math.NaN()}
		}
		t.values[m.Info().ID] = v
	}
	return nil
}

// equalEnough is the share by which rates may differ and be called equal: below it,
// another search would end where this one did. Values of metrics, which people see better,
// may differ by a quarter of it.
const equalEnough = 0.02

// equalize brings the files to one rate or one value of a metric: the smallest, the
// poorest, or the one that was asked for. Files from disk and codecs without a quality
// stay as they are.
func (b *blindWork) equalize(ctx context.Context, p *picture.Picture, tried map[int]*blindTrying) error {
	if b.run.setup.Terms == BlindAsTheyAre {
		return nil
	}
	goal, err := b.goal(ctx, tried)
	if err != nil {
		return err
	}
	for i, slot := range b.run.slots {
		b.tell(len(b.run.slots) + i)
		t := tried[slot.Number]
		if t == nil || slot.File != nil || t.codec.Info().Quality == nil {
			continue
		}
		near, err := b.near(ctx, t, goal)
		if err != nil {
			return err
		}
		if near {
			continue
		}
		run, params, err := sweep.Search(ctx, t.codec, p, slot.Params, goal, nil)
		if err != nil {
			return err
		}
		tried[slot.Number] = tryingOf(t.codec, newResult(run), params)
	}
	return nil
}

// goal is what the files are brought to.
func (b *blindWork) goal(ctx context.Context, tried map[int]*blindTrying) (sweep.Target, error) {
	s := b.run.setup
	if s.Terms == BlindByRate {
		goal := sweep.Target{BPP: s.Target}
		if !s.Fixed {
			goal.BPP = math.Inf(1)
			for _, t := range tried {
				goal.BPP = math.Min(goal.BPP, t.bpp)
			}
		}
		return goal, nil
	}
	m, err := b.w.config.Tools.Metrics.Metric(s.Metric)
	if err != nil || s.Fixed {
		return sweep.Target{Metric: m, Value: s.Target}, err
	}
	goal, found := sweep.Target{Metric: m}, false
	for _, t := range tried {
		if err := b.measure(ctx, t, s.Metric); err != nil {
			return goal, err
		}
		v := t.values[s.Metric]
		if v.Finite() && (!found || v.Number < goal.Value != m.Info().Lower) {
			goal.Value, found = v.Number, true
		}
	}
	if !found {
		return goal, errors.New("no candidate has a value of " + m.Info().Name + " that others could be brought to")
	}
	return goal, nil
}

// near reports whether a file has nearly what is wanted.
func (b *blindWork) near(ctx context.Context, t *blindTrying, goal sweep.Target) (bool, error) {
	if goal.Metric == nil {
		return t.bpp <= goal.BPP*(1+equalEnough) && (!b.run.setup.Fixed || t.bpp >= goal.BPP*(1-equalEnough)), nil
	}
	info := goal.Metric.Info()
	if err := b.measure(ctx, t, info.ID); err != nil {
		return false, err
	}
	have, want := info.Display(t.values[info.ID].Number), info.Display(goal.Value)
	return math.Abs(have-want) <= equalEnough/4*math.Abs(want), nil
}
