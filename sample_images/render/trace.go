package main

import (
	"math"
	"math/rand/v2"
)

// surface is a material at one point.
type surface struct {
	albedo vec     // diffuse reflectance
	f0     float64 // reflectance of the clear coat at normal incidence; 0: none
	rough  float64 // of the coat: 0 mirror, 1 dull
	metal  bool    // albedo is the mirror's colour; no diffuse part
	glass  bool    // refracts, with albedo as the tint over one unit of length
	thin   float64 // share of light that passes through, as leaves do
	emit   vec
	n      vec // shading normal; zero: the geometric one
}

// sun is a distant disc of light.
type sun struct {
	dir    vec
	radius float64 // of the disc, radians
	light  vec     // irradiance on a surface that faces it
}

// panel is a rectangular light: a window.
type panel struct {
	corner, u, v vec
	light        vec // radiance, towards u x v
}

// scene is all that a picture needs.
type scene struct {
	name   string
	shapes []shape
	planes []target // unbounded ones, outside the tree
	sky    func(dir vec) vec
	sun    *sun
	panels []panel
	fog    func(dist float64, dir vec) (keep float64, glow vec) // nil: clear air
	camera camera
	grain  float64 // film grain, standard deviation in 8-bit levels at mid grey
	expose float64
	tree   *node
}

// camera is a thin lens.
type camera struct {
	from, to vec
	fov      float64 // vertical, degrees
	lens     float64 // radius of the aperture
	focus    float64 // distance to the plane in focus
}

// tiny keeps rays off the surface they leave; horizon is beyond everything.
const (
	tiny    = 1e-5
	horizon = 1e9
)

func (s *scene) meet(r ray, far float64, h *hit) bool {
	inv := vec{1 / r.dir.x, 1 / r.dir.y, 1 / r.dir.z}
	found := s.tree.enter(r.from, inv, far) <= far && s.tree.meet(r, inv, tiny, far, h)
	if found {
		far = h.t
	}
	for _, p := range s.planes {
		if p.meet(r, tiny, far, h) {
			far, found = h.t, true
		}
	}
	return found
}

// shadow returns how much light passes from p along dir over a distance: glass and
// thin leaves dim it, all else stops it.
func (s *scene) shadow(p, dir vec, dist float64) vec {
	pass := vec{1, 1, 1}
	for range 6 {
		var h hit
		if !s.meet(ray{p, dir}, dist-tiny, &h) {
			return pass
		}
		m := h.look(&h)
		switch {
		case m.glass:
			pass = pass.mul(m.albedo).scale(0.92)
		case m.thin > 0:
			pass = pass.mul(m.albedo).scale(m.thin)
		default:
			return vec{}
		}
		p = h.p.add(dir.scale(tiny))
		dist -= h.t
	}
	return vec{}
}

// maxBounces ends paths that find no light.
const maxBounces = 9

// light follows one path (Kajiya 1986) with direct light sampled at every bounce.
func (s *scene) light(r ray, rng *rand.Rand) vec {
	var sum vec
	weight := vec{1, 1, 1}
	mirror := true // no diffuse bounce yet: lights that are met count; later they are sampled, and caustics left out
	for bounce := range maxBounces {
		var h hit
		if !s.meet(r, horizon, &h) {
			l := s.sky(r.dir)
			if s.sun != nil && mirror && r.dir.dot(s.sun.dir) > math.Cos(s.sun.radius) {
				l = l.add(s.sun.light.scale(1 / (math.Pi * s.sun.radius * s.sun.radius)))
			}
			return sum.add(weight.mul(l))
		}
		if s.fog != nil && bounce == 0 {
			keep, glow := s.fog(h.t, r.dir)
			sum = sum.add(weight.mul(glow).scale(1 - keep))
			weight = weight.scale(keep)
		}
		m := h.look(&h)
		if m.n == (vec{}) {
			m.n = h.n
		}
		if m.n.dot(r.dir) > 0 && !h.inside {
			m.n = h.n
		}
		if mirror {
			sum = sum.add(weight.mul(m.emit))
		}
		if m.glass {
			r, weight = refract(r, &h, m, weight, mirror, rng)
			continue
		}
		next, factor, specular := s.scatter(r, &h, m, mirror, rng)
		if !specular {
			// What a thin surface passes on is direct's to weigh.
			sum = sum.add(weight.mul(factor).scale(1 / (1 + m.thin)).mul(s.direct(&h, m, rng)))
		}
		weight, mirror = weight.mul(factor), mirror && specular
		r = next
		if bounce > 2 {
			keep := min(weight.max(), 0.95)
			if rng.Float64() >= keep {
				return sum
			}
			weight = weight.scale(1 / keep)
		}
	}
	return sum
}

