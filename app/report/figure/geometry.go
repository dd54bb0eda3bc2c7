package figure

import "gonum.org/v1/plot/vg"

// crosses reports whether the segment from a to b touches a box.
func crosses(a, b vg.Point, box vg.Rectangle) bool {
	_, _, ok := clip(a, b, box)
	return ok
}

// clip cuts a segment to a box, by Liang and Barsky, "A new concept and method for
// line clipping" (1984).
func clip(a, b vg.Point, box vg.Rectangle) (from, to vg.Point, ok bool) {
	d := b.Sub(a)
	var t0, t1 vg.Length = 0, 1
	for _, edge := range [4][2]vg.Length{
		{-d.X, a.X - box.Min.X}, {d.X, box.Max.X - a.X},
		{-d.Y, a.Y - box.Min.Y}, {d.Y, box.Max.Y - a.Y},
	} {
		p, q := edge[0], edge[1]
		switch {
		case p == 0 && q < 0:
			return a, b, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	return a.Add(d.Scale(t0)), a.Add(d.Scale(t1)), true
}

// clipLine cuts a line to a box; what leaves and comes back is two lines.
func clipLine(line []vg.Point, box vg.Rectangle) [][]vg.Point {
	var out [][]vg.Point
	var run []vg.Point
	for i := 1; i < len(line); i++ {
		a, b, ok := clip(line[i-1], line[i], box)
		if !ok {
			continue
		}
		if len(run) == 0 || run[len(run)-1] != a {
			if len(run) > 1 {
				out = append(out, run)
			}
			run = []vg.Point{a}
		}
		run = append(run, b)
	}
	if len(run) > 1 {
		out = append(out, run)
	}
	return out
}

func contains(box vg.Rectangle, p vg.Point) bool {
	const slack = 1e-6
	return p.X >= box.Min.X-slack && p.X <= box.Max.X+slack && p.Y >= box.Min.Y-slack && p.Y <= box.Max.Y+slack
}

// overlap is the area that two boxes share.
func overlap(a, b vg.Rectangle) vg.Length {
	w := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	h := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	return max(0, w) * max(0, h)
}
