package hyper

import (
	"context"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/refine"
)

// Job is a picture whose latents are to be coded by means and scales.
type Job struct {
	Model   *Model
	Coder   *Coder
	Scales  int           // of each channel
	Z       latent.Layout // of z
	Q       int           // in 1/latent.QUnit: of z
	Regions []latent.Region
	Refine  refine.Encoder
	// Problem is what refinement has to know, but for what follows from z: how y is coded.
	Problem refine.Problem
	// Sections are those of a file, by the payloads of z and of the regions.
	Sections func(z []byte, y [][]byte) []container.Section
	Tick     func() // for each row of a region
}

// Encode looks for good z, refines y and codes both.
func (j *Job) Encode(ctx context.Context, w *Workspace, y nn.Tensor) ([]container.Section, error) {
	j.Problem.Y = y
	search := Search{Steps: Steps(j.Refine.Iterations), Coder: j.Coder, Scales: j.Scales,
		Cost: func(ctx context.Context, prior Prior) (float64, error) {
			return j.Refine.Cost(ctx, j.problem(prior))
		}}
	z, payload, err := j.Model.Encode(ctx, w, j.Z, y, j.Q, search)
	if err != nil {
		return nil, err
	}
	prior, err := j.Model.Predict(ctx, w.HyperSynthesis, j.Z, z)
	if err != nil {
		return nil, err
	}
	code := func(ctx context.Context) ([]container.Section, error) {
		out, err := j.Coder.Encode(ctx, j.Regions, y, prior, j.Tick)
		if err != nil {
			return nil, err
		}
		return j.Sections(payload, out), nil
	}
	if j.Refine.Iterations > 0 {
		if err := j.Refine.Improve(ctx, j.problem(prior), code); err != nil {
			return nil, err
		}
	}
	return code(ctx)
}

// problem is that of refining y with a prediction.
func (j *Job) problem(prior Prior) *refine.Problem {
	p := j.Problem
	p.At, p.Tables, p.Skip = j.Coder.At(p.Layout, prior), j.Coder.Tables, j.Coder.Skip
	return &p
}
