package workbench

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"codecworkbench/app/blind"
	"codecworkbench/metrics"
)

// BlindTerms is what the candidates of a blind test have in common.
type BlindTerms string

// The terms.
const (
	BlindAsTheyAre BlindTerms = ""       // nothing: each at its setting
	BlindByRate    BlindTerms = "rate"   // all at one rate
	BlindByMetric  BlindTerms = "metric" // all at one value of a metric
)

// BlindSetup is what a blind test is to be.
type BlindSetup struct {
	Kind       blind.Kind
	Candidates []int // numbers of slots; never changed in place
	Terms      BlindTerms
	Metric     string  // id, for BlindByMetric
	Fixed      bool    // Target holds; else the smallest rate, or the poorest value
	Target     float64 // in bits a pixel, or as the metric measures it
	All        bool    // on all opened pictures, not the current one alone
	Trials     int
	SameView   bool // zoom and place stay from one trial to the next
	Reference  bool // of 2AFC: the original may be looked at
	Ties       bool // of 2AFC: "no difference" is an answer
	Seed       uint64
}

// proposeBlind sets up a test of what is shown, once, and leaves out candidates that are
// gone.
func (w *Workbench) proposeBlind() {
	s := &w.blinding.setup
	if !w.blinding.drawn {
		w.blinding.drawn = true
		*s = BlindSetup{Kind: blind.ABX, Terms: BlindByRate, Trials: defaultTrials, SameView: true, Reference: true, Seed: newSeed()}
		l, r := w.Compared()
		s.Candidates = slices.Compact([]int{min(l, r), max(l, r)})
		if m := w.setup.Match; m.Metric != "" {
			s.Terms, s.Metric, s.Fixed, s.Target = BlindByMetric, m.Metric, m.Fixed, m.Target
		} else if m.Fixed {
			s.Fixed, s.Target = true, m.Target
		}
	}
	if w.blinding.phase != BlindSetting {
		return
	}
	gone := func(n int) bool { return w.setup.index(n) < 0 }
	if slices.ContainsFunc(s.Candidates, gone) {
		s.Candidates = slices.DeleteFunc(slices.Clone(s.Candidates), gone)
	}
}

// newSeed is short enough to be typed.
func newSeed() uint64 { return uint64(rand.IntN(1e6)) }

// NewBlindSeed draws another seed.
func (w *Workbench) NewBlindSeed() {
	s := w.Blind().Setup
	s.Seed = newSeed()
	w.SetBlind(s)
}

// SetBlind changes what the next test is to be.
func (w *Workbench) SetBlind(s BlindSetup) {
	w.blinding.drawn = true
	s.Trials = min(max(s.Trials, 1), blind.MaxTrials)
	s.Candidates = slices.Sorted(slices.Values(s.Candidates))
	w.blinding.setup, w.blinding.problem = s, ""
	w.keepSession()
	w.notify(Blinds)
}

// ToggleBlind takes a candidate into the next test, or out of it.
func (w *Workbench) ToggleBlind(number int) {
	s := w.Blind().Setup
	before := len(s.Candidates)
	s.Candidates = slices.DeleteFunc(slices.Clone(s.Candidates), func(n int) bool { return n == number })
	if len(s.Candidates) == before && w.setup.index(number) >= 0 {
		s.Candidates = append(s.Candidates, number)
	}
	w.SetBlind(s)
}

// blindPlan is what the present setup would draw.
func (w *Workbench) blindPlan() blind.Plan {
	s := w.blinding.setup
	pictures := 1
	if s.All {
		pictures = len(w.pictures.entries)
	}
	return blind.Plan{Kind: s.Kind, Candidates: s.Candidates, Pictures: pictures, Trials: s.Trials, Seed: s.Seed}
}

// CanBlind says why no test can begin now; nil if one can.
func (w *Workbench) CanBlind() error {
	w.proposeBlind()
	if w.pictures.pic == nil {
		return errors.New("open a picture first")
	}
	if len(w.blinding.setup.Candidates) < 2 {
		return errors.New("choose two candidates at least")
	}
	if s := w.blinding.setup; s.Terms == BlindByMetric {
		if _, err := w.config.Tools.Metrics.Metric(s.Metric); err != nil {
			return errors.New("choose the metric that the candidates are to be equal in")
		}
	}
	return w.blindPlan().Check()
}

// SetBlindTarget holds the candidates of the next test to a rate or a value, written as
// the window shows it; an empty text to the smallest, or the poorest.
func (w *Workbench) SetBlindTarget(text string) error {
	s := w.Blind().Setup
	var m metrics.Metric
	if s.Terms == BlindByMetric {
		m, _ = w.config.Tools.Metrics.Metric(s.Metric) // one that is missing is told by CanBlind
	}
	s.Fixed, s.Target = false, 0
	if text = strings.TrimSpace(text); text != "" {
		v, err := parseTarget(text, m)
		if err != nil {
			return err
		}
		s.Fixed, s.Target = true, v
	}
	w.SetBlind(s)
	return nil
}

// BlindTarget writes what SetBlindTarget was told.
func (w *Workbench) BlindTarget() string {
	s := w.Blind().Setup
	if !s.Fixed {
		return ""
	}
	if m, err := w.config.Tools.Metrics.Metric(s.Metric); err == nil && s.Terms == BlindByMetric {
		return FormatMetric(m.Info(), metrics.Value{Number: s.Target})
	}
	return fmt.Sprintf("%.3f", s.Target)
}

// BlindTermsText says how a setup makes the candidates equal, in words.
func (w *Workbench) BlindTermsText(s BlindSetup) string {
	m, err := w.config.Tools.Metrics.Metric(s.Metric)
	switch {
	case s.Terms == BlindByRate && s.Fixed:
		return fmt.Sprintf("at %.3f bpp", s.Target)
	case s.Terms == BlindByRate:
		return "at the smallest rate of each picture"
	case s.Terms == BlindByMetric && err == nil && s.Fixed:
		return "at " + strings.TrimSpace(fmt.Sprintf("%s %.4g %s", m.Info().Name, m.Info().Display(s.Target), m.Info().DisplayUnit()))
	case s.Terms == BlindByMetric && err == nil:
		return "at the poorest " + m.Info().Name + " of each picture"
	}
	return "as they are set"
}
