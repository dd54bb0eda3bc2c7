package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"codecworkbench/metrics/rd"
)

// Columns that name a row instead of measuring it, as tools head them (this
// program, HiFiC and MS-ILLM, Cool-chic, benchmark_xl, codec-compare).
var (
	curveColumns = []string{"curve", "codec", "name", "model", "method"}
	imageColumns = []string{"image", "seq_name", "original_name", "original_path", "source", "file"}
	// ladderColumns order the points of a picture, and join those of several.
	ladderColumns = []string{"q", "quality", "lmbda", "lambda", "qp"}
)

// readText reads a table, or "key = [numbers]" as people paste it into issues.
func readText(text string) ([]rd.Curve, error) {
	if arrays := assignments(text); len(arrays) > 0 {
		points, err := parallel(arrays)
		if err != nil {
			return nil, err
		}
		return []rd.Curve{{Points: points}}, nil
	}
	rows, err := splitTable(text)
	if err != nil {
		return nil, err
	}
	t, err := newTable(rows)
	if err != nil {
		return nil, err
	}
	return t.curves()
}

// assignments finds "bpp = [0.1, 0.2]" and "bpp: 0.1 0.2" line by line; anything
// else makes it nil.
func assignments(text string) map[string][]float64 {
	arrays := map[string][]float64{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		at := strings.IndexAny(line, "=:")
		if at <= 0 {
			return nil
		}
		list := strings.Map(func(r rune) rune {
			if strings.ContainsRune("[](),;", r) {
				return ' '
			}
			return r
		}, line[at+1:])
		var values []float64
		for word := range strings.FieldsSeq(list) {
			v, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return nil
			}
			values = append(values, onlyFinite(v))
		}
		if len(values) == 0 {
			return nil
		}
		arrays[canonical(line[:at])] = values
	}
	return arrays
}

func splitTable(text string) ([][]string, error) {
	head, _, _ := strings.Cut(text, "\n")
	comma := ','
	switch {
	case strings.Contains(head, "\t"):
		comma = '\t'
	case strings.Contains(head, ","):
	case strings.Contains(head, ";"):
		comma = ';'
	default:
		var rows [][]string
		for line := range strings.Lines(text) {
			if f := strings.Fields(line); len(f) > 0 {
				rows = append(rows, f)
			}
		}
		return rows, nil
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = comma, -1, true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	return rows, nil
}

// table is a heading with rows of as many cells.
type table struct {
	head                       []string
	rows                       [][]string
	curve, image, hash, ladder int // columns, -1 where there is none
	row                        int // this program's "image" or "mean", told by the image too
	values                     []int
}

func newTable(rows [][]string) (*table, error) {
	t := &table{head: rows[0], rows: rows[1:]}
	if _, err := strconv.ParseFloat(strings.TrimSpace(t.head[0]), 64); err == nil {
		return nil, errors.New("the table's first line holds numbers; it must name the columns, such as: bpp,psnr-rgb")
	}
	t.curve, t.image = t.find(curveColumns...), t.find(imageColumns...)
	t.hash, t.row, t.ladder = t.find("image_hash"), t.find("row"), t.find(ladderColumns...)
	if !slices.ContainsFunc(t.head, func(h string) bool { return canonical(h) == rd.KeyBPP }) {
		return nil, fmt.Errorf("no column %q in the table; there are: %s", rd.KeyBPP, quote(strings.Join(t.head, ", ")))
	}
	for i := range t.head {
		if !slices.Contains([]int{t.curve, t.image, t.hash, t.row, t.ladder}, i) && t.numeric(i) {
			t.values = append(t.values, i)
		}
	}
	for i, r := range t.rows {
		if len(r) != len(t.head) {
			return nil, fmt.Errorf("table line %d has %d cells, the heading has %d", i+2, len(r), len(t.head))
		}
	}
	return t, nil
}

// find is the column under the first of the names that is there.
func (t *table) find(names ...string) int {
	for _, name := range names {
		if i := slices.IndexFunc(t.head, func(h string) bool {
			return strings.EqualFold(strings.TrimSpace(h), name)
		}); i >= 0 {
			return i
		}
	}
	return -1
}

// numeric columns hold numbers and empty cells alone, and some number. The rate's
// always counts, so that what is wrong in it gets an error.
func (t *table) numeric(col int) bool {
	if canonical(t.head[col]) == rd.KeyBPP {
		return true
	}
	some := false
	for _, r := range t.rows {
		if col >= len(r) || r[col] == "" {
			continue
		}
		if _, err := number(r[col]); err != nil {
			return false
		}
		some = true
	}
	return some
}

func number(cell string) (float64, error) {
	switch cell = strings.TrimSpace(cell); strings.ToLower(cell) {
	case "", "null", "none", "n/a", "-":
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return 0, fmt.Errorf("%s is no number", quote(cell))
	}
	return onlyFinite(v), nil
}

func onlyFinite(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

func (t *table) cell(r []string, col int) string {
	if col < 0 {
		return ""
	}
	return strings.TrimSpace(r[col])
}

// curves gathers the rows by curve, in the order of their first rows.
func (t *table) curves() ([]rd.Curve, error) {
	var names []string
	groups := map[string][]sample{}
	for i, r := range t.rows {
		s, err := t.sample(r)
		if err != nil {
			return nil, fmt.Errorf("table line %d: %w", i+2, err)
		}
		name := t.cell(r, t.curve)
		if _, ok := groups[name]; !ok {
			names = append(names, name)
		}
		groups[name] = append(groups[name], s)
	}
	if len(names) > maxCurves {
		return nil, fmt.Errorf("%d curves in one table; the limit is %d", len(names), maxCurves)
	}
	var curves []rd.Curve
	for _, name := range names {
		c, err := gather(groups[name])
		if err != nil {
			return nil, fmt.Errorf("curve %s: %w", quote(name), err)
		}
		c.Name = name
		curves = append(curves, c)
	}
	return curves, nil
}

func (t *table) sample(r []string) (sample, error) {
	s := sample{image: t.cell(r, t.image), hash: t.cell(r, t.hash), step: t.cell(r, t.ladder)}
	arrays := map[string][]float64{}
	for _, col := range t.values {
		v, err := number(r[col])
		if err != nil {
			return s, fmt.Errorf("column %s: %w", quote(t.head[col]), err)
		}
		arrays[canonical(t.head[col])] = []float64{v}
	}
	points, err := parallel(arrays)
	if err != nil {
		return s, err
	}
	s.point = points[0]
	if q, err := strconv.ParseFloat(s.step, 64); err == nil && t.ladder >= 0 && canonical(t.head[t.ladder]) == keyQ {
		s.point.Q = onlyFinite(q)
	}
	return s, nil
}
