package main

import (
	"math"
	"math/rand/v2"
)

// scenes lists the pictures that the program renders.
func scenes() []*scene {
	return []*scene{stillLife(), meadow(), mountains(), alley(), marbles(), pebbles()}
}

// window adds a rectangular light with a surface that mirrors can see.
func (s *scene) window(corner, u, v, light vec) {
	s.panels = append(s.panels, panel{corner, u, v, light})
	glow := flat(surface{emit: light})
	s.shapes = append(s.shapes,
		&triangle{a: corner, b: corner.add(u), c: corner.add(u).add(v), look: glow},
		&triangle{a: corner, b: corner.add(u).add(v), c: corner.add(v), look: glow})
}

// stillLife is apples on a wooden table, by a window.
func stillLife() *scene {
	s := &scene{name: "apples", grain: 3.0, expose: 1.75,
		sky:    func(vec) vec { return vec{0.09, 0.1, 0.12} },
		camera: camera{from: vec{0.4, 2.3, 6.2}, to: vec{0, 0.75, 0}, fov: 30, lens: 0.09, focus: 6.0}}
	s.window(vec{-6, 1, -2}, vec{0, 3.2, 0}, vec{0, 0, 3.4}, vec{9, 8.6, 7.8})
	s.planes = []target{&ground{0, wood(0.85, rgb(188, 140, 92), rgb(96, 58, 32), 1)}}
	wall := plaster(rgb(172, 178, 170))
	s.shapes = append(s.shapes, &box{center: vec{0, 4, -4.2}, half: vec{14, 6, 0.2}, axes: euler(0, 0, 0), look: wall})
	at := []struct{ x, z, r float64 }{{-1.25, 0.2, 0.72}, {0.35, 0.55, 0.68}, {1.55, -0.45, 0.75}, {-0.35, -1.15, 0.7}, {-2.3, -0.9, 0.66}, {0.75, -1.5, 0.64}}
	for i, a := range at {
		tilt := euler(float64(i)*1.7, 0.3*math.Sin(float64(i)*2.1), 0.25*math.Cos(float64(i)))
		s.shapes = append(s.shapes,
			&ellipsoid{center: vec{a.x, a.r * 0.88, a.z}, half: vec{a.r, a.r * 0.9, a.r}, axes: tilt, look: skin, seed: uint64(i)*7 + 3},
			&ellipsoid{center: vec{a.x, a.r * 0.88, a.z}.add(tilt.y.scale(a.r * 0.98)), half: vec{0.035, 0.2, 0.035}, axes: euler(0, 0, 0.3),
				look: flat(surface{albedo: rgb(84, 60, 36)})})
	}
	// A knife: a blade and a handle.
	turn := euler(0.5, 0, 0)
	s.shapes = append(s.shapes,
		&box{center: vec{1.6, 0.03, 1.55}, half: vec{0.85, 0.012, 0.11}, axes: turn, bevel: 0.02, look: brushed},
		&box{center: vec{1.6, 0.07, 1.55}.add(turn.x.scale(1.3)), half: vec{0.48, 0.06, 0.1}, axes: turn, bevel: 0.06,
			look: wood(0.3, rgb(90, 52, 34), rgb(44, 26, 18), 1.2)})
	return s
}

// brushed is scratched steel.
func brushed(h *hit) surface {
	scratch := fbm(vec{h.p.x * 260, h.p.y * 260, h.p.z * 9}, 3, 3)
	return surface{albedo: vec{0.62, 0.62, 0.63}.scale(0.7 + 0.5*scratch), metal: true, rough: 0.3 + 0.2*scratch}
}

