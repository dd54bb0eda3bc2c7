package sweep

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// Target is what a search for a quality aims at.
type Target struct {
	BPP    float64 // above 0: the largest file of at most BPP
	Metric metrics.Metric
	Value  float64 // the smallest file that reaches Value, as the metric measures it (MS-SSIM linear)
}

// Search finds the quality that meets a target, on the codec's own steps, and
// returns its run. Encoders are nearly, not strictly, monotone: after the bisection
// the neighbouring steps are looked at too. on may be nil.
func Search(ctx context.Context, c codecs.Codec, p *picture.Picture, params codecs.Params, goal Target, on func(codecs.Progress)) (*Run, codecs.Params, error) {
	s := &search{ctx: ctx, codec: c, pic: p, goal: goal, on: on, tried: map[int]*trial{}}
	info := c.Info()
	if t, ok := c.(codecs.Targeter); ok {
		return s.own(t, params)
	}
	if info.Quality == nil {
		return nil, nil, fmt.Errorf("%s has no quality to search over", info.ID)
	}
	var err error
	if s.params, err = info.Resolve(params); err != nil {
		return nil, nil, err
	}
	s.quality = *info.Quality
	if s.quality.Step <= 0 {
		s.quality.Step = (s.quality.Max - s.quality.Min) / 1000
	}
	s.steps = int(math.Round((s.quality.Max - s.quality.Min) / s.quality.Step))
	best, err := s.bisect()
	if err != nil {
		return nil, nil, err
	}
	if best.run.Decoded == nil {
		if err := best.run.DecodePicture(ctx, c); err != nil {
			return nil, nil, err
		}
	}
	return best.run, best.params, nil
}

// keptPixels is how large a picture may be whose decodings are kept while a search goes
// on: it makes ten or more.
const keptPixels = 4 << 20

// trial is one encode of a search.
type trial struct {
	run    *Run
	params codecs.Params
	value  float64 // as the metric measures it
}

type search struct {
	ctx     context.Context
	codec   codecs.Codec
	pic     *picture.Picture
	goal    Target
	on      func(codecs.Progress)
	params  codecs.Params
	quality codecs.Quality
	steps   int
	tried   map[int]*trial
}

// try encodes at one step, once.
func (s *search) try(step int) (*trial, error) {
	if t := s.tried[step]; t != nil {
		return t, nil
	}
	t := &trial{params: s.params.WithQ(s.quality.Snap(s.quality.Min + float64(step)*s.quality.Step))}
	var err error
	if t.run, err = EncodePicture(s.ctx, s.codec, s.pic, codecs.EncodeOptions{Params: t.params}); err != nil {
		return nil, err
	}
	if s.goal.Metric != nil {
		if err := t.run.DecodePicture(s.ctx, s.codec); err != nil {
			return nil, err
		}
		if t.value, err = s.measure(t.run.Reference, t.run.Decoded); err != nil {
			return nil, err
		}
		if s.pic.Pixels() > keptPixels {
			t.run.Decoded = nil // the one that is found is decoded again
		}
	}
	s.tried[step] = t
	expected := 2 + int(math.Ceil(math.Log2(float64(s.steps+1))))
	codecs.Report(s.on, min(len(s.tried), expected), expected)
	return t, nil
}

func (s *search) measure(ref, dist *picture.Picture) (float64, error) {
	info := s.goal.Metric.Info()
	pair, err := metrics.NewPair(ref, dist)
	if err != nil {
		return 0, err
	}
	v, err := metrics.Measure(s.ctx, s.goal.Metric, pair)
	if err != nil {
		return 0, err
	}
	if math.IsNaN(v.Number) {
		return 0, fmt.Errorf("%s: %s", info.ID, v.Note)
	}
	return v.Number, nil
}

// meets says whether a trial lies on the wanted side.
func (s *search) meets(t *trial) bool {
	switch {
	case s.goal.Metric == nil:
		return t.run.BPP <= s.goal.BPP
	case s.goal.Metric.Info().Lower:
		return t.value <= s.goal.Value
	}
	return t.value >= s.goal.Value
}

// bisect finds the step where meets changes, looks at the steps around it, and
// returns the best of all that meet the goal.
func (s *search) bisect() (*trial, error) {
	rate := s.goal.Metric == nil // meets holds at low steps for a rate, at high ones for a metric
	lo, hi := 0, s.steps
	for lo < hi {
		mid := (lo + hi) / 2
		if rate {
			mid = (lo + hi + 1) / 2
		}
		t, err := s.try(mid)
		if err != nil {
			return nil, err
		}
		switch ok := s.meets(t); {
		case rate && ok:
			lo = mid
		case rate:
			hi = mid - 1
		case ok:
			hi = mid
		default:
			lo = mid + 1
		}
	}
	for step := max(lo-2, 0); step <= min(lo+2, s.steps); step++ {
		if _, err := s.try(step); err != nil {
			return nil, err
		}
	}
	var best *trial
	for step := range s.steps + 1 {
		t := s.tried[step]
		if t == nil || !s.meets(t) {
			continue
		}
		if best == nil || rate && t.run.Bytes >= best.run.Bytes || !rate && t.run.Bytes < best.run.Bytes {
			best = t
		}
	}
	if best == nil {
		return nil, s.unreachable()
	}
	return best, nil
}

// unreachable names what can be had instead.
func (s *search) unreachable() error {
	id := s.codec.Info().ID
	var nearest *trial
	for _, t := range s.tried {
		better := nearest == nil
		if !better && s.goal.Metric == nil {
			better = t.run.BPP < nearest.run.BPP
		} else if !better {
			better = (t.value > nearest.value) != s.goal.Metric.Info().Lower
		}
		if better {
			nearest = t
		}
	}
	if s.goal.Metric == nil {
		return fmt.Errorf("%s cannot reach %.4g bpp on this picture: its smallest file has %.4f bpp (%d bytes)",
			id, s.goal.BPP, nearest.run.BPP, nearest.run.Bytes)
	}
	info := s.goal.Metric.Info()
	return fmt.Errorf("%s cannot reach %s %.4g on this picture: its best is %.4f%s at %.4f bpp",
		id, info.ID, s.goal.Value, nearest.value, unit(info.Unit), nearest.run.BPP)
}

// own lets the codec search by itself.
func (s *search) own(t codecs.Targeter, params codecs.Params) (*Run, codecs.Params, error) {
	info := s.codec.Info()
	ready, note, err := info.Prepare(s.pic)
	if err != nil {
		return nil, nil, err
	}
	resolved, err := info.Resolve(params)
	if err != nil {
		return nil, nil, err
	}
	goal := codecs.Goal{BPP: s.goal.BPP, Value: s.goal.Value}
	var measure func(*picture.Picture) (float64, error)
	if s.goal.Metric != nil {
		goal.Lower = s.goal.Metric.Info().Lower
		measure = func(d *picture.Picture) (float64, error) { return s.measure(ready, d) }
	}
	run := &Run{Reference: ready}
	if note != "" {
		run.Notes = []string{note}
	}
	if run.Stream, err = t.Target(s.ctx, ready, goal, measure, codecs.EncodeOptions{Params: resolved, On: s.on}); err != nil {
		return nil, nil, fmt.Errorf("encode %s: %w", info.ID, err)
	}
	if run.Bytes, err = codecs.Size(info, run.Stream); err != nil {
		return nil, nil, err
	}
	run.BPP = 8 * float64(run.Bytes) / float64(s.pic.Pixels())
	return run, resolved, run.DecodePicture(s.ctx, s.codec)
}

func unit(u string) string {
	if u == "" {
		return ""
	}
	return " " + u
}
