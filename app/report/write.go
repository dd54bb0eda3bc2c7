package report

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"codecworkbench/metrics/rd"
)

// leading is the order of the values that every reader looks for; the others follow
// by name.
var leading = []string{rd.KeyBPP, "psnr-rgb", "ms-ssim-rgb", rd.KeyEncode, rd.KeyDecode}

// WriteJSON writes curves in CompressAI's shape: one curve as an object, which its
// plot script reads unchanged, several as a list. Arrays run parallel, MS-SSIM is
// linear, times are in seconds, what is undefined or infinite is null. The keys
// "meta" and "per_image" (name, hash and results of every picture) are this
// program's own. ReadResults reads it back without loss.
func WriteJSON(curves []rd.Curve) ([]byte, error) {
	if len(curves) == 0 {
		return nil, errors.New("no curve to write")
	}
	var compact bytes.Buffer
	if len(curves) > 1 {
		compact.WriteByte('[')
	}
	for i, c := range curves {
		if i > 0 {
			compact.WriteByte(',')
		}
		if err := writeCurve(&compact, c); err != nil {
			return nil, fmt.Errorf("curve %s: %w", quote(c.Name), err)
		}
	}
	if len(curves) > 1 {
		compact.WriteByte(']')
	}
	return indent(compact.Bytes())
}

func writeCurve(w *bytes.Buffer, c rd.Curve) error {
	o := object{w: w}
	o.field("name", c.Name)
	o.field("description", c.Description)
	if len(c.Meta) > 0 {
		o.field("meta", c.Meta)
	}
	keys := keysOf(c)
	if !slices.Contains(keys, rd.KeyBPP) { // readers want it, undefined as it is
		keys = append([]string{rd.KeyBPP}, keys...)
	}
	qs := make([]float64, len(c.Points))
	for i, p := range c.Points {
		qs[i] = p.Q
	}
	arrays := arraysOf(c.Points, keys)
	if slices.ContainsFunc(qs, finite) {
		arrays = append(arrays, array{keyQ, qs})
	}
	o.raw("results", encodeArrays(arrays))
	if len(c.Images) > 0 {
		var list bytes.Buffer
		list.WriteByte('[')
		for i, img := range c.Images {
			if len(img.Points) != len(c.Points) {
				return fmt.Errorf("picture %s has %d points, the curve has %d", quote(img.Name), len(img.Points), len(c.Points))
			}
			if i > 0 {
				list.WriteByte(',')
			}
			e := object{w: &list}
			e.field("name", img.Name)
			if img.Hash != "" {
				e.field("hash", img.Hash)
			}
			e.raw("results", encodeArrays(arraysOf(img.Points, keys)))
			e.close()
			o.err = errors.Join(o.err, e.err)
		}
		list.WriteByte(']')
		o.raw("per_image", list.Bytes())
	}
	o.close()
	return o.err
}

// keysOf lists the values that any point of a curve has, in the order of files.
func keysOf(curves ...rd.Curve) []string {
	have := map[string]bool{}
	add := func(points []rd.Point) {
		for _, p := range points {
			for key := range p.Values {
				have[key] = true
			}
		}
	}
	for _, c := range curves {
		add(c.Points)
		for _, img := range c.Images {
			add(img.Points)
		}
	}
	var keys []string
	for _, key := range leading {
		if have[key] {
			keys = append(keys, key)
			delete(have, key)
		}
	}
	return append(keys, slices.Sorted(maps.Keys(have))...)
}

type array struct {
	key    string
	values []float64
}

func arraysOf(points []rd.Point, keys []string) []array {
	arrays := make([]array, len(keys))
	for i, key := range keys {
		arrays[i] = array{key, make([]float64, len(points))}
		for k, p := range points {
			arrays[i].values[k] = value(p, key)
		}
	}
	return arrays
}

// value is NaN where a point lacks the key.
func value(p rd.Point, key string) float64 {
	if v, ok := p.Values[key]; ok {
		return v
	}
	return math.NaN()
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func encodeArrays(arrays []array) []byte {
	var w bytes.Buffer
	o := object{w: &w}
	for _, a := range arrays {
		list := []byte{'['}
		for i, v := range a.values {
			if i > 0 {
				list = append(list, ',')
			}
			list = appendNumber(list, v)
		}
		o.raw(a.key, append(list, ']'))
	}
	o.close()
	return w.Bytes()
}

// appendNumber writes the shortest text that reads back as v, or null.
func appendNumber(b []byte, v float64) []byte {
	if !finite(v) {
		return append(b, "null"...)
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendInt(b, int64(v), 10)
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}