// meadow is grass and flowers under a tree.
func meadow() *scene {
	rng := rand.New(rand.NewPCG(2, 2))
	toSun := vec{-0.55, 0.62, 0.38}.unit()
	s := &scene{name: "meadow", grain: 2.6, expose: 0.95, sky: daylight(toSun, 0.55),
		sun:    &sun{dir: toSun, radius: 0.006, light: vec{3.6, 3.3, 2.8}},
		camera: camera{from: vec{0, 1.25, 7}, to: vec{0.3, 1.55, 0}, fov: 38, lens: 0.03, focus: 7.5}}
	s.fog = haze(0.012, rgb(176, 198, 220))
	soil := func(h *hit) surface {
		return surface{albedo: rgb(74, 88, 40).mix(rgb(110, 104, 58), fbm(h.p.scale(0.6), 5, 3)).scale(0.6 + 0.7*fbm(h.p.scale(8), 4, 4))}
	}
	s.planes = []target{&ground{0, soil}}
	grass := foliage(rgb(92, 128, 44), rgb(152, 158, 66), 0.45)
	for range 90000 {
		z := 6 - 24*math.Pow(rng.Float64(), 1.6)
		x := (rng.Float64() - 0.5) * (5 + 1.1*(7-z))
		s.blade(vec{x, 0, z}, 0.16+0.3*rng.Float64()*(0.6+fbm(vec{x, 0, z}, 2, 6)), 0.008+0.008*rng.Float64()+0.0016*(6-z), grass, rng)
	}
	for range 1500 {
		z := 5.5 - 14*math.Pow(rng.Float64(), 1.4)
		s.flower(vec{(rng.Float64() - 0.5) * (4 + 1.1*(7-z)), 0.2 + 0.25*rng.Float64(), z}, rng)
	}
	s.trunk(vec{1.9, 0, -2.5}, rng)
	hill := func(h *hit) surface {
		return surface{albedo: rgb(66, 92, 48).mix(rgb(120, 130, 70), smooth(0.4, 0.6, fbm(h.p.scale(0.35), 6, 8))).scale(0.5 + fbm(h.p.scale(3), 4, 5))}
	}
	for i := range 5 {
		x := -40 + 22*float64(i)
		s.shapes = append(s.shapes, &ellipsoid{center: vec{x, -3, -46 - 6*float64(i%2)}, half: vec{26, 7 + 2*float64(i%3), 12}, axes: euler(0, 0, 0), look: hill})
	}
	return s
}

// haze mixes the air's colour in with distance.
func haze(density float64, color vec) func(float64, vec) (float64, vec) {
	return func(dist float64, _ vec) (float64, vec) { return math.Exp(-density * dist), color }
}

// blade is one bent blade of grass: two triangles.
func (s *scene) blade(root vec, height, width float64, l look, rng *rand.Rand) {
	sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
	side := vec{cos, 0, sin}.scale(width / 2)
	bend := vec{-sin, 0, cos}.scale(height * (0.2 + 0.5*rng.Float64()))
	mid := root.add(vec{0, height * 0.6, 0}).add(bend.scale(0.3))
	tip := root.add(vec{0, height, 0}).add(bend)
	seed := rng.Uint64() % 4096
	s.shapes = append(s.shapes,
		&triangle{a: root.sub(side), b: root.add(side), c: mid, look: l, seed: seed},
		&triangle{a: mid.sub(side.scale(0.7)), b: mid.add(side.scale(0.7)), c: tip, look: l, seed: seed})
}

// flower is a disc of petals around a yellow heart.
func (s *scene) flower(at vec, rng *rand.Rand) {
	colors := []vec{rgb(240, 240, 236), rgb(222, 60, 52), rgb(120, 96, 190), rgb(244, 204, 60)}
	petal := surface{albedo: colors[rng.IntN(len(colors))], thin: 0.4}
	size := 0.035 + 0.03*rng.Float64()
	tilt := euler(rng.Float64()*6, 0.5*rng.Float64()+0.2, 0)
	for i := range 6 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 3)
		out := tilt.toWorld(vec{cos, 0.2, sin})
		across := tilt.toWorld(vec{-sin, 0, cos}).scale(0.4 * size)
		s.shapes = append(s.shapes,
			&triangle{a: at, b: at.add(out.scale(size)).add(across), c: at.add(out.scale(size)).sub(across), look: flat(petal)})
	}
	s.shapes = append(s.shapes, &ellipsoid{center: at, half: vec{size / 3, size / 4, size / 3}, axes: tilt, look: flat(surface{albedo: rgb(226, 170, 40)})})
}

