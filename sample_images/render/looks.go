package main

import "math"

// wood is planks of a given width along x, with rings, fibres and gaps.
func wood(plank float64, light, dark vec, shine float64) look {
	return func(h *hit) surface {
		row := math.Floor(h.p.z / plank)
		seed := uint64(int64(row) + 1000)
		shift := hash(int64(row), 3, 1, 9) * 40
		p := vec{h.p.x + shift, h.p.y, h.p.z + shift}
		rings := fbm(vec{p.x * 0.55, p.y * 4, p.z * 5}, 4, 11)
		line := 0.5 + 0.5*math.Sin(58*rings+7*fbm(vec{p.x * 2, 0, p.z * 30}, 3, 5))
		fibre := fbm(vec{p.x * 14, p.y * 80, p.z * 260}, 3, 21)
		tone := 0.15 + 0.42*line + 0.5*fibre + 0.25*(hash(int64(row), 1, 1, 4)-0.5)
		edge := math.Abs(h.p.z/plank-row-0.5) * 2
		gap := smooth(0.975, 0.995, edge)
		albedo := light.mix(dark, clamp(tone, 0, 1)).scale(1 - 0.85*gap)
		n := h.n
		if h.n.y > 0.9 {
			n = bump(h.n, h.p, 0.001, func(q vec) float64 {
				return 0.0016 * fbm(vec{(q.x + shift) * 14, q.y * 80, (q.z + shift) * 200}, 2, seed)
			})
		}
		return surface{albedo: albedo, f0: 0.04 * shine * (1 - gap), rough: 0.28 + 0.25*fibre, n: n}
	}
}

// plaster is a wall with faint stains and a trowelled relief.
func plaster(color vec) look {
	return func(h *hit) surface {
		stain := fbm(h.p.scale(1.3), 5, 31)
		spot := fbm(h.p.scale(19), 3, 33)
		n := bump(h.n, h.p, 0.003, func(q vec) float64 { return 0.02*fbm(q.scale(9), 4, 35) + 0.004*fbm(q.scale(60), 2, 36) })
		return surface{albedo: color.scale(0.72 + 0.36*stain + 0.1*(spot-0.5)), n: n}
	}
}

// stone is speckled rock; each seed has its own kind: granite, banded, or plain.
func stone(wetBelow float64) look {
	palette := []vec{rgb(126, 120, 112), rgb(92, 96, 102), rgb(150, 132, 112), rgb(118, 92, 78), rgb(168, 164, 156), rgb(74, 78, 76), rgb(138, 112, 92)}
	return func(h *hit) surface {
		s := h.seed
		base := palette[s%uint64(len(palette))]
		q := h.p.add(vec{float64(s%97) * 3.1, float64(s%89) * 1.7, 0})
		tone := 0.75 + 0.5*fbm(q.scale(7), 4, s)
		switch s % 3 {
		case 0: // granite
			_, _, id := cells(q.scale(46), s)
			tone *= 0.55 + 0.9*id
		case 1: // bands
			tone *= 0.7 + 0.6*smooth(0.35, 0.65, 0.5+0.5*math.Sin(h.local.y*14+6*fbm(q.scale(5), 3, s+1)))
		case 2: // fine speckle
			tone *= 0.8 + 0.45*noise(q.scale(130), s+2)
		}
		n := bump(h.n, h.p, 0.002, func(p vec) float64 { return 0.008*fbm(p.scale(26), 3, s) + 0.0015*noise(p.scale(170), s) })
		m := surface{albedo: base.scale(tone), f0: 0.03, rough: 0.7, n: n}
		if wet := smooth(wetBelow+0.05, wetBelow-0.05, h.p.y+0.1*fbm(h.p.scale(3), 2, 8)); wet > 0 {
			m.albedo = m.albedo.scale(1 - 0.55*wet)
			m.rough -= 0.55 * wet
			m.f0 += 0.03 * wet
			m.n = m.n.mix(h.n, 0.7*wet).unit()
		}
		return m
	}
}

// cloth is a tartan of woven threads, a thread per unit/threads.
func cloth(threads float64, ground, stripe, accent vec) look {
	band := func(v float64) vec {
		switch t := v - math.Floor(v); {
		case t < 0.36:
			return ground
		case t < 0.44, t > 0.92:
			return accent
		case t < 0.8:
			return stripe
		}
		return ground.scale(0.45)
	}
	return func(h *hit) surface {
		x, z := h.p.x+0.01*fbm(h.p.scale(4), 2, 3), h.p.z+0.01*fbm(h.p.scale(4), 2, 4)
		u, v := x*threads, z*threads
		iu, iv := int64(math.Floor(u)), int64(math.Floor(v))
		fu, fv := u-float64(iu)-0.5, v-float64(iv)-0.5
		over := (iu+iv)%4 < 2 // a two-by-two twill
		if (iu+iv)%4 < 0 {
			over = (iu+iv)%4 < -2
		}
		color, across := band(x*0.9), fu
		if over {
			color, across = band(z*0.9+0.3), fv
		}
		round := math.Sqrt(max(1-2.6*across*across, 0.08))
		tone := (0.45 + 0.6*round) * (0.8 + 0.4*hash(iu, iv, 2, 7))
		n := bump(h.n, h.p, 0.004, func(q vec) float64 { return 0.05 * fbm(vec{q.x * 2.2, 0, q.z * 2.2}, 3, 13) })
		return surface{albedo: color.scale(tone), n: n}
	}
}

