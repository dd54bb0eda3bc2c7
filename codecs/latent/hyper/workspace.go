package hyper

import (
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
)

// Workspace is the memory that the networks' runs of a picture need; codecs keep it from
// one picture to the next.
type Workspace struct {
	Analysis, Synthesis, HyperAnalysis *nn.Session
	HyperSynthesis                     *integer.Session
}

// NewWorkspace returns an empty one.
func NewWorkspace() *Workspace {
	return &Workspace{nn.NewSession(), nn.NewSession(), nn.NewSession(), integer.NewSession()}
}
