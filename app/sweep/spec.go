package sweep

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"codecworkbench/codecs"
)

// Spec names a curve: a codec with parameters, then filters, and the range of
// qualities to run. Its text form is
//
//	ID[@k=v]...[+FILTER[@k=v]...][:LO-HI | :LO-HI/N | :a+b+c]
//
// A value that contains one of , : + @ stands in double quotes.
type Spec struct {
	Codec   string
	Params  codecs.Params // without q
	Filters []FilterSpec
	Range   Range
}

// FilterSpec names one filter of a pipeline with its parameters.
type FilterSpec struct {
	ID     string
	Params codecs.Params
}

// Range selects quality values. The zero Range is the codec's own ladder.
type Range struct {
	Values []float64 // explicit values; nil: LO-HI
	Lo, Hi float64
	Count  int  // values from Lo to Hi; 0: the ladder's values between them, and both ends
	Set    bool // Lo and Hi hold
}

// ParseSpecs reads a comma-separated list of specs.
func ParseSpecs(text string) ([]Spec, error) {
	parts, err := split(text, ',')
	if err != nil {
		return nil, err
	}
	var specs []Spec
	for _, part := range parts {
		s, err := ParseSpec(part)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(specs, func(o Spec) bool { return o.Name() == s.Name() }) {
			return nil, fmt.Errorf("%s is named twice; give one range with all its values", s.Name())
		}
		specs = append(specs, s)
	}
	return specs, nil
}

// ParseSpec reads one spec.
func ParseSpec(text string) (Spec, error) {
	fail := func(format string, args ...any) (Spec, error) {
		return Spec{}, fmt.Errorf("%q: %s", text, fmt.Sprintf(format, args...))
	}
	parts, err := split(text, ':')
	if err != nil {
		return Spec{}, err
	}
	if len(parts) > 2 {
		return fail("more than one range; put values with ':' in double quotes")
	}
	stages, err := split(parts[0], '+')
	if err != nil {
		return Spec{}, err
	}
	var s Spec
	for i, stage := range stages {
		id, params, err := parseStage(stage)
		if err != nil {
			return fail("%v", err)
		}
		if i == 0 {
			s.Codec, s.Params = id, params
		} else {
			s.Filters = append(s.Filters, FilterSpec{id, params})
		}
	}
	if _, ok := s.Params["q"]; ok {
		return fail("q is given as a range: %s:%s", s.Codec, s.Params["q"])
	}
	if len(parts) == 2 {
		if s.Range, err = parseRange(parts[1]); err != nil {
			return fail("%v", err)
		}
	}
	return s, nil
}

func parseStage(stage string) (id string, params codecs.Params, err error) {
	fields, err := split(stage, '@')
	if err != nil {
		return "", nil, err
	}
	if fields[0] == "" {
		return "", nil, errors.New("an id is missing")
	}
	if strings.Contains(fields[0], `"`) {
		return "", nil, fmt.Errorf("the id %s is in double quotes; only values may be", fields[0])
	}
	params = codecs.Params{}
	for _, f := range fields[1:] {
		k, v, ok := strings.Cut(f, "=")
		if !ok || k == "" || strings.Contains(k, `"`) {
			return "", nil, fmt.Errorf("@%s is not of the form @name=value", f)
		}
		params[k] = strings.ReplaceAll(v, `"`, "")
	}
	return fields[0], params, nil
}