// trunk is a tree: a stem, limbs, and a crown of leaves.
func (s *scene) trunk(root vec, rng *rand.Rand) {
	bark := func(h *hit) surface {
		ridge := fbm(vec{h.p.x * 7, h.p.y * 1.4, h.p.z * 7}, 5, 17)
		n := bump(h.n, h.p, 0.004, func(q vec) float64 { return 0.07 * fbm(vec{q.x * 7, q.y * 1.4, q.z * 7}, 4, 17) })
		return surface{albedo: rgb(112, 92, 74).scale(0.35 + ridge), n: n}
	}
	limb := func(a, b vec, r float64) {
		d := b.sub(a)
		y := d.unit()
		x, z := y.basis()
		s.shapes = append(s.shapes, &ellipsoid{center: a.mix(b, 0.5), half: vec{r, d.len() * 0.56, r}, axes: frame{x, y, z}, look: bark})
	}
	crown := root.add(vec{0, 2.2, 0})
	limb(root.sub(vec{0, 0.6, 0}), crown.add(vec{0, 0.6, 0}), 0.2)
	leaf := foliage(rgb(70, 104, 36), rgb(140, 150, 52), 0.5)
	for range 34 {
		dir := vec{rng.NormFloat64(), 0.5 + 0.7*rng.Float64(), rng.NormFloat64()}.unit()
		tip := crown.add(dir.scale(0.9 + 1.1*rng.Float64()))
		limb(crown, tip, 0.045)
		for range 1700 {
			at := tip.add(vec{rng.NormFloat64(), rng.NormFloat64() * 0.8, rng.NormFloat64()}.scale(0.34))
			f := euler(rng.Float64()*7, rng.Float64()*2-1, rng.Float64()*2-1)
			size := 0.032 + 0.035*rng.Float64()
			seed := rng.Uint64() % 4096
			a, b := at, at.add(f.x.scale(size*1.6))
			mid := at.add(f.x.scale(size * 0.8))
			s.shapes = append(s.shapes,
				&triangle{a: a, b: b, c: mid.add(f.z.scale(size * 0.5)), look: leaf, seed: seed},
				&triangle{a: a, b: b, c: mid.sub(f.z.scale(size * 0.5)), look: leaf, seed: seed})
		}
	}
}

// mountains is a range above a lake.
func mountains() *scene {
	toSun := vec{-0.7, 0.42, 0.5}.unit()
	s := &scene{name: "mountains", grain: 2.4, expose: 0.9, sky: daylight(toSun, 0.42),
		sun:    &sun{dir: toSun, radius: 0.006, light: vec{3.8, 3.2, 2.5}},
		camera: camera{from: vec{0, 1.1, 14}, to: vec{0, 2.1, 0}, fov: 36, lens: 0.004, focus: 14}}
	s.fog = haze(0.008, rgb(164, 188, 216))
	height := func(x, z float64) float64 {
		p := vec{x * 0.16, 0.5, z * 0.16}
		ridge := 1 - math.Abs(2*fbm(p.add(vec{3, 0, 8}), 9, 61)-1)
		rise := smooth(5, -9, z) * (0.75 + 0.35*math.Sin(x*0.45+1))
		return 9.5*math.Pow(ridge, 2.6)*rise + 0.5*fbm(p.scale(3), 6, 66)*smooth(7, 3, z) - 0.55 + 0.7*smooth(9, 13, z)*fbm(p.scale(4), 5, 68)
	}
	rock := func(h *hit) surface {
		slope := h.n.y
		grain := fbm(h.p.scale(5), 5, 71)
		color := rgb(112, 104, 98).mix(rgb(148, 136, 122), grain).scale(0.55 + 0.8*fbm(vec{h.p.x * 2, h.p.y * 9, h.p.z * 2}, 5, 72))
		forest := rgb(38, 58, 34).mix(rgb(84, 94, 46), fbm(h.p.scale(9), 4, 75)).scale(0.4 + 1.1*fbm(h.p.scale(26), 3, 73))
		color = color.mix(forest, smooth(0.45, 0.7, slope+0.3*(grain-0.5))*smooth(2.3, 1.2, h.p.y+grain))
		snow := smooth(2.6, 3.4, h.p.y+1.6*(grain-0.5)) * smooth(0.5, 0.72, slope)
		n := bump(h.n, h.p, 0.01, func(q vec) float64 { return 0.09 * fbm(q.scale(7), 5, 74) })
		return surface{albedo: color.mix(vec{0.86, 0.88, 0.92}, snow), n: n}
	}
	s.terrain(-17, 17, -16, 14, 420, height, rock)
	ripple := func(p vec) float64 {
		return 0.011*fbm(vec{p.x * 2.2, 0, p.z * 5}, 4, 81) + 0.004*fbm(vec{p.x * 11, 0, p.z * 21}, 3, 82)
	}
	water := func(h *hit) surface {
		return surface{albedo: rgb(20, 42, 48), f0: 0.03, rough: 0.02, n: bump(h.n, h.p, 0.01, ripple)}
	}
	s.planes = []target{&ground{0, water}}
	return s
}

