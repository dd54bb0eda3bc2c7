package report

import (
	"slices"
	"strings"

	"codecworkbench/metrics/rd"
)

// kodakPictures is how many pictures the Kodak set has.
const kodakPictures = 24

// IsKodak reports whether a curve was measured on the Kodak set, whose pictures have
// their names everywhere: kodim01.png to kodim24.png.
func IsKodak(c rd.Curve) bool {
	return len(c.Images) == kodakPictures && !slices.ContainsFunc(c.Images, func(i rd.ImageCurve) bool {
		return !strings.Contains(strings.ToLower(i.Name), "kodim")
	})
}