func parseRange(text string) (Range, error) {
	if values := strings.Split(text, "+"); len(values) > 1 || !strings.Contains(strings.TrimPrefix(text, "-"), "-") {
		var r Range
		for _, v := range values {
			x, err := strconv.ParseFloat(v, 64)
			if err != nil || math.IsNaN(x) {
				return Range{}, fmt.Errorf("range %q: %q is not a number; ranges are LO-HI, LO-HI/N or a+b+c", text, v)
			}
			r.Values = append(r.Values, x)
		}
		slices.Sort(r.Values)
		r.Values = slices.Compact(r.Values)
		return r, nil
	}
	ends, count, counted := strings.Cut(text, "/")
	from, to, _ := strings.Cut(strings.TrimPrefix(ends, "-"), "-")
	if strings.HasPrefix(ends, "-") { // a leading minus belongs to LO
		from = "-" + from
	}
	lo, err1 := strconv.ParseFloat(from, 64)
	hi, err2 := strconv.ParseFloat(to, 64)
	if err1 != nil || err2 != nil || !(lo <= hi) {
		return Range{}, fmt.Errorf("range %q: ranges are LO-HI, LO-HI/N or a+b+c, with LO below HI", text)
	}
	r := Range{Lo: lo, Hi: hi, Set: true}
	if counted {
		n, err := strconv.Atoi(count)
		if err != nil || n < 1 || n > 1000 {
			return Range{}, fmt.Errorf("range %q: %q is not a count from 1 to 1000", text, count)
		}
		r.Count = n
	}
	return r, nil
}

// split cuts text at sep outside double quotes.
func split(text string, sep byte) ([]string, error) {
	var parts []string
	quoted, start := false, 0
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == sep && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	if quoted {
		return nil, fmt.Errorf("%q: a double quote is not closed", text)
	}
	return append(parts, text[start:]), nil
}

// Name is the spec without its range: the curve's name.
func (s Spec) Name() string {
	var b strings.Builder
	b.WriteString(s.Codec)
	writeParams(&b, s.Params)
	for _, f := range s.Filters {
		b.WriteString("+" + f.ID)
		writeParams(&b, f.Params)
	}
	return b.String()
}

func writeParams(b *strings.Builder, p codecs.Params) {
	names := make([]string, 0, len(p))
	for k := range p {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		v := p[k]
		if strings.ContainsAny(v, ",:+@") {
			v = `"` + v + `"`
		}
		b.WriteString("@" + k + "=" + v)
	}
}

// String is the spec's text form.
func (s Spec) String() string {
	r := s.Range
	switch {
	case r.Values != nil:
		var text []string
		for _, v := range r.Values {
			text = append(text, codecs.FormatNumber(v))
		}
		return s.Name() + ":" + strings.Join(text, "+")
	case r.Count > 0:
		return fmt.Sprintf("%s:%s-%s/%d", s.Name(), codecs.FormatNumber(r.Lo), codecs.FormatNumber(r.Hi), r.Count)
	case r.Set:
		return fmt.Sprintf("%s:%s-%s", s.Name(), codecs.FormatNumber(r.Lo), codecs.FormatNumber(r.Hi))
	}
	return s.Name()
}

// At returns the spec of one point.
func (s Spec) At(q float64) Spec {
	s.Range = Range{Values: []float64{q}}
	return s
}

// Qualities lists the q values that the spec runs for a codec, each on one of its
// steps; nil for a codec without quality, which has one point.
func (s Spec) Qualities(info codecs.Info) ([]float64, error) {
	q := info.Quality
	r := s.Range
	if q == nil {
		if r.Set || r.Values != nil {
			return nil, fmt.Errorf("%s has no quality: leave the range away", info.ID)
		}
		return nil, nil
	}
	named := r.Values
	if r.Set {
		named = []float64{r.Lo, r.Hi}
	}
	for _, v := range named {
		if v < q.Min || v > q.Max {
			return nil, fmt.Errorf("%s: q=%s is outside %s to %s", info.ID,
				codecs.FormatNumber(v), codecs.FormatNumber(q.Min), codecs.FormatNumber(q.Max))
		}
	}
	switch {
	case r.Values != nil:
		return snapped(*q, r.Values), nil
	case r.Count > 0:
		return q.Spread(r.Lo, r.Hi, r.Count), nil
	case !r.Set:
		return q.Values(), nil
	}
	values := []float64{r.Lo, r.Hi}
	for _, v := range q.Values() {
		if v > r.Lo && v < r.Hi {
			values = append(values, v)
		}
	}
	return snapped(*q, values), nil
}

// snapped moves values onto the quality's steps: off them a result would carry a q
// that the encoder rounds, and a curve two points of one file.
func snapped(q codecs.Quality, values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = q.Snap(v)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
