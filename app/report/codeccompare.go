package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"codecworkbench/metrics/rd"
)

// compareFields are the fields of codec-compare that make a curve of their own by
// every value they take.
var compareFields = []string{"effort", "chroma_subsampling"}

// readCodecCompare reads one codec's file: constants, and a row a coded picture.
func readCodecCompare(object map[string]json.RawMessage) ([]rd.Curve, error) {
	constants, err := readConstants(object)
	if err != nil {
		return nil, err
	}
	rows, err := readFields(object)
	if err != nil {
		return nil, err
	}
	name := constants["name"]
	if name == "" {
		name = constants["codec"]
	}
	var variants []string
	groups := map[string][]sample{}
	for i, row := range rows {
		s, err := row.sample()
		if err != nil {
			return nil, fmt.Errorf("field_values row %d: %w", i+1, err)
		}
		variant := name
		for _, f := range compareFields {
			if v := row[f]; v != nil {
				variant += fmt.Sprintf("@%s=%v", f, v)
			}
		}
		if _, ok := groups[variant]; !ok {
			variants = append(variants, variant)
		}
		groups[variant] = append(groups[variant], s)
	}
	meta := map[string]any{}
	for k, v := range constants {
		meta[k] = v
	}
	var curves []rd.Curve
	for _, v := range variants {
		c, err := gather(groups[v])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", quote(v), err)
		}
		c.Name, c.Description, c.Meta = v, strings.TrimSpace(constants["codec"]+" "+constants["version"]), meta
		curves = append(curves, c)
	}
	return curves, nil
}

func readConstants(object map[string]json.RawMessage) (map[string]string, error) {
	names, err := readDescriptions(object, "constant_descriptions")
	if err != nil {
		return nil, err
	}
	var values []any
	if err := readLabel(object, "constant_values", &values); err != nil {
		return nil, err
	}
	if len(values) != len(names) {
		return nil, fmt.Errorf("constant_values has %d values, constant_descriptions has %d", len(values), len(names))
	}
	out := map[string]string{}
	for i, name := range names {
		out[name] = fmt.Sprint(values[i])
	}
	return out, nil
}

// readDescriptions reads a list of objects with one key each, the field's name.
func readDescriptions(object map[string]json.RawMessage, key string) ([]string, error) {
	var list []map[string]any
	if err := readLabel(object, key, &list); err != nil {
		return nil, err
	}
	names := make([]string, len(list))
	for i, d := range list {
		if len(d) != 1 {
			return nil, fmt.Errorf("%s: entry %d has %d names in place of one", key, i+1, len(d))
		}
		for name := range d {
			names[i] = name
		}
	}
	return names, nil
}

// fields is one row of codec-compare by field name; numbers are float64.
type fields map[string]any

func readFields(object map[string]json.RawMessage) ([]fields, error) {
	names, err := readDescriptions(object, "field_descriptions")
	if err != nil {
		return nil, err
	}
	var values [][]any
	if err := readLabel(object, "field_values", &values); err != nil {
		return nil, err
	}
	rows := make([]fields, len(values))
	for i, list := range values {
		if len(list) != len(names) {
			return nil, fmt.Errorf("field_values row %d has %d values, field_descriptions has %d", i+1, len(list), len(names))
		}
		rows[i] = fields{}
		for k, name := range names {
			rows[i][name] = list[k]
		}
	}
	return rows, nil
}

func (f fields) number(key string) float64 {
	if v, ok := f[key].(float64); ok {
		return v
	}
	return math.NaN()
}

func (f fields) text(keys ...string) string {
	for _, key := range keys {
		if s, ok := f[key].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// notMeasured are fields that describe a row.
var notMeasured = []string{"width", "height", "frame_count", "encoded_size", "megapixels", "quality", "effort"}

func (f fields) sample() (sample, error) {
	s := sample{image: f.text("original_name", "original_path"), point: rd.Point{Q: f.number("quality"), Values: map[string]float64{}}}
	if s.image == "" {
		return s, errors.New("neither original_name nor original_path")
	}
	if q := f["quality"]; q != nil {
		s.step = fmt.Sprint(q)
	}
	for key, v := range f {
		if n, ok := v.(float64); ok && !slices.Contains(notMeasured, key) {
			s.point.Values[canonical(key)] = n
		}
	}
	if _, ok := s.point.Values[rd.KeyBPP]; !ok {
		rate := 8 * f.number("encoded_size") / (f.number("width") * f.number("height"))
		if !finite(rate) {
			return s, errors.New("needs bpp, or encoded_size with width and height")
		}
		s.point.Values[rd.KeyBPP] = rate
	}
	return s, nil
}

// field is a column of codec-compare: its name there, what it says, and the key of
// the value here.
type field struct{ name, help, key string }

// WriteCodecCompare writes one curve for codec-compare: a row a picture and point.
// It needs the pictures' own values. Sizes are written as bpp.
func WriteCodecCompare(c rd.Curve) ([]byte, error) {
	if len(c.Images) == 0 {
		return nil, fmt.Errorf("curve %s has no values by picture, which codec-compare needs", quote(c.Name))
	}
	columns := compareColumns(c)
	var buf bytes.Buffer
	o := object{w: &buf}
	o.field("constant_descriptions", []map[string]string{{"name": "Name of the results"}, {"codec": "Codec"}, {"version": "Version"}})
	o.field("constant_values", []any{c.Name, textOf(c.Meta["codec"], c.Name), textOf(c.Meta["codec_version"], "")})
	descriptions := []map[string]string{{"original_name": "Picture"}, {"quality": "Quality setting"}}
	for _, f := range columns {
		descriptions = append(descriptions, map[string]string{f.name: f.help})
	}
	o.field("field_descriptions", descriptions)
	o.raw("field_values", compareRows(c, columns))
	o.close()
	if o.err != nil {
		return nil, o.err
	}
	return indent(buf.Bytes())
}

func textOf(v any, otherwise string) string {
	if v == nil {
		return otherwise
	}
	return fmt.Sprint(v)
}

// compareColumns names the values as codec-compare knows them.
func compareColumns(c rd.Curve) []field {
	names := map[string]string{"psnr-rgb": "psnr", "ms-ssim-rgb": "msssim", "butteraugli-3norm": "p3-norm"}
	var list []field
	for _, key := range keysOf(c) {
		info := Describe(nil, key)
		name := names[key]
		if name == "" {
			name = strings.ReplaceAll(key, "-", "_")
		}
		help := info.Name
		if info.Unit != "" {
			help += " in " + info.Unit
		}
		list = append(list, field{name, help, key})
	}
	return list
}

func compareRows(c rd.Curve, columns []field) []byte {
	rows := []byte{'['}
	for _, img := range c.Images {
		name, _ := json.Marshal(img.Name) // a string never fails
		for i, p := range img.Points {
			if len(p.Values) == 0 {
				continue // a failed job
			}
			if len(rows) > 1 {
				rows = append(rows, ',')
			}
			rows = append(append(append(rows, '['), name...), ',')
			q := p.Q
			if math.IsNaN(q) && i < len(c.Points) {
				q = c.Points[i].Q
			}
			rows = appendNumber(rows, q)
			for _, f := range columns {
				rows = appendNumber(append(rows, ','), value(p, f.key))
			}
			rows = append(rows, ']')
		}
	}
	return append(rows, ']')
}
