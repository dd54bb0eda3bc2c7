package main

import "math"

// hash turns lattice coordinates into 0..1.
func hash(x, y, z int64, seed uint64) float64 {
	h := uint64(x)*0x9e3779b97f4a7c15 ^ uint64(y)*0xc2b2ae3d27d4eb4f ^ uint64(z)*0x165667b19e3779f9 ^ seed*0x27d4eb2f165667c5
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return float64(h>>11) / (1 << 53)
}

// noise is value noise with quintic interpolation, 0..1.
func noise(p vec, seed uint64) float64 {
	fx, fy, fz := math.Floor(p.x), math.Floor(p.y), math.Floor(p.z)
	x, y, z := int64(fx), int64(fy), int64(fz)
	fade := func(t float64) float64 { return t * t * t * (t*(t*6-15) + 10) }
	u, v, w := fade(p.x-fx), fade(p.y-fy), fade(p.z-fz)
	lerp := func(a, b, t float64) float64 { return a + t*(b-a) }
	corner := func(dy, dz int64) float64 {
		return lerp(hash(x, y+dy, z+dz, seed), hash(x+1, y+dy, z+dz, seed), u)
	}
	return lerp(lerp(corner(0, 0), corner(1, 0), v), lerp(corner(0, 1), corner(1, 1), v), w)
}

// fbm sums octaves of noise, each twice as fine and half as strong, 0..1.
func fbm(p vec, octaves int, seed uint64) float64 {
	sum, weight, total := 0.0, 1.0, 0.0
	for i := range octaves {
		sum += weight * noise(p, seed+uint64(i))
		total += weight
		weight /= 2
		// The offset keeps the octaves' lattices from lining up.
		p = p.scale(2.03).add(vec{13.7, 7.1, 3.3})
	}
	return sum / total
}

// cells is Worley noise: the distance to the nearest of one random point per unit
// cell, the second nearest, and the nearest one's identity.
func cells(p vec, seed uint64) (d1, d2, id float64) {
	d1, d2 = math.Inf(1), math.Inf(1)
	bx, by, bz := int64(math.Floor(p.x)), int64(math.Floor(p.y)), int64(math.Floor(p.z))
	for dz := int64(-1); dz <= 1; dz++ {
		for dy := int64(-1); dy <= 1; dy++ {
			for dx := int64(-1); dx <= 1; dx++ {
				x, y, z := bx+dx, by+dy, bz+dz
				q := vec{float64(x) + hash(x, y, z, seed), float64(y) + hash(x, y, z, seed+1), float64(z) + hash(x, y, z, seed+2)}
				switch d := q.sub(p).len(); {
				case d < d1:
					d1, d2, id = d, d1, hash(x, y, z, seed+3)
				case d < d2:
					d2 = d
				}
			}
		}
	}
	return d1, d2, id
}

// bump tilts a normal by the slope of a height function, in world units.
func bump(n, p vec, size float64, height func(vec) float64) vec {
	u, v := n.basis()
	h := height(p)
	du := (height(p.add(u.scale(size))) - h) / size
	dv := (height(p.add(v.scale(size))) - h) / size
	return n.sub(u.scale(du)).sub(v.scale(dv)).unit()
}
