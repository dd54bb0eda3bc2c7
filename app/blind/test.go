package blind

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Answer is what was said in a trial.
type Answer string

// The answers. Tie is offered only where a test allows it.
const (
	A   Answer = "A"
	B   Answer = "B"
	Tie Answer = "tie"
)

// Vote is the answer to one trial.
type Vote struct {
	Answer       Answer  `json:"answer"`
	Milliseconds int     `json:"ms"`
	Zoom         float64 `json:"zoom"`     // device pixels a picture pixel when it was given
	Switches     int     `json:"switches"` // how often another picture was looked at
}

// Candidate describes what a number stood for.
type Candidate struct {
	Number int    `json:"number"`
	Name   string `json:"name"`  // as labels have it: "jpeg"
	Codec  string `json:"codec"` // id; empty: the original
}

// Sample is a candidate's file of one picture.
type Sample struct {
	Candidate int                `json:"candidate"` // number
	Picture   int                `json:"picture"`   // index
	Params    string             `json:"params,omitempty"`
	Bytes     int                `json:"bytes"`
	BPP       float64            `json:"bpp"`
	Values    map[string]float64 `json:"values,omitempty"` // finite ones, by metric id, as measured
}

// Metric is a metric that samples were measured with.
type Metric struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Lower bool   `json:"lower,omitempty"` // is better
}

// Test is a blind test with its answers so far. It survives JSON.
type Test struct {
	Plan       Plan        `json:"plan"`
	Began      time.Time   `json:"began"`
	Terms      string      `json:"terms"`               // how the candidates were made equal, in words
	Reference  bool        `json:"reference,omitempty"` // the original could be looked at
	Ties       bool        `json:"ties,omitempty"`      // "no difference" was an answer
	Candidates []Candidate `json:"candidates"`
	Pictures   []string    `json:"pictures"` // names
	Metrics    []Metric    `json:"metrics"`
	Samples    []Sample    `json:"samples"`
	Trials     []Trial     `json:"trials"`
	Votes      []Vote      `json:"votes"` // of the first trials, in order
	Notes      []string    `json:"notes,omitempty"`
}

// Check says what is wrong with a test that was read from a file; nil: nothing.
func (t *Test) Check() error {
	if err := t.Plan.Check(); err != nil {
		return err
	}
	if len(t.Trials) != t.Plan.Trials || len(t.Votes) > len(t.Trials) || len(t.Pictures) != t.Plan.Pictures {
		return errors.New("the blind test's trials, answers and pictures do not fit its plan")
	}
	for _, number := range t.Plan.Candidates {
		if t.index(number) < 0 {
			return fmt.Errorf("the blind test does not say what candidate %d is", number)
		}
	}
	for i, r := range t.Trials {
		if !t.Plan.has(r) {
			return fmt.Errorf("trial %d of the blind test is of something that it does not have", i+1)
		}
	}
	for i, v := range t.Votes {
		if v.Answer != A && v.Answer != B && (v.Answer != Tie || t.Plan.Kind == ABX) {
			return fmt.Errorf("the answer to trial %d of the blind test is %q", i+1, v.Answer)
		}
	}
	return nil
}

// has reports whether a trial is of the plan's candidates and pictures.
func (p *Plan) has(r Trial) bool {
	known := func(number int) bool { return slices.Contains(p.Candidates, number) }
	return known(r.A) && known(r.B) && r.A != r.B && r.Picture >= 0 && r.Picture < p.Pictures &&
		(p.Kind != ABX || r.X == r.A || r.X == r.B)
}

// index is the place of a candidate in the plan's list; -1: it is not in it.
func (t *Test) index(number int) int {
	return slices.IndexFunc(t.Candidates, func(c Candidate) bool { return c.Number == number })
}

// Candidate returns what a number stands for.
func (t *Test) Candidate(number int) Candidate {
	if i := t.index(number); i >= 0 {
		return t.Candidates[i]
	}
	return Candidate{Number: number}
}

// Name names a candidate in sentences: with its number where another has the same name.
func (t *Test) Name(number int) string {
	c := t.Candidate(number)
	for _, o := range t.Candidates {
		if o.Number != number && o.Name == c.Name {
			return fmt.Sprintf("%s (%d)", c.Name, number)
		}
	}
	return c.Name
}

// Sample returns a candidate's file of a picture; ok is false for the original.
func (t *Test) Sample(number, picture int) (s Sample, ok bool) {
	i := slices.IndexFunc(t.Samples, func(s Sample) bool { return s.Candidate == number && s.Picture == picture })
	if i < 0 {
		return Sample{}, false
	}
	return t.Samples[i], true
}

// right reports whether an ABX answer is right.
func (r Trial) right(a Answer) bool { return a == A && r.X == r.A || a == B && r.X == r.B }

// Correct reports whether the answer to an ABX trial is right; known is false for trials
// without an answer, or of another kind.
func (t *Test) Correct(trial int) (right, known bool) {
	if t.Plan.Kind != ABX || trial >= len(t.Votes) {
		return false, false
	}
	return t.Trials[trial].right(t.Votes[trial].Answer), true
}

