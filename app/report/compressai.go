package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"codecworkbench/metrics/rd"
)

// labelKeys are the keys of a curve's object that are never arrays of values.
var labelKeys = []string{"name", "description", "meta", "per_image", "source", "results"}

// readCompressAI reads one codec's object, with or without the "results" wrapper.
func readCompressAI(object map[string]json.RawMessage) (rd.Curve, error) {
	var c rd.Curve
	if err := readLabel(object, "name", &c.Name); err != nil {
		return c, err
	}
	err := fillCurve(&c, object)
	if err != nil && c.Name != "" {
		err = fmt.Errorf("%s: %w", quote(c.Name), err)
	}
	return c, err
}

func fillCurve(c *rd.Curve, object map[string]json.RawMessage) error {
	if err := readLabel(object, "description", &c.Description); err != nil {
		return err
	}
	if err := readLabel(object, "meta", &c.Meta); err != nil {
		return err
	}
	points, err := readPoints(object)
	if err != nil {
		return err
	}
	c.Points = points
	var source string
	if err := readLabel(object, "source", &source); err != nil {
		return err
	}
	if source != "" { // one picture of a run with --per-image
		c.Images = []rd.ImageCurve{{Name: source, Points: slices.Clone(points)}}
		return nil
	}
	c.Images, err = readImages(object["per_image"], points)
	return err
}

func readLabel(object map[string]json.RawMessage, key string, to any) error {
	if raw, ok := object[key]; ok {
		if err := json.Unmarshal(raw, to); err != nil {
			return fmt.Errorf("key %q: %w", key, err)
		}
	}
	return nil
}

// readPoints reads the arrays below "results" or, where that is absent, beside the
// labels (the dialect of MLIC and STF).
func readPoints(object map[string]json.RawMessage) ([]rd.Point, error) {
	results, wrapped := object["results"]
	if !wrapped {
		arrays := map[string][]float64{}
		for key, raw := range object {
			if slices.Contains(labelKeys, key) || !holdsNumbers(raw) {
				continue
			}
			values, err := readValues(raw)
			if err != nil {
				return nil, fmt.Errorf("key %s: %w", quote(key), err)
			}
			arrays[canonical(key)] = values
		}
		return parallel(arrays)
	}
	arrays, err := readArrays(results)
	if err != nil {
		return nil, err
	}
	return parallel(arrays)
}

func readArrays(raw json.RawMessage) (map[string][]float64, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return nil, errors.New("\"results\" must be an object of arrays")
	}
	arrays := map[string][]float64{}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		values, err := readValues(object[key])
		if err != nil {
			return nil, fmt.Errorf("results[%s]: %w", quote(key), err)
		}
		if _, twice := arrays[canonical(key)]; !twice || key == canonical(key) {
			arrays[canonical(key)] = values
		}
	}
	return arrays, nil
}

// holdsNumbers tells arrays and numbers from the labels of forks.
func holdsNumbers(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && bytes.IndexByte([]byte("[-0123456789"), raw[0]) >= 0
}

// readValues reads a number, or an array of numbers; null is NaN.
func readValues(raw json.RawMessage) ([]float64, error) {
	var list []*float64
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] != '[' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, errors.New("must be a list of numbers and nulls")
	}
	values := make([]float64, len(list))
	for i, v := range list {
		values[i] = math.NaN()
		if v != nil {
			values[i] = *v
		}
	}
	return values, nil
}

// parallel joins arrays of one length into points. bpp must be among them: without
// a rate there is no curve.
func parallel(arrays map[string][]float64) ([]rd.Point, error) {
	rates, ok := arrays[rd.KeyBPP]
	if !ok {
		return nil, fmt.Errorf("no %q among the results; there are: %v", rd.KeyBPP, slices.Sorted(maps.Keys(arrays)))
	}
	for _, key := range slices.Sorted(maps.Keys(arrays)) {
		if n := len(arrays[key]); n != len(rates) {
			return nil, fmt.Errorf("results[%s] has %d values, results[%q] has %d", quote(key), n, rd.KeyBPP, len(rates))
		}
	}
	if err := linearise(arrays); err != nil {
		return nil, err
	}
	points := make([]rd.Point, len(rates))
	for i := range points {
		points[i] = point(arrays, i)
	}
	return points, nil
}

// point gathers the i-th values; one that is undefined everywhere has no Values.
func point(arrays map[string][]float64, i int) rd.Point {
	p := rd.Point{Q: math.NaN()}
	for key, values := range arrays {
		switch {
		case key == keyQ:
			p.Q = values[i]
		case !math.IsNaN(values[i]):
			if p.Values == nil {
				p.Values = make(map[string]float64, len(arrays))
			}
			p.Values[key] = values[i]
		}
	}
	return p
}

// imageJSON is one element of this program's "per_image".
type imageJSON struct {
	Name    string          `json:"name"`
	Hash    string          `json:"hash,omitempty"`
	Results json.RawMessage `json:"results"`
}

// readImages reads "per_image": a list as this program writes it, or an object by
// picture as in the published curves. Every picture has the points of the curve.
func readImages(raw json.RawMessage, points []rd.Point) ([]rd.ImageCurve, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return nil, nil
	}
	var list []imageJSON
	if raw[0] == '{' {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil {
			return nil, fmt.Errorf("key \"per_image\": %w", err)
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			list = append(list, imageJSON{Name: name, Results: object[name]})
		}
	} else if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("key \"per_image\": %w", err)
	}
	images := make([]rd.ImageCurve, len(list))
	for i, img := range list {
		arrays, err := readArrays(img.Results)
		if err == nil {
			images[i] = rd.ImageCurve{Name: img.Name, Hash: img.Hash}
			images[i].Points, err = parallel(arrays)
		}
		if err != nil {
			return nil, fmt.Errorf("per_image %s: %w", quote(img.Name), err)
		}
		if have, want := len(images[i].Points), len(points); have != want {
			return nil, fmt.Errorf("per_image %s has %d points, the curve has %d", quote(img.Name), have, want)
		}
		for k := range points {
			if math.IsNaN(images[i].Points[k].Q) {
				images[i].Points[k].Q = points[k].Q
			}
		}
	}
	return images, nil
}
