package main

import (
	"math"
	"slices"
)

type ray struct{ from, dir vec }

func (r ray) at(t float64) vec { return r.from.add(r.dir.scale(t)) }

// hit is where a ray meets a surface.
type hit struct {
	t      float64
	p      vec // world
	local  vec // in the shape's own coordinates: -1..1 for boxes and ellipsoids, barycentric for triangles
	n      vec // geometric normal, outward
	seed   uint64
	look   look
	inside bool // the ray comes from inside
}

// look gives a surface its material at a hit.
type look func(h *hit) surface

// target is anything that rays meet.
type target interface {
	// meet returns the first hit between near and far; look and seed are filled in.
	meet(r ray, near, far float64, h *hit) bool
}

// shape is a bounded target.
type shape interface {
	target
	bounds() (lo, hi vec)
}

// ellipsoid is a sphere of given half-axes in a frame.
type ellipsoid struct {
	center vec
	half   vec
	axes   frame
	look   look
	seed   uint64
}

func (e *ellipsoid) meet(r ray, near, far float64, h *hit) bool {
	inv := vec{1 / e.half.x, 1 / e.half.y, 1 / e.half.z}
	o := e.axes.toLocal(r.from.sub(e.center)).mul(inv)
	d := e.axes.toLocal(r.dir).mul(inv)
	a, b, c := d.dot(d), o.dot(d), o.dot(o)-1
	disc := b*b - a*c
	if disc < 0 {
		return false
	}
	root := math.Sqrt(disc)
	t := (-b - root) / a
	if t < near {
		t = (-b + root) / a
	}
	if t < near || t > far {
		return false
	}
	l := o.add(d.scale(t))
	*h = hit{t: t, p: r.at(t), local: l, n: e.axes.toWorld(l.mul(inv)).unit(), seed: e.seed, look: e.look, inside: c < 0}
	return true
}

func (e *ellipsoid) bounds() (lo, hi vec) {
	ext := func(x, y, z float64) float64 {
		return math.Sqrt(x*x*e.half.x*e.half.x + y*y*e.half.y*e.half.y + z*z*e.half.z*e.half.z)
	}
	f := e.axes
	d := vec{ext(f.x.x, f.y.x, f.z.x), ext(f.x.y, f.y.y, f.z.y), ext(f.x.z, f.y.z, f.z.z)}
	return e.center.sub(d), e.center.add(d)
}

// box is a cuboid of given half-sides in a frame; its edges are shaded round over
// bevel units.
type box struct {
	center vec
	half   vec
	axes   frame
	bevel  float64
	look   look
	seed   uint64
}

func (b *box) meet(r ray, near, far float64, h *hit) bool {
	o, d := b.axes.toLocal(r.from.sub(b.center)), b.axes.toLocal(r.dir)
	t0, t1 := math.Inf(-1), math.Inf(1)
	slab := func(o, d, half float64) {
		inv := 1 / d
		a, c := (-half-o)*inv, (half-o)*inv
		t0, t1 = max(t0, min(a, c)), min(t1, max(a, c))
	}
	slab(o.x, d.x, b.half.x)
	slab(o.y, d.y, b.half.y)
	slab(o.z, d.z, b.half.z)
	if t0 > t1 || t1 < near || t0 > far {
		return false
	}
	t, inside := t0, false
	if t < near {
		t, inside = t1, true
	}
	if t > far {
		return false
	}
	l := o.add(d.scale(t))
	*h = hit{t: t, p: r.at(t), local: l.mul(vec{1 / b.half.x, 1 / b.half.y, 1 / b.half.z}),
		n: b.axes.toWorld(b.normal(l)), seed: b.seed, look: b.look, inside: inside}
	return true
}

// normal rounds the edges: within bevel of an edge the faces' normals blend.
func (b *box) normal(l vec) vec {
	side := func(v, half float64) float64 {
		edge := max(b.bevel, 1e-6)
		return math.Copysign(smooth(half-edge, half+1e-9, math.Abs(v)), v)
	}
	n := vec{side(l.x, b.half.x), side(l.y, b.half.y), side(l.z, b.half.z)}
	if n.len() < 1e-9 {
		return vec{0, 1, 0}
	}
	return n.unit()
}

func (b *box) bounds() (lo, hi vec) {
	abs := func(v vec, s float64) vec {
		return vec{math.Abs(v.x) * s, math.Abs(v.y) * s, math.Abs(v.z) * s}
	}
	d := abs(b.axes.x, b.half.x).add(abs(b.axes.y, b.half.y)).add(abs(b.axes.z, b.half.z))
	return b.center.sub(d), b.center.add(d)
}

// triangle is shaded from both sides; with smooth normals where na is not zero.
type triangle struct {
	a, b, c    vec
	na, nb, nc vec
	look       look
	seed       uint64
}

