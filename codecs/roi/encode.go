package roi

import (
	"context"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/latent/shell"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/refine"
)

// encoder compresses one picture.
type encoder struct {
	latent.Layout
	m     *model
	h     latent.Header
	gains *latent.Map // nil: q everywhere
	parts []latent.Region
	meter *latent.Meter
}

func newEncoder(j shell.Job[*model]) (*encoder, error) {
	e := &encoder{Layout: j.Model.Layout(j.Picture.Width(), j.Picture.Height()), m: j.Model, h: j.Header}
	if j.Params["prior"] == priorGaussian {
		e.h.Flags |= flagGaussian
	}
	if path := j.Params["mask"]; path != "" {
		weights, err := readMask(path, e.Layout)
		if err != nil {
			return nil, err
		}
		e.gains = newMap(e.h.Q, j.Params.Float("strength"), weights)
	}
	e.parts = e.Regions()
	e.meter = latent.NewMeter(e.High+latent.RegionRows(e.parts), j.Refine.On())
	return e, nil
}

// compress encodes a picture.
func compress(ctx context.Context, j shell.Job[*model]) ([]container.Section, error) {
	e, err := newEncoder(j)
	if err != nil {
		return nil, err
	}
	m, q := e.m, e.h.Q
	w := m.spaces.Get().(*hyper.Workspace)
	defer m.spaces.Put(w)
	y, err := e.analyse(ctx, w.Analysis, j.Picture)
	if err != nil {
		return nil, err
	}
	j.Refine.Decoder = m.refiner
	problem := refine.Problem{Picture: j.Picture, Layout: e.Layout, Level: m.Levels.At(q), Gain: m.Levels.Gain(q), Lambda: latent.Lambda(q), Map: e.gains, Levels: m.Levels}
	job := m.prior(e.h).Job(problem, m.gaussian.Tables.Len(), e.parts, e.meter.Tick)
	job.Model, job.Z, job.Q, job.Refine, job.Sections = m.hyper, m.hyper.Layout(e.Width, e.Height), q, j.Refine, e.sections
	return job.Encode(ctx, w, y)
}

func (e *encoder) sections(z []byte, y [][]byte) []container.Section {
	out := []container.Section{e.h.Section(), {Kind: sectionZ, Payload: z}}
	if e.gains != nil {
		out = append(out, container.Section{Kind: sectionMap, Payload: writeMap(e.Layout, e.gains)})
	}
	return append(out, latent.Sections(sectionY, y)...)
}

func (e *encoder) analyse(ctx context.Context, s *nn.Session, p *picture.Picture) (nn.Tensor, error) {
	if e.gains == nil {
		return e.m.Analyse(ctx, s, p, e.Layout, e.h.Q, e.meter.Tick)
	}
	return e.m.AnalyseMap(ctx, s, p, e.Layout, e.gains, e.meter.Tick)
}