// terrain is a height field as a mesh with smooth normals.
func (s *scene) terrain(x0, x1, z0, z1 float64, cells int, height func(x, z float64) float64, l look) {
	n := cells + 1
	points, normals := make([]vec, n*n), make([]vec, n*n)
	const e = 0.02
	for j := range n {
		for i := range n {
			x := x0 + (x1-x0)*float64(i)/float64(cells)
			z := z0 + (z1-z0)*float64(j)/float64(cells)
			points[j*n+i] = vec{x, height(x, z), z}
			normals[j*n+i] = vec{height(x-e, z) - height(x+e, z), 2 * e, height(x, z-e) - height(x, z+e)}.unit()
		}
	}
	for j := range cells {
		for i := range cells {
			a, b, c, d := j*n+i, j*n+i+1, (j+1)*n+i, (j+1)*n+i+1
			s.shapes = append(s.shapes,
				&triangle{a: points[a], b: points[b], c: points[c], na: normals[a], nb: normals[b], nc: normals[c], look: l},
				&triangle{a: points[b], b: points[d], c: points[c], na: normals[b], nb: normals[d], nc: normals[c], look: l})
		}
	}
}

// alley is brick walls, cobbles and a wooden door in late sun.
func alley() *scene {
	rng := rand.New(rand.NewPCG(4, 4))
	toSun := vec{-0.62, 0.6, 0.5}.unit()
	s := &scene{name: "alley", grain: 3.4, expose: 1.15, sky: daylight(toSun, 0.3),
		sun:    &sun{dir: toSun, radius: 0.006, light: vec{4.2, 3.4, 2.4}},
		camera: camera{from: vec{-0.6, 1.75, 7.2}, to: vec{0.25, 1.55, -2}, fov: 40, lens: 0.012, focus: 7}}
	s.planes = []target{&ground{-0.03, mortar}}
	for z := -9.0; z < 6.4; z += 0.24 {
		for x := -2.6; x < 2.6; x += 0.2 {
			c := vec{x + 0.1*math.Mod(math.Round(z/0.24), 2) + 0.02*rng.NormFloat64(), -0.02, z + 0.015*rng.NormFloat64()}
			s.shapes = append(s.shapes, &ellipsoid{center: c, half: vec{0.105, 0.07 + 0.02*rng.Float64(), 0.125},
				axes: euler(0.15*rng.NormFloat64(), 0.06*rng.NormFloat64(), 0.06*rng.NormFloat64()), look: stone(0), seed: rng.Uint64() % 1000})
		}
	}
	s.wall(vec{2.6, 0, -9}, vec{0, 0, 1}, 16, 5.2, rng, nil)
	s.wall(vec{-2.7, 0, 7}, vec{0, 0, -1}, 16, 3.1, rng, nil)
	doorway := func(u, y float64) bool { return u > 1.75 && u < 3.15 && y < 2.35 }
	s.wall(vec{-2.7, 0, -9}, vec{1, 0, 0}, 5.4, 6, rng, doorway)
	door := wood(0.22, rgb(64, 112, 108), rgb(30, 62, 62), 0.4)
	upright := func(h *hit) surface {
		turned := *h
		turned.p = vec{h.p.y, h.p.z, h.p.x}
		m := door(&turned)
		m.n = vec{}
		return m
	}
	s.shapes = append(s.shapes,
		&box{center: vec{-0.25, 1.15, -9.05}, half: vec{0.72, 1.2, 0.04}, axes: euler(0, 0, 0), bevel: 0.01, look: upright},
		&ellipsoid{center: vec{0.22, 1.1, -8.95}, half: vec{0.05, 0.05, 0.05}, axes: euler(0, 0, 0), look: flat(surface{albedo: rgb(190, 150, 80), metal: true, rough: 0.3})},
		&box{center: vec{-0.25, 2.5, -8.98}, half: vec{0.9, 0.13, 0.12}, axes: euler(0, 0, 0), bevel: 0.02, look: stone(-9), seed: 4})
	crate := wood(0.16, rgb(196, 158, 110), rgb(120, 84, 52), 0.2)
	s.shapes = append(s.shapes,
		&box{center: vec{1.85, 0.36, -1.2}, half: vec{0.45, 0.34, 0.4}, axes: euler(0.25, 0, 0), bevel: 0.015, look: crate},
		&box{center: vec{1.95, 0.93, -1.25}, half: vec{0.33, 0.24, 0.3}, axes: euler(-0.3, 0, 0), bevel: 0.015, look: crate})
	pot := flat(surface{albedo: rgb(176, 96, 62)})
	leaves := foliage(rgb(60, 104, 44), rgb(120, 150, 60), 0.4)
	for i := range 3 {
		at := vec{-2.15 + 0.1*float64(i), 0, 0.4 - 1.3*float64(i)}
		s.shapes = append(s.shapes, &ellipsoid{center: at.add(vec{0, 0.16, 0}), half: vec{0.24, 0.28, 0.24}, axes: euler(0, 0, 0), look: pot})
		for range 900 {
			s.blade(at.add(vec{0.18 * rng.NormFloat64(), 0.4 + 0.2*rng.Float64(), 0.18 * rng.NormFloat64()}), 0.2+0.25*rng.Float64(), 0.05, leaves, rng)
		}
	}
	return s
}

