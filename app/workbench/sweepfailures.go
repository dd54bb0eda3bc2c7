package workbench

import (
	"fmt"
	"slices"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
)

// SweepFailure is a sentence about jobs that failed for one reason, or did not apply.
type SweepFailure struct {
	Text string
	// Picture is the path of the one that fails alone, and could be left out; empty: none.
	Picture string
	// Curve is the name of the row that fails on several pictures, and could be left out.
	Curve string
}

// failing is what one curve reports for one reason.
type failing struct {
	spec, message, at string   // at which qualities
	images            []string // names
}

// group puts failures together that differ in their qualities alone, and those in their
// pictures alone, in the order of the first of each.
func group(failures []sweep.Failure) []failing {
	type about struct{ spec, image, message string }
	qualities := map[about][]string{}
	var order []about
	for _, f := range failures {
		a := about{f.Spec, f.Image, f.Message}
		if _, seen := qualities[a]; !seen {
			order = append(order, a)
			qualities[a] = nil
		}
		if f.Q != nil {
			qualities[a] = append(qualities[a], codecs.FormatNumber(*f.Q))
		}
	}
	var out []failing
	for _, a := range order {
		at := ""
		switch q := qualities[a]; {
		case len(q) == 1:
			at = " q " + q[0]
		case len(q) > 1:
			at = " at " + Plural(len(q), "quality")
		}
		i := slices.IndexFunc(out, func(f failing) bool { return a.spec != "" && f.spec == a.spec && f.message == a.message && f.at == at })
		if i < 0 {
			i = len(out)
			out = append(out, failing{spec: a.spec, message: a.message, at: at})
		}
		out[i].images = append(out[i].images, a.image)
	}
	return out
}

// sentences words failures.
func (r *sweepRun) sentences() []SweepFailure {
	var out []SweepFailure
	for _, f := range group(r.failures) {
		switch {
		case f.spec == "":
			out = append(out, SweepFailure{Text: "Left out: " + f.message})
		case len(f.images) > 1:
			out = append(out, SweepFailure{Text: fmt.Sprintf("%s%s on %s: %s", f.spec, f.at, Plural(len(f.images), "picture"), f.message), Curve: f.spec})
		default:
			out = append(out, SweepFailure{Text: fmt.Sprintf("%s%s on %s: %s", f.spec, f.at, f.images[0], f.message), Picture: r.fileOf(f.images[0])})
		}
	}
	return out
}

// fileOf is the path of a picture; empty for samples, which have none of their own.
func (r *sweepRun) fileOf(image string) string {
	for _, img := range r.plan.Images {
		if img.Name == image && slices.ContainsFunc(r.entries, func(e Entry) bool { return e.Path == img.Path }) {
			return img.Path
		}
	}
	return ""
}

// LeaveSweepCurve leaves out what has not begun of a curve, see LeaveSweepRow.
func (w *Workbench) LeaveSweepCurve(name string) {
	s := &w.sweeping.state
	i := slices.IndexFunc(s.Rows, func(r SweepRow) bool { return r.Name == name })
	if i < 0 {
		return
	}
	s.Failures = slices.DeleteFunc(slices.Clone(s.Failures), func(f SweepFailure) bool { return f.Curve == name })
	w.LeaveSweepRow(i)
	w.notify(Sweeps)
}
