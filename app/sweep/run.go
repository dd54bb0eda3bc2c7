package sweep

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// Tools are the codecs, metrics and models of a program.
type Tools struct {
	Codecs  *codecs.Registry
	Metrics *metrics.Registry
	Models  *codecs.Models
}

// ErrMismatch marks a lossless codec that did not return its picture.
var ErrMismatch = errors.New("the decoded picture differs from the original, though the codec is lossless")

// Run is a coded picture: what one encode and decode gave.
type Run struct {
	Reference *picture.Picture // what was encoded and is measured against
	Decoded   *picture.Picture
	Stream    *codecs.Stream
	Bytes     int     // the rate: of the native file or the .cwb
	Payload   int     // the part of Bytes that codes the picture, see codecs.PayloadSize
	BPP       float64 // 8 Bytes / pixels
	Encode    time.Duration
	Decode    time.Duration // filters included
	Notes     []string
}

// pipeline is a resolved spec at one point.
type pipeline struct {
	codec   codecs.Codec
	params  codecs.Params
	filters []filter
}

type filter struct {
	codecs.Filter
	params codecs.Params
}

// resolve finds a spec's codec and filters and checks all parameters. A spec of
// several points runs at its first.
func (t Tools) resolve(s Spec) (*pipeline, error) {
	c, err := t.Codecs.Codec(s.Codec)
	if err != nil {
		return nil, err
	}
	info := c.Info()
	qualities, err := s.Qualities(info)
	if err != nil {
		return nil, err
	}
	params := s.Params
	if len(qualities) > 0 {
		params = params.WithQ(qualities[0])
	}
	p := &pipeline{codec: c}
	if p.params, err = info.Resolve(params); err != nil {
		return nil, err
	}
	for _, fs := range s.Filters {
		f, err := t.Codecs.Filter(fs.ID)
		if err != nil {
			return nil, err
		}
		resolved, err := f.Info().Resolve(fs.Params)
		if err != nil {
			return nil, err
		}
		p.filters = append(p.filters, filter{f, resolved})
	}
	return p, nil
}

// EncodePicture encodes p and times it; the Run has no decoded picture yet.
func EncodePicture(ctx context.Context, c codecs.Codec, p *picture.Picture, o codecs.EncodeOptions) (*Run, error) {
	info := c.Info()
	ready, note, err := info.Prepare(p)
	if err != nil {
		return nil, err
	}
	r := &Run{Reference: ready}
	if note != "" {
		r.Notes = append(r.Notes, note)
	}
	start := time.Now()
	r.Stream, err = c.Encode(ctx, ready, o)
	r.Encode = time.Since(start)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", info.ID, err)
	}
	if r.Bytes, err = codecs.Size(info, r.Stream); err != nil {
		return nil, fmt.Errorf("encode %s: %w", info.ID, err)
	}
	if r.Payload, err = codecs.PayloadSize(c, r.Stream); err != nil {
		return nil, fmt.Errorf("encode %s: %w", info.ID, err)
	}
	r.BPP = 8 * float64(r.Bytes) / float64(p.Pixels())
	return r, nil
}

// DecodePicture decodes the Run's stream, times it, and holds lossless codecs to
// their word.
func (r *Run) DecodePicture(ctx context.Context, c codecs.Codec) error {
	info := c.Info()
	start := time.Now()
	result, err := c.Decode(ctx, r.Stream, codecs.DecodeOptions{})
	r.Decode = time.Since(start)
	if err != nil {
		return fmt.Errorf("decode %s: %w", info.ID, err)
	}
	r.Notes = append(r.Notes, result.Warnings...)
	r.Decoded = result.Picture
	if r.Decoded.Width() != r.Reference.Width() || r.Decoded.Height() != r.Reference.Height() {
		return fmt.Errorf("decode %s: %d x %d pixels came back of %d x %d", info.ID,
			r.Decoded.Width(), r.Decoded.Height(), r.Reference.Width(), r.Reference.Height())
	}
	if info.Lossless && !r.Decoded.Equal(r.Reference) {
		return fmt.Errorf("%s: %w", info.ID, ErrMismatch)
	}
	return nil
}

// run encodes, decodes and filters one picture.
func (p *pipeline) run(ctx context.Context, pic *picture.Picture) (*Run, error) {
	r, err := EncodePicture(ctx, p.codec, pic, codecs.EncodeOptions{Params: p.params})
	if err != nil {
		return nil, err
	}
	return r, p.decode(ctx, r)
}

func (p *pipeline) decode(ctx context.Context, r *Run) error {
	if err := r.DecodePicture(ctx, p.codec); err != nil {
		return err
	}
	start := time.Now()
	for _, f := range p.filters {
		out, err := f.Apply(ctx, r.Decoded, f.params)
		if err != nil {
			return fmt.Errorf("filter %s: %w", f.Info().ID, err)
		}
		r.Decoded = out
	}
	r.Decode += time.Since(start)
	return nil
}

// outcome turns a run into a job's result, without metric values.
func (r *Run) outcome() *Outcome {
	o := &Outcome{Bytes: r.Bytes, PayloadBytes: r.Payload, BPP: r.BPP, EncodeMS: milliseconds(r.Encode), DecodeMS: milliseconds(r.Decode),
		Values: map[string]MetricResult{}, Notes: slices.Clone(r.Notes)}
	if r.Stream.Model != 0 {
		o.Model = fmt.Sprintf("%08x", r.Stream.Model)
	}
	return o
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