// direct is the light from sun and windows on a diffuse surface of albedo 1.
func (s *scene) direct(h *hit, m surface, rng *rand.Rand) vec {
	var sum vec
	add := func(dir vec, dist float64, light vec) {
		cos := m.n.dot(dir)
		side := h.n
		if cos <= 0 {
			if m.thin == 0 {
				return
			}
			cos, side = -cos*m.thin, h.n.scale(-1)
		}
		pass := s.shadow(h.p.add(side.scale(tiny)), dir, dist)
		sum = sum.add(light.mul(pass).scale(cos / math.Pi))
	}
	if s.sun != nil {
		u, v := s.sun.dir.basis()
		a, b := disc(rng)
		dir := s.sun.dir.add(u.scale(a * s.sun.radius)).add(v.scale(b * s.sun.radius)).unit()
		add(dir, horizon, s.sun.light)
	}
	for _, p := range s.panels {
		at := p.corner.add(p.u.scale(rng.Float64())).add(p.v.scale(rng.Float64()))
		n := p.u.cross(p.v)
		area := n.len()
		to := at.sub(h.p)
		d2 := to.dot(to)
		dir := to.unit()
		if facing := -dir.dot(n) / area; facing > 0 {
			add(dir, math.Sqrt(d2), p.light.scale(facing*area/d2))
		}
	}
	return sum
}

// share is how often a reflection of the given strength is followed. Where the eye
// sees it directly it is followed more often than it is strong, or the rare bright
// paths to a window would show as speckles.
func share(strength float64, seen bool) float64 {
	if seen {
		return max(strength, 0.4)
	}
	return strength
}

// scatter chooses the next direction: off the coat, or diffuse.
func (s *scene) scatter(r ray, h *hit, m surface, seen bool, rng *rand.Rand) (ray, vec, bool) {
	cos := clamp(-r.dir.dot(m.n), 0, 1)
	fresnel := m.f0 + (1-m.f0)*math.Pow(1-cos, 5)*(1-0.8*m.rough)
	coat := 0.0
	if m.f0 > 0 {
		coat = share(fresnel, seen)
	}
	if m.metal || rng.Float64() < coat {
		// The coat: mirrored about a normal spread by the roughness.
		u, v := m.n.basis()
		a, b := gauss(rng)
		n := m.n.add(u.scale(a * m.rough * m.rough)).add(v.scale(b * m.rough * m.rough)).unit()
		dir := r.dir.sub(n.scale(2 * r.dir.dot(n)))
		if dir.dot(h.n) <= 0 {
			dir = dir.sub(h.n.scale(2 * dir.dot(h.n)))
		}
		tint := m.albedo
		if !m.metal {
			tint = vec{1, 1, 1}.scale(fresnel / coat)
		}
		// Dull coats spread the lights over their lobe by chance alone.
		return ray{h.p.add(h.n.scale(tiny)), dir.unit()}, tint, true
	}
	n, side := m.n, h.n
	if m.thin > 0 && rng.Float64() < m.thin/(1+m.thin) {
		n, side = n.scale(-1), side.scale(-1)
	}
	u, v := n.basis()
	a, b := disc(rng)
	dir := u.scale(a).add(v.scale(b)).add(n.scale(math.Sqrt(max(1-a*a-b*b, 0))))
	if dir.dot(side) <= 0 {
		dir = dir.sub(side.scale(2 * dir.dot(side)))
	}
	factor := m.albedo
	if coat > 0 {
		factor = factor.scale((1 - fresnel) / (1 - coat))
	}
	if m.thin > 0 {
		factor = factor.scale(1 + m.thin)
	}
	return ray{h.p.add(side.scale(tiny)), dir.unit()}, factor, false
}

// refract sends a ray through or off glass (index 1.5).
func refract(r ray, h *hit, m surface, weight vec, seen bool, rng *rand.Rand) (ray, vec) {
	n, eta := m.n, 1/1.5
	if h.inside {
		n, eta = n.scale(-1), 1.5
		weight = weight.mul(vec{math.Pow(m.albedo.x, h.t), math.Pow(m.albedo.y, h.t), math.Pow(m.albedo.z, h.t)})
	}
	cos := -r.dir.dot(n)
	k := 1 - eta*eta*(1-cos*cos)
	schlick := 0.04 + 0.96*math.Pow(1-clamp(cos, 0, 1), 5)
	mirrored := share(schlick, seen && !h.inside)
	if k < 0 || rng.Float64() < mirrored {
		if k >= 0 {
			weight = weight.scale(schlick / mirrored)
		}
		dir := r.dir.add(n.scale(2 * cos))
		return ray{h.p.add(n.scale(tiny)), dir.unit()}, weight
	}
	weight = weight.scale((1 - schlick) / (1 - mirrored))
	dir := r.dir.scale(eta).add(n.scale(eta*cos - math.Sqrt(k)))
	return ray{h.p.sub(n.scale(tiny)), dir.unit()}, weight
}

// disc is a random point in the unit disc.
func disc(rng *rand.Rand) (x, y float64) {
	radius := math.Sqrt(rng.Float64())
	sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
	return radius * cos, radius * sin
}

// gauss is a pair of independent normal numbers.
func gauss(rng *rand.Rand) (x, y float64) { return rng.NormFloat64(), rng.NormFloat64() }
