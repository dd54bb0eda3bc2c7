package main

import "math"

// vec is a point, a direction or a linear colour.
type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec            { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec            { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) mul(b vec) vec            { return vec{a.x * b.x, a.y * b.y, a.z * b.z} }
func (a vec) scale(s float64) vec      { return vec{a.x * s, a.y * s, a.z * s} }
func (a vec) dot(b vec) float64        { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) len() float64             { return math.Sqrt(a.dot(a)) }
func (a vec) unit() vec                { return a.scale(1 / a.len()) }
func (a vec) mix(b vec, t float64) vec { return a.scale(1 - t).add(b.scale(t)) }
func (a vec) max() float64             { return max(a.x, a.y, a.z) }

func (a vec) cross(b vec) vec {
	return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

// basis returns two directions that complete the unit vector a to an orthonormal frame.
func (a vec) basis() (u, v vec) {
	u = vec{1, 0, 0}
	if math.Abs(a.x) > 0.9 {
		u = vec{0, 1, 0}
	}
	u = a.cross(u).unit()
	return u, a.cross(u)
}

// frame is a local coordinate system: the rows are its axes in world space.
type frame struct{ x, y, z vec }

// euler turns about y, then x, then z (radians).
func euler(yaw, pitch, roll float64) frame {
	sy, cy := math.Sincos(yaw)
	sp, cp := math.Sincos(pitch)
	sr, cr := math.Sincos(roll)
	rotate := func(v vec) vec {
		v = vec{cr*v.x - sr*v.y, sr*v.x + cr*v.y, v.z}
		v = vec{v.x, cp*v.y - sp*v.z, sp*v.y + cp*v.z}
		return vec{cy*v.x + sy*v.z, v.y, -sy*v.x + cy*v.z}
	}
	return frame{rotate(vec{1, 0, 0}), rotate(vec{0, 1, 0}), rotate(vec{0, 0, 1})}
}

func (f frame) toLocal(v vec) vec { return vec{v.dot(f.x), v.dot(f.y), v.dot(f.z)} }
func (f frame) toWorld(v vec) vec {
	return f.x.scale(v.x).add(f.y.scale(v.y)).add(f.z.scale(v.z))
}

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// smooth is the cubic step from 0 at lo to 1 at hi.
func smooth(lo, hi, v float64) float64 {
	t := clamp((v-lo)/(hi-lo), 0, 1)
	return t * t * (3 - 2*t)
}

// rgb is a colour given in sRGB levels, made linear.
func rgb(r, g, b float64) vec {
	linear := func(v float64) float64 { return math.Pow((v/255+0.055)/1.055, 2.4) }
	return vec{linear(r), linear(g), linear(b)}
}