// wall lays bricks in running bond along a direction, leaving out where skip says.
func (s *scene) wall(origin, along vec, length, height float64, rng *rand.Rand, skip func(u, y float64) bool) {
	out := vec{0, 1, 0}.cross(along)
	const w, h = 0.26, 0.085
	for row := 0; float64(row)*h < height; row++ {
		y := (float64(row) + 0.5) * h
		for u := -w / 2 * float64(row%2); u < length; u += w {
			if skip != nil && skip(u+w/2, y) {
				continue
			}
			c := origin.add(along.scale(u + w/2)).add(vec{0, y, 0}).add(out.scale(0.006 * rng.NormFloat64()))
			tilt := 0.008
			s.shapes = append(s.shapes, &box{center: c, half: vec{w/2 - 0.007, h/2 - 0.007, 0.06},
				axes:  tiltFrame(along, out, tilt*rng.NormFloat64(), tilt*rng.NormFloat64()),
				bevel: 0.008, look: brick, seed: rng.Uint64() % 4096})
		}
	}
	if skip == nil {
		s.shapes = append(s.shapes, &box{center: origin.add(along.scale(length / 2)).add(vec{0, height / 2, 0}),
			half: vec{length / 2, height / 2, 0.05}, axes: frame{along, vec{0, 1, 0}, out}, look: mortar})
		return
	}
	for u := 0.0; u < length; u += 0.05 {
		for y := 0.0; y < height; y += 0.05 {
			if !skip(u+0.025, y+0.025) {
				s.shapes = append(s.shapes, &box{center: origin.add(along.scale(u + 0.025)).add(vec{0, y + 0.025, 0}),
					half: vec{0.026, 0.026, 0.05}, axes: frame{along, vec{0, 1, 0}, out}, look: mortar})
			}
		}
	}
}

