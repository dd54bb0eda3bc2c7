package rd

import (
	"slices"
	"strings"
)

// Convention is what papers differ in when they make one number of many. The zero
// value is the usual one: the mean of the pictures' PSNR, whole files, PCHIP.
type Convention struct {
	PSNRofMeanMSE bool   // see MeanOptions
	Payload       bool   // rates without container, headers and tables, see KeyPayload
	Method        Method // of Bjontegaard deltas; empty: PCHIP
}

// Mean returns the convention's part that concerns means.
func (o Convention) Mean() MeanOptions { return MeanOptions{PSNRofMeanMSE: o.PSNRofMeanMSE} }

// Usual reports whether the convention is the usual one.
func (o Convention) Usual() bool {
	return !o.PSNRofMeanMSE && !o.Payload && (o.Method == "" || o.Method == PCHIP)
}

// keyMeanMSE is how results without values by picture call a PSNR of the mean MSE.
const keyMeanMSE = "psnr-of-mean-mse-rgb"

// By returns the curve under a convention. What the curve lacks for it stays as it
// was measured, and the note says so: values by picture for another mean, the
// payload's rate.
func (c Curve) By(o Convention) (out Curve, note string) {
	var notes []string
	if o.Payload && c.hasPayload() {
		c = c.atPayload()
	} else if o.Payload {
		notes = append(notes, "by file size: its payload is not known")
	}
	switch {
	case !o.PSNRofMeanMSE || len(c.Images) == 1 || !c.hasPSNR():
	case len(c.Images) > 1:
		c.Points, _ = Mean(c.Images, o.Mean())
	case c.has(keyMeanMSE):
		c.Points = swap(c.Points, "psnr-rgb", keyMeanMSE)
	default:
		notes = append(notes, "mean of PSNR: it has no values by picture")
	}
	return c, strings.Join(notes, "; ")
}

func (c Curve) hasPSNR() bool {
	return slices.ContainsFunc(c.Points, func(p Point) bool {
		for key := range p.Values {
			if strings.HasPrefix(key, "psnr") && key != keyMeanMSE {
				return true
			}
		}
		return false
	})
}

// has reports whether all measured points, and those of the pictures, have a value.
func (c Curve) has(key string) bool {
	lacks := func(points []Point) bool {
		return slices.ContainsFunc(points, func(p Point) bool {
			_, ok := p.Values[key]
			return len(p.Values) > 0 && !ok
		})
	}
	return len(c.Points) > 0 && !lacks(c.Points)
}

func (c Curve) hasPayload() bool {
	if !c.has(KeyPayload) {
		return false
	}
	return !slices.ContainsFunc(c.Images, func(i ImageCurve) bool { return !Curve{Points: i.Points}.has(KeyPayload) })
}

func (c Curve) atPayload() Curve {
	c.Points = swap(c.Points, KeyBPP, KeyPayload)
	c.Images = slices.Clone(c.Images)
	for i := range c.Images {
		c.Images[i].Points = swap(c.Images[i].Points, KeyBPP, KeyPayload)
	}
	return c
}

// swap returns the points with the value of one key in place of another's.
func swap(points []Point, key, from string) []Point {
	out := slices.Clone(points)
	for i, p := range out {
		if v, ok := p.Values[from]; ok {
			values := make(map[string]float64, len(p.Values))
			for k, x := range p.Values {
				values[k] = x
			}
			values[key] = v
			out[i].Values = values
		}
	}
	return out
}
