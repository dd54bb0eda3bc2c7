// Package blind plans blind tests of pictures and evaluates the answers: ABX (is X the
// same as A or as B?) and two-alternative forced choice (which of two is better?).
//
// It draws the order of the trials from a seed, counts right answers and wins, and gives
// an exact binomial probability for guessing and Bradley-Terry scores with intervals. It
// knows neither pictures nor codecs: candidates are numbers, which a Test describes.
//
// Sources: W. Clark, "High-resolution subjective testing using a double-blind comparator",
// J. Audio Eng. Soc. 30 (1982), for ABX; R. Bradley and M. Terry, "Rank analysis of
// incomplete block designs", Biometrika 39 (1952).
package blind

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// Kind is what a trial asks.
type Kind string

// The kinds of trials.
const (
	ABX    Kind = "abx"  // X is A or B: which?
	Choice Kind = "2afc" // A or B: which is better?
)

// Limits of a plan.
const (
	MaxCandidates = 9
	MaxTrials     = 500
	MaxPictures   = 1000
)

// Plan is what a test consists of. The same plan always gives the same trials.
type Plan struct {
	Kind       Kind   `json:"kind"`
	Candidates []int  `json:"candidates"` // numbers, at least two
	Pictures   int    `json:"pictures"`   // how many
	Trials     int    `json:"trials"`
	Seed       uint64 `json:"seed"`
}

// Trial is one question: two candidates at two places.
type Trial struct {
	Picture int `json:"picture"` // its index
	A       int `json:"a"`       // the number of the candidate shown as A
	B       int `json:"b"`
	X       int `json:"x,omitempty"` // of an ABX trial: A's number or B's
}

// Check says what is wrong with a plan; nil if it can be drawn.
func (p Plan) Check() error {
	sorted := slices.Sorted(slices.Values(p.Candidates))
	switch {
	case p.Kind != ABX && p.Kind != Choice:
		return fmt.Errorf("there is no test called %q", p.Kind)
	case len(p.Candidates) < 2:
		return errors.New("a blind test needs two candidates at least")
	case len(p.Candidates) > MaxCandidates:
		return fmt.Errorf("a blind test takes %d candidates at most", MaxCandidates)
	case len(slices.Compact(sorted)) < len(p.Candidates):
		return errors.New("a candidate stands in the blind test twice")
	case p.Pictures < 1 || p.Pictures > MaxPictures:
		return fmt.Errorf("a blind test takes 1 to %d pictures", MaxPictures)
	case p.Trials < 1 || p.Trials > MaxTrials:
		return fmt.Errorf("a blind test has 1 to %d trials", MaxTrials)
	}
	return nil
}

// Pairs lists the pairs of candidates that are compared, in the candidates' order.
func (p Plan) Pairs() [][2]int {
	var out [][2]int
	for i, a := range p.Candidates {
		for _, b := range p.Candidates[i+1:] {
			out = append(out, [2]int{a, b})
		}
	}
	return out
}

// Draw returns the trials in their random order. Pairs take turns, in an order drawn anew
// each round, and each pair goes round the pictures, so that all have as many trials as
// others give or take one. Who stands at A, and what X is, are fair coins of their own: a
// balanced X would let a guesser who counts do better than half.
func (p Plan) Draw() ([]Trial, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(p.Seed, 0x626c696e64)) // the second word only makes it this program's
	pairs := p.Pairs()
	pictures := make([][]int, len(pairs)) // what is left of each pair's round
	var round []int
	trials := make([]Trial, 0, p.Trials)
	for len(trials) < p.Trials {
		if len(round) == 0 {
			round = random.Perm(len(pairs))
		}
		pair := round[0]
		round = round[1:]
		if len(pictures[pair]) == 0 {
			pictures[pair] = random.Perm(p.Pictures)
		}
		t := Trial{Picture: pictures[pair][0], A: pairs[pair][0], B: pairs[pair][1]}
		pictures[pair] = pictures[pair][1:]
		if random.IntN(2) == 1 {
			t.A, t.B = t.B, t.A
		}
		if p.Kind == ABX {
			t.X = t.A
			if random.IntN(2) == 1 {
				t.X = t.B
			}
		}
		trials = append(trials, t)
	}
	return trials, nil
}
