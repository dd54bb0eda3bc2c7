package hyper

import (
	"context"

	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/refine"
)

// Job is a picture whose latents are to be coded by what hyper-latents predict.
type Job struct {
	Model  *Model
	Z      latent.Layout // of z
	Q      int           // in 1/latent.QUnit: of z
	Search Search        // without Steps and Cost
	Refine refine.Encoder
	// Problem is what refinement has to know of y with a prediction.
	Problem func(y nn.Tensor, p Prior) *refine.Problem
	// Code returns the payloads of y.
	Code func(ctx context.Context, y nn.Tensor, p Prior) ([][]byte, error)
	// Sections are those of a file, by the payloads of z and y.
	Sections func(z []byte, y [][]byte) []container.Section
}

// Job is one whose latents are coded by the coder alone; problem lacks what follows from y and
// z, scales are those of each channel, and tick is called for each row of a region.
func (c *Coder) Job(problem refine.Problem, scales int, regions []latent.Region, tick func()) Job {
	return Job{Search: Search{Coder: c, Scales: scales},
		Problem: func(y nn.Tensor, p Prior) *refine.Problem {
			out := problem
			out.Y, out.At, out.Tables, out.Skip = y, c.At(out.Layout, p), c.Tables, c.Skip
			return &out
		},
		Code: func(ctx context.Context, y nn.Tensor, p Prior) ([][]byte, error) {
			return c.Encode(ctx, regions, y, p, tick)
		}}
}

// Encode looks for good z, refines y and codes both.
func (j *Job) Encode(ctx context.Context, w *Workspace, y nn.Tensor) ([]container.Section, error) {
	search := j.Search
	search.Steps = Steps(j.Refine.Iterations)
	search.Cost = func(ctx context.Context, p Prior) (float64, error) { return j.Refine.Cost(ctx, j.Problem(y, p)) }
	z, payload, err := j.Model.Encode(ctx, w, j.Z, y, j.Q, search)
	if err != nil {
		return nil, err
	}
	prior, err := j.Model.Predict(ctx, w.HyperSynthesis, j.Z, z)
	if err != nil {
		return nil, err
	}
	code := func(ctx context.Context) ([]container.Section, error) {
		out, err := j.Code(ctx, y, prior)
		if err != nil {
			return nil, err
		}
		return j.Sections(payload, out), nil
	}
	if j.Refine.Iterations > 0 {
		if err := j.Refine.Improve(ctx, j.Problem(y, prior), code); err != nil {
			return nil, err
		}
	}
	return code(ctx)
}
