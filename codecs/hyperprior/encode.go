package hyperprior

import (
	"context"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/shell"
	"codecworkbench/codecs/refine"
)

// compress encodes a picture.
func compress(ctx context.Context, j shell.Job[*model]) ([]container.Section, error) {
	m, p, q := j.Model, j.Picture, j.Header.Q
	l := m.layout(p.Width(), p.Height())
	parts := l.Regions()
	meter := latent.NewMeter(l.High+latent.RegionRows(parts), j.Refine.On())
	w := m.spaces.Get().(*workspace)
	defer m.spaces.Put(w)
	y, err := m.Analyse(ctx, w.Analysis, p, l.Layout, q, meter.Tick)
	if err != nil {
		return nil, err
	}
	j.Refine.Decoder = m.refiner
	problem := refine.Problem{Picture: p, Layout: l.Layout, Level: m.Levels.At(q), Gain: m.Levels.Gain(q), Lambda: latent.Lambda(q)}
	job := m.coder.Job(problem, m.scales.Len(), parts, meter.Tick)
	job.Model, job.Z, job.Q, job.Refine = m.hyper, l.z, q, j.Refine
	job.Sections = func(z []byte, y [][]byte) []container.Section {
		return append([]container.Section{j.Header.Section(), {Kind: sectionZ, Payload: z}}, latent.Sections(sectionY, y)...)
	}
	return job.Encode(ctx, w, y)
}