// Chosen returns the number of the candidate that a trial's answer prefers; 0: a tie.
func (t *Test) Chosen(trial int) int {
	switch t.Votes[trial].Answer {
	case A:
		return t.Trials[trial].A
	case B:
		return t.Trials[trial].B
	}
	return 0
}

// Right counts the answered ABX trials and the right answers.
func (t *Test) Right() (right, trials int) {
	for i := range t.Votes {
		if ok, _ := t.Correct(i); ok {
			right++
		}
	}
	return right, len(t.Votes)
}

// Duel is what the trials of one pair of candidates gave.
type Duel struct {
	First, Second int // numbers, in the plan's order
	Trials        int
	Right         int // of ABX
	Wins, Losses  int // of the first one, of 2AFC
	Ties          int
	// P is the probability of such a result, or a clearer one, by chance: of so many right
	// answers for a guesser, of so uneven a parting for two equally good ones.
	P float64
}

// Duels evaluates the pairs, in the plan's order; those without an answer are left out.
func (t *Test) Duels() []Duel {
	var out []Duel
	for _, pair := range t.Plan.Pairs() {
		d := Duel{First: pair[0], Second: pair[1]}
		for i, v := range t.Votes {
			r := t.Trials[i]
			if (r.A != pair[0] || r.B != pair[1]) && (r.A != pair[1] || r.B != pair[0]) {
				continue
			}
			d.Trials++
			switch {
			case t.Plan.Kind == ABX:
				if r.right(v.Answer) {
					d.Right++
				}
			case v.Answer == Tie:
				d.Ties++
			case t.Chosen(i) == pair[0]:
				d.Wins++
			default:
				d.Losses++
			}
		}
		if d.P = Guessing(d.Right, d.Trials); t.Plan.Kind == Choice {
			d.P = Even(d.Wins, d.Wins+d.Losses)
		}
		if d.Trials > 0 {
			out = append(out, d)
		}
	}
	return out
}

// Standing is a candidate's score in a 2AFC test.
type Standing struct {
	Number    int
	Score     float64 // Bradley-Terry, in log-odds; the mean is 0
	Low, High float64 // of the 95 % interval
	Wins      float64 // a tie counts half
	Trials    int
}

// Standings ranks the candidates of a 2AFC test, the best first; nil without answers.
func (t *Test) Standings() []Standing {
	s, wins := t.strengths()
	if wins == nil {
		return nil
	}
	out := make([]Standing, len(t.Plan.Candidates))
	for i, number := range t.Plan.Candidates {
		low, high := s.Interval(i)
		out[i] = Standing{Number: number, Score: s.Score[i], Low: low, High: high}
		var trials float64
		for j := range wins {
			out[i].Wins += wins[i][j]
			trials += wins[i][j] + wins[j][i]
		}
		out[i].Trials = int(math.Round(trials))
	}
	slices.SortStableFunc(out, func(a, b Standing) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	return out
}

// strengths fits the scores, in the plan's order of candidates; wins is nil where there
// is nothing to fit.
func (t *Test) strengths() (s Strengths, wins [][]float64) {
	if t.Plan.Kind != Choice || len(t.Votes) == 0 {
		return s, nil
	}
	n := len(t.Plan.Candidates)
	wins = make([][]float64, n)
	for i := range wins {
		wins[i] = make([]float64, n)
	}
	for i, v := range t.Votes {
		a, b := slices.Index(t.Plan.Candidates, t.Trials[i].A), slices.Index(t.Plan.Candidates, t.Trials[i].B)
		switch v.Answer {
		case A:
			wins[a][b]++
		case B:
			wins[b][a]++
		default:
			wins[a][b] += 0.5
			wins[b][a] += 0.5
		}
	}
	s, err := Fit(wins, Prior)
	if err != nil { // with a prior there is always an answer
		return s, nil
	}
	return s, wins
}

// Agreement is how often a metric and the viewer preferred the same candidate.
type Agreement struct {
	Metric        Metric
	Agreed, Among int // of the trials in which both had a preference
}

// Agreements compares the metrics with the answers of a 2AFC test, the most agreeing
// first. Trials with the original in them are left out: metrics know it beforehand.
func (t *Test) Agreements() []Agreement {
	if t.Plan.Kind != Choice {
		return nil
	}
	var out []Agreement
	for _, m := range t.Metrics {
		a := Agreement{Metric: m}
		for i := range t.Votes {
			r, chosen := t.Trials[i], t.Chosen(i)
			sa, okA := t.Sample(r.A, r.Picture)
			sb, okB := t.Sample(r.B, r.Picture)
			va, hasA := sa.Values[m.ID]
			vb, hasB := sb.Values[m.ID]
			if chosen == 0 || !okA || !okB || !hasA || !hasB || va == vb {
				continue
			}
			a.Among++
			if (va > vb != m.Lower) == (chosen == r.A) {
				a.Agreed++
			}
		}
		if a.Among > 0 {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(a, b Agreement) int { return b.Agreed*a.Among - a.Agreed*b.Among })
	return out
}
