package report

import (
	"bytes"
	"encoding/csv"
	"math"
	"slices"

	"codecworkbench/metrics/rd"
)

// CSV writes curves as a table with a heading: for every point of every curve a row
// a picture and, with "mean" in the column row, the mean of the set. Columns are
// curve, row ("image" or "mean"), image, image_hash, q and the values under their
// keys, MS-SSIM linear, times in seconds. A cell is empty where a value is undefined
// or infinite.
func CSV(curves []rd.Curve) []byte {
	keys := keysOf(curves...)
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	write := func(cells []string) { _ = w.Write(cells) } // a bytes.Buffer takes everything
	write(append([]string{"curve", "row", "image", "image_hash", keyQ}, keys...))
	for _, c := range curves {
		for i, p := range c.Points {
			for _, img := range c.Images {
				if i < len(img.Points) {
					q := img.Points[i].Q
					if math.IsNaN(q) {
						q = p.Q
					}
					write(slices.Concat([]string{c.Name, "image", img.Name, img.Hash, cell(q)}, cells(img.Points[i], keys)))
				}
			}
			write(slices.Concat([]string{c.Name, "mean", "", "", cell(p.Q)}, cells(p, keys)))
		}
	}
	w.Flush()
	return buf.Bytes()
}

func cells(p rd.Point, keys []string) []string {
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = cell(value(p, key))
	}
	return out
}

func cell(v float64) string {
	if !finite(v) {
		return ""
	}
	return string(appendNumber(nil, v))
}
