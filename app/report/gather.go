package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"codecworkbench/metrics/rd"
)

// sample is one row of a table: a picture coded once, or a mean over pictures.
type sample struct {
	image, hash string // no image: a mean
	step        string // the setting, as written; joins the pictures' points
	point       rd.Point
}

// grid holds samples by picture and step, both in the order of their arrival.
type grid struct {
	images, steps []string
	hash          map[string]string
	points        map[string]map[string]rd.Point
}

// gather makes a curve of its samples. Without pictures every sample is a point;
// with them the points are those given as means, or else computed.
func gather(samples []sample) (rd.Curve, error) {
	var c rd.Curve
	g := grid{hash: map[string]string{}, points: map[string]map[string]rd.Point{}}
	steps := map[string]bool{}
	for _, s := range samples {
		if s.image == "" {
			c.Points = append(c.Points, s.point)
			continue
		}
		step, err := g.add(s)
		if err != nil {
			return c, err
		}
		if !steps[step] {
			steps[step] = true
			g.steps = append(g.steps, step)
		}
	}
	if len(g.images) == 0 {
		return c, nil
	}
	// Honest tables are nearly full; this keeps a hostile one from a huge grid.
	if len(g.images)*len(g.steps) > 64*len(samples)+4096 {
		return c, fmt.Errorf("%d pictures and %d settings in only %d rows: no rate-distortion curves",
			len(g.images), len(g.steps), len(samples))
	}
	slices.SortStableFunc(g.steps, compareSteps)
	c.Images = g.curves()
	if len(c.Points) != len(g.steps) {
		c.Points, _ = rd.Mean(c.Images, rd.MeanOptions{})
	}
	return c, nil
}

// add returns the sample's step: where rows have none, their order counts.
func (g *grid) add(s sample) (string, error) {
	have, ok := g.points[s.image]
	if !ok {
		have = map[string]rd.Point{}
		g.points[s.image], g.hash[s.image] = have, s.hash
		g.images = append(g.images, s.image)
	}
	if s.step == "" {
		s.step = strconv.Itoa(len(have))
	}
	if _, twice := have[s.step]; twice {
		return "", fmt.Errorf("picture %s has two rows at setting %s", quote(s.image), quote(s.step))
	}
	have[s.step] = s.point
	return s.step, nil
}

func (g *grid) curves() []rd.ImageCurve {
	curves := make([]rd.ImageCurve, len(g.images))
	for i, name := range g.images {
		curves[i] = rd.ImageCurve{Name: name, Hash: g.hash[name], Points: make([]rd.Point, len(g.steps))}
		for k, step := range g.steps {
			p, ok := g.points[name][step]
			if !ok {
				p.Q = math.NaN()
			}
			curves[i].Points[k] = p
		}
	}
	return curves
}

// compareSteps orders numbers; other settings keep the file's order, after them.
func compareSteps(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX == nil && errY == nil:
		return cmp.Compare(x, y)
	case errX == nil:
		return -1
	case errY == nil:
		return 1
	}
	return 0
}