// brick is a fired brick of its own tone; mortar is what lies between.
func brick(h *hit) surface {
	t := hash(int64(h.seed), 5, 2, 1)
	base := rgb(148, 78, 58).mix(rgb(176, 112, 84), t)
	if t > 0.86 {
		base = rgb(92, 62, 56)
	}
	rough := fbm(h.p.scale(17), 5, 3)
	pits := smooth(0.62, 0.75, fbm(h.p.scale(70), 3, 6))
	soot := fbm(h.p.scale(0.9), 4, 41)
	n := bump(h.n, h.p, 0.002, func(q vec) float64 { return 0.014*fbm(q.scale(24), 4, 3) + 0.004*fbm(q.scale(90), 2, 6) })
	return surface{albedo: base.scale((0.5 + 0.75*rough) * (1 - 0.5*pits) * (0.55 + 0.65*soot)), n: n}
}

func mortar(h *hit) surface {
	n := bump(h.n, h.p, 0.002, func(q vec) float64 { return 0.02 * fbm(q.scale(40), 3, 9) })
	return surface{albedo: rgb(150, 142, 130).scale(0.5 + 0.7*fbm(h.p.scale(26), 4, 2)), n: n}
}

// skin is the peel of an apple: streaks from the stem, lenticels, a waxy coat.
func skin(h *hit) surface {
	l := h.local
	angle := math.Atan2(l.z, l.x)
	streak := fbm(vec{math.Cos(angle) * 9, l.y * 0.8, math.Sin(angle) * 9}.add(vec{float64(h.seed), 0, 0}), 5, h.seed)
	blush := smooth(-0.6, 0.7, math.Sin(angle+float64(h.seed))+0.9*(streak-0.5)+0.5*l.y)
	red := rgb(168, 26, 30).mix(rgb(206, 74, 42), streak)
	yellow := rgb(222, 186, 72).mix(rgb(176, 178, 62), fbm(l.scale(3), 3, h.seed+3))
	albedo := yellow.mix(red, clamp(blush+0.8*(streak-0.5), 0, 1))
	d1, _, id := cells(l.scale(15), h.seed)
	albedo = albedo.mix(rgb(232, 206, 150), 0.7*smooth(0.16, 0.08, d1)*smooth(0.3, 0.5, id))
	albedo = albedo.mix(rgb(110, 84, 40), 0.8*smooth(0.3, 0.08, math.Hypot(l.x, l.z))*smooth(0.7, 1, l.y))
	n := bump(h.n, h.p, 0.003, func(q vec) float64 { return 0.012*fbm(q.scale(6), 2, h.seed) + 0.0006*noise(q.scale(120), 1) })
	return surface{albedo: albedo, f0: 0.045, rough: 0.22 + 0.15*streak, n: n}
}

// foliage is leaves of one hue with variation by leaf and along each.
func foliage(a, b vec, thin float64) look {
	return func(h *hit) surface {
		t := hash(int64(h.seed), 1, 7, 3)
		tone := 0.7 + 0.5*hash(int64(h.seed), 2, 7, 5)
		vein := 0.85 + 0.3*noise(h.p.scale(30), h.seed)
		return surface{albedo: a.mix(b, t).scale(tone * vein), f0: 0.03, rough: 0.55, thin: thin}
	}
}

// daylight is a clear sky around a sun direction, with fair-weather clouds.
func daylight(toSun vec, clouds float64) func(vec) vec {
	return func(d vec) vec {
		up := max(d.y, 0)
		sky := rgb(178, 204, 232).mix(rgb(64, 116, 190), math.Pow(up, 0.55))
		glow := math.Pow(max(d.dot(toSun), 0), 24)
		sky = sky.add(vec{1, 0.85, 0.6}.scale(0.5 * glow))
		if clouds > 0 && d.y > 0.01 {
			p := d.scale(1.6 / (d.y + 0.12))
			c := fbm(vec{p.x, 2.3, p.z}, 7, 51)
			cover := smooth(0.62-0.3*clouds, 0.86-0.3*clouds, c)
			shade := 0.75 + 0.5*fbm(vec{p.x*1.7 + 4, 1, p.z * 1.7}, 5, 57)
			sky = sky.mix(vec{1, 0.99, 0.97}.scale(shade), cover*smooth(0.01, 0.12, d.y))
		}
		return sky
	}
}

// flat is a uniform material.
func flat(m surface) look { return func(*hit) surface { return m } }
