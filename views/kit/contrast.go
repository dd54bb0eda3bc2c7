package kit

import (
	"image/color"
	"math"
)

// luminance is the relative luminance of an opaque colour (WCAG 2.1), 0 to 1.
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

// Contrast is the contrast ratio of two opaque colours (WCAG 2.1), 1 to 21.
func Contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// IsLight reports whether a colour is a light ground.
func IsLight(c color.NRGBA) bool { return luminance(c) > 0.18 }