func tiltFrame(along, out vec, a, b float64) frame {
	x := along.add(out.scale(a)).unit()
	y := vec{0, 1, 0}.add(out.scale(b)).unit()
	return frame{x, y, x.cross(y)}
}

// marbles is glass on a tartan cloth, with a shallow depth of field.
func marbles() *scene {
	rng := rand.New(rand.NewPCG(5, 5))
	s := &scene{name: "marbles", grain: 3, expose: 1.1,
		sky:    func(d vec) vec { return vec{0.16, 0.17, 0.2}.scale(0.6 + 0.6*max(d.y, 0)) },
		camera: camera{from: vec{0, 1.9, 4.6}, to: vec{0, 0.15, 0}, fov: 30, lens: 0.11, focus: 4.75}}
	s.window(vec{-3.5, 2.2, -3.5}, vec{1.6, 2.2, 0}, vec{0, 0, 3}, vec{11, 10.6, 10})
	s.window(vec{3.2, 2.4, 0.5}, vec{0, 0, 1.8}, vec{-1.2, 1.6, 0}, vec{3, 3.4, 4.4})
	s.planes = []target{&ground{0, cloth(58, rgb(150, 34, 40), rgb(34, 62, 92), rgb(224, 206, 160))}}
	tints := []vec{{0.9, 0.97, 0.93}, {0.55, 0.8, 0.95}, {0.95, 0.75, 0.4}, {0.6, 0.92, 0.62}, {0.93, 0.9, 0.96}}
	var placed []vec
	for len(placed) < 46 {
		r := 0.16 + 0.1*rng.Float64()
		at := vec{(rng.Float64() - 0.5) * 4.4, r, 1.7 - 4.8*rng.Float64()}
		free := true
		for _, p := range placed {
			// y holds the radius.
			free = free && math.Hypot(p.x-at.x, p.z-at.z) > p.y+r+0.01
		}
		if !free {
			continue
		}
		placed = append(placed, at)
		f := euler(rng.Float64()*6, rng.Float64()*3, rng.Float64()*3)
		seed := rng.Uint64() % 1000
		if rng.Float64() < 0.5 {
			s.shapes = append(s.shapes,
				&ellipsoid{center: at, half: vec{r, r, r}, axes: f, look: flat(surface{glass: true, albedo: tints[rng.IntN(len(tints))]})},
				&ellipsoid{center: at, half: vec{r * 0.16, r * 0.8, r * 0.5}, axes: f, look: ribbon, seed: seed})
		} else {
			s.shapes = append(s.shapes, &ellipsoid{center: at, half: vec{r, r, r}, axes: f, look: swirl, seed: seed})
		}
	}
	return s
}

var candy = []vec{rgb(226, 60, 48), rgb(40, 96, 188), rgb(246, 196, 52), rgb(238, 236, 226), rgb(44, 140, 84), rgb(240, 120, 40), rgb(108, 60, 140)}

func swirl(h *hit) surface {
	a, b := candy[h.seed%7], candy[(h.seed+3)%7]
	t := 0.5 + 0.5*math.Sin(7*h.local.y+9*fbm(h.local.scale(1.6), 4, h.seed)+float64(h.seed))
	return surface{albedo: a.mix(b, smooth(0.4, 0.6, t)).scale(0.85 + 0.3*fbm(h.local.scale(12), 3, h.seed)), f0: 0.05, rough: 0.06}
}

func ribbon(h *hit) surface {
	t := 0.5 + 0.5*math.Sin(12*h.local.y+float64(h.seed))
	return surface{albedo: candy[h.seed%7].mix(candy[(h.seed+2)%7], t)}
}