func (t *triangle) meet(r ray, near, far float64, h *hit) bool {
	e1, e2 := t.b.sub(t.a), t.c.sub(t.a)
	p := r.dir.cross(e2)
	det := e1.dot(p)
	if math.Abs(det) < 1e-14 {
		return false
	}
	s := r.from.sub(t.a)
	u := s.dot(p) / det
	if u < 0 || u > 1 {
		return false
	}
	q := s.cross(e1)
	v := r.dir.dot(q) / det
	if v < 0 || u+v > 1 {
		return false
	}
	d := e2.dot(q) / det
	if d < near || d > far {
		return false
	}
	n := e1.cross(e2)
	if t.na != (vec{}) {
		n = t.na.scale(1 - u - v).add(t.nb.scale(u)).add(t.nc.scale(v))
	}
	n = n.unit()
	if n.dot(r.dir) > 0 {
		n = n.scale(-1)
	}
	*h = hit{t: d, p: r.at(d), local: vec{1 - u - v, u, v}, n: n, seed: t.seed, look: t.look}
	return true
}

func (t *triangle) bounds() (lo, hi vec) {
	lo = vec{min(t.a.x, t.b.x, t.c.x), min(t.a.y, t.b.y, t.c.y), min(t.a.z, t.b.z, t.c.z)}
	hi = vec{max(t.a.x, t.b.x, t.c.x), max(t.a.y, t.b.y, t.c.y), max(t.a.z, t.b.z, t.c.z)}
	return lo, hi
}

// ground is the infinite plane at a height, facing up.
type ground struct {
	height float64
	look   look
}

func (g *ground) meet(r ray, near, far float64, h *hit) bool {
	t := (g.height - r.from.y) / r.dir.y
	if !(t >= near && t <= far) {
		return false
	}
	p := r.at(t)
	*h = hit{t: t, p: p, local: p, n: vec{0, 1, 0}, look: g.look, inside: r.from.y < g.height}
	return true
}

// node is one box of a bounding volume hierarchy; leaves hold shapes.
type node struct {
	lo, hi      vec
	left, right *node
	shapes      []shape
}

// newTree builds a hierarchy by median splits along the longest axis.
func newTree(shapes []shape) *node {
	n := &node{lo: vec{math.Inf(1), math.Inf(1), math.Inf(1)}, hi: vec{math.Inf(-1), math.Inf(-1), math.Inf(-1)}}
	for _, s := range shapes {
		lo, hi := s.bounds()
		n.lo = vec{min(n.lo.x, lo.x), min(n.lo.y, lo.y), min(n.lo.z, lo.z)}
		n.hi = vec{max(n.hi.x, hi.x), max(n.hi.y, hi.y), max(n.hi.z, hi.z)}
	}
	if len(shapes) <= 4 {
		n.shapes = shapes
		return n
	}
	size := n.hi.sub(n.lo)
	mid := func(s shape) float64 {
		lo, hi := s.bounds()
		switch size.max() {
		case size.x:
			return lo.x + hi.x
		case size.y:
			return lo.y + hi.y
		}
		return lo.z + hi.z
	}
	slices.SortFunc(shapes, func(a, b shape) int {
		switch d := mid(a) - mid(b); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	n.left, n.right = newTree(shapes[:len(shapes)/2]), newTree(shapes[len(shapes)/2:])
	return n
}

// enter returns where the ray enters the node's box, +Inf if it misses.
func (n *node) enter(from, inv vec, far float64) float64 {
	x0, x1 := (n.lo.x-from.x)*inv.x, (n.hi.x-from.x)*inv.x
	y0, y1 := (n.lo.y-from.y)*inv.y, (n.hi.y-from.y)*inv.y
	z0, z1 := (n.lo.z-from.z)*inv.z, (n.hi.z-from.z)*inv.z
	t0 := max(min(x0, x1), min(y0, y1), min(z0, z1), 0)
	t1 := min(max(x0, x1), max(y0, y1), max(z0, z1), far)
	if t0 > t1 {
		return math.Inf(1)
	}
	return t0
}

func (n *node) meet(r ray, inv vec, near, far float64, h *hit) bool {
	found := false
	if n.shapes != nil {
		for _, s := range n.shapes {
			if s.meet(r, near, far, h) {
				far, found = h.t, true
			}
		}
		return found
	}
	first, second := n.left, n.right
	t1, t2 := first.enter(r.from, inv, far), second.enter(r.from, inv, far)
	if t2 < t1 {
		first, second, t1, t2 = second, first, t2, t1
	}
	if t1 <= far && first.meet(r, inv, near, far, h) {
		far, found = h.t, true
	}
	if t2 <= far && second.meet(r, inv, near, far, h) {
		found = true
	}
	return found
}
