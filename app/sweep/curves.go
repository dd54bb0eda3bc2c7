package sweep

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"

	"codecworkbench/codecs"
	"codecworkbench/metrics/rd"
)

// Curves returns what is measured so far as rate-distortion curves.
func (r *Result) Curves(program string) []rd.Curve {
	var curves []rd.Curve
	for _, row := range r.Rows {
		curves = append(curves, r.curve(row, program))
	}
	return curves
}

func (r *Result) curve(row Row, program string) rd.Curve {
	c := rd.Curve{Name: row.Spec.Name(), Description: describe(row)}
	for i, img := range r.Plan.Images {
		ic := rd.ImageCurve{Name: img.Name, Hash: img.Hash}
		for q := range row.Cells {
			ic.Points = append(ic.Points, r.point(row, q, row.Cells[q][i]))
		}
		c.Images = append(c.Images, ic)
	}
	points, omitted := rd.Mean(c.Images, rd.MeanOptions{})
	c.Points = points
	c.Meta = row.origin(program)
	notes := row.notes()
	for _, id := range r.Plan.Metrics {
		if n := omitted.Values[id]; n > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d values of single pictures are infinite or undefined and not in its means, "+
				"while the means of bpp hold all pictures; figures and BD-rates leave such pictures out of both", id, n))
		}
	}
	if len(omitted.Pictures) > 0 {
		notes = append(notes, "left out of the means, for they miss points: "+strings.Join(omitted.Pictures, ", "))
	}
	if len(notes) > 0 {
		c.Meta["notes"] = notes
	}
	var failed []Failure
	for _, f := range r.Failures {
		if f.Spec == row.Spec.Name() || f.Spec == "" {
			failed = append(failed, f)
		}
	}
	if len(failed) > 0 {
		c.Meta["failures"] = failed
	}
	return c
}

// outcomes are the row's results so far.
func (r Row) outcomes() []*Outcome {
	var all []*Outcome
	for _, cells := range r.Cells {
		for _, out := range cells {
			if out != nil {
				all = append(all, out)
			}
		}
	}
	return all
}

// origin is what a published number is traced by.
func (r Row) origin(program string) map[string]any {
	timing := "each job alone, least of three"
	var models []string
	for _, out := range r.outcomes() {
		if !out.Alone {
			timing = "beside other jobs: not for comparison"
		}
		if out.Model != "" && !slices.Contains(models, out.Model) {
			models = append(models, out.Model)
		}
	}
	meta := map[string]any{
		"program": program, "spec": r.Spec.String(), "codec": r.Info.ID, "codec_version": r.Info.Version,
		"parameters": r.parameters(),
		"machine":    Machine(),
		"averaging":  "arithmetic mean over the pictures of per-picture bpp, PSNR and (linear) MS-SSIM",
		"rate":       "bytes of the file that decodes, headers counted",
		"timing":     timing,
	}
	if print := r.Info.Fingerprint(); print != "" {
		meta["external"] = print
	}
	if len(models) > 0 {
		slices.Sort(models)
		meta["model"] = strings.Join(models, " ")
	}
	return meta
}

// notes are what the jobs had to say, each once.
func (r Row) notes() []string {
	var notes []string
	for _, out := range r.outcomes() {
		for _, n := range out.Notes {
			if !slices.Contains(notes, n) {
				notes = append(notes, n)
			}
		}
	}
	return notes
}

// parameters are the codec's settings with the defaults, which another version may
// change; q is among the points' values.
func (r Row) parameters() codecs.Params {
	params, err := r.Info.Resolve(r.Spec.Params)
	if err != nil {
		return r.Spec.Params // a Row has been resolved before
	}
	delete(params, "q")
	return params
}

// Undefined lists the metrics that have no value for a picture, each once, as
// failures that are none: a window that a small picture can't hold, for instance.
func (r *Result) Undefined() []Failure {
	var list []Failure
	seen := map[[2]string]bool{}
	for _, row := range r.Rows {
		for _, cells := range row.Cells {
			for i, out := range cells {
				for _, id := range r.Plan.Metrics {
					if out == nil || seen[[2]string{id, r.Plan.Images[i].Hash}] {
						continue
					}
					if v, ok := out.Values[id]; ok && math.IsNaN(v.Number) {
						seen[[2]string{id, r.Plan.Images[i].Hash}] = true
						list = append(list, Failure{Image: r.Plan.Images[i].Name, NotApplicable: true,
							Message: fmt.Sprintf("%s on %s: %s", id, r.Plan.Images[i].Name, v.Note)})
					}
				}
			}
		}
	}
	return list
}

func (r *Result) point(row Row, q int, out *Outcome) rd.Point {
	p := rd.Point{Q: math.NaN()}
	if row.Qualities != nil {
		p.Q = row.Qualities[q]
	}
	if out == nil {
		return p
	}
	p.Values = map[string]float64{rd.KeyBPP: out.BPP, rd.KeyEncode: out.EncodeMS / 1000, rd.KeyDecode: out.DecodeMS / 1000}
	for id, v := range out.Values {
		p.Values[id] = v.Number
	}
	if out.PayloadBytes > 0 && out.Bytes > 0 {
		p.Values[rd.KeyPayload] = out.BPP * float64(out.PayloadBytes) / float64(out.Bytes)
	}
	if out.PeakBytes > 0 {
		p.Values["peak_memory"] = float64(out.PeakBytes)
	}
	return p
}

func describe(row Row) string {
	text := fmt.Sprintf("%s, version %d", row.Info.Name, row.Info.Version)
	if row.Info.Paper != "" {
		text += "; " + row.Info.Paper
	}
	return text
}

// Machine describes this computer, for results that carry times.
func Machine() string {
	name := runtime.GOOS + "/" + runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == "model name" {
				name += ", " + strings.TrimSpace(v)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores", name, runtime.NumCPU())
}