// pebbles is a river bank close up, half of it wet, with autumn leaves.
func pebbles() *scene {
	rng := rand.New(rand.NewPCG(6, 6))
	toSun := vec{0.5, 0.75, -0.25}.unit()
	s := &scene{name: "pebbles", grain: 2.8, expose: 1.1, sky: daylight(toSun, 0.7),
		sun:    &sun{dir: toSun, radius: 0.02, light: vec{2.9, 2.7, 2.4}},
		camera: camera{from: vec{0.2, 2.7, 3.1}, to: vec{0, 0, 0.1}, fov: 34, lens: 0.05, focus: 4.05}}
	s.planes = []target{&ground{-0.12, stone(0)}}
	for layer, count := range []int{2600, 1500, 420} {
		for range count {
			r := 0.045 + 0.11*math.Pow(rng.Float64(), 2.4) + 0.02*float64(layer)
			x, z := (rng.Float64()-0.5)*6.4, 2.2-5.4*rng.Float64()
			bank := 0.10*x + 0.07*fbm(vec{x, 0, z}, 3, 2)
			s.shapes = append(s.shapes, &ellipsoid{center: vec{x, bank - 0.08 + 0.055*float64(layer), z},
				half: vec{r * (1 + 0.5*rng.Float64()), r * (0.5 + 0.3*rng.Float64()), r * (0.8 + 0.3*rng.Float64())},
				axes: euler(rng.Float64()*6, 0.3*rng.NormFloat64(), 0.3*rng.NormFloat64()), look: stone(-0.02), seed: rng.Uint64() % 5000})
		}
	}
	for range 15 {
		x, z := (rng.Float64()-0.4)*4, 1.6-3.6*rng.Float64()
		s.leaf(vec{x, 0.2 + 0.1*x, z}, 0.24+0.16*rng.Float64(), rng)
	}
	return s
}

// leaf is a fallen leaf: a curved, veined mesh with a pointed outline.
func (s *scene) leaf(at vec, size float64, rng *rand.Rand) {
	f := euler(rng.Float64()*6, 0.25*rng.NormFloat64(), 0.25*rng.NormFloat64())
	colors := []vec{rgb(206, 120, 38), rgb(182, 62, 34), rgb(212, 168, 60), rgb(140, 84, 44)}
	base, seed := colors[rng.IntN(len(colors))], rng.Uint64()%1000
	const n = 14
	point := func(i, j int) (vec, float64, float64) {
		u, v := float64(i)/n, float64(j)/n*2-1
		half := 0.42 * math.Pow(math.Sin(math.Pi*math.Pow(u, 0.8)), 0.8) * (1 + 0.12*math.Sin(20*u))
		curl := 0.16*math.Sin(3*u+float64(seed)) + 0.22*v*v*half
		return at.add(f.toWorld(vec{(u - 0.5) * 1.6, curl, v * half}.scale(size))), u, v
	}
	veins := func(uv [3][2]float64) look {
		return func(h *hit) surface {
			u := h.local.x*uv[0][0] + h.local.y*uv[1][0] + h.local.z*uv[2][0]
			v := h.local.x*uv[0][1] + h.local.y*uv[1][1] + h.local.z*uv[2][1]
			rib := smooth(0.05, 0.01, math.Abs(v)) + 0.7*smooth(0.1, 0.02, math.Abs(math.Mod(u*9-math.Abs(v)*2.2+20, 1)-0.5))
			blotch := fbm(vec{u * 6, v * 3, float64(seed)}, 4, seed)
			return surface{albedo: base.mix(rgb(96, 60, 30), smooth(0.5, 0.7, blotch)).mix(rgb(226, 190, 120), 0.5*clamp(rib, 0, 1)).scale(0.7 + 0.5*blotch),
				f0: 0.03, rough: 0.45, thin: 0.25}
		}
	}
	for i := range n {
		for j := range n {
			a, ua, va := point(i, j)
			b, ub, vb := point(i+1, j)
			c, uc, vc := point(i, j+1)
			d, ud, vd := point(i+1, j+1)
			s.shapes = append(s.shapes,
				&triangle{a: a, b: b, c: c, look: veins([3][2]float64{{ua, va}, {ub, vb}, {uc, vc}})},
				&triangle{a: b, b: d, c: c, look: veins([3][2]float64{{ub, vb}, {ud, vd}, {uc, vc}})})
		}
	}
}
