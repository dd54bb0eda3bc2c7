package workbench

import (
	"fmt"
	"math"

	"codecworkbench/metrics"
)

// Row is one line of the table that sets the shown pictures side by side.
type Row struct {
	Name   string   // with its unit, and marked where lower is better: "PSNR-RGB dB", "GMSD ↓"
	Help   string   // what it is, in a sentence, and what is special about the values
	Values []string // one a column; empty while it is not known
	// Best marks the best values, where not all are as good as each other: none differs
	// from them by more than is shown or measured reliably.
	Best []bool
}

// TableColumns are the slots that the table sets side by side: all that are shown, or
// where two are, those of Compared.
func (w *Workbench) TableColumns() []int {
	if panes := w.Panes(); len(panes) > 2 {
		return panes
	}
	l, r := w.Compared()
	return []int{l, r}
}

// Table returns the measurements of the slots of TableColumns.
func (w *Workbench) Table() []Row {
	var columns []column
	for _, n := range w.TableColumns() {
		columns = append(columns, w.column(n))
	}
	size := FormatCount
	if len(columns) > 2 {
		size = shortCount
	}
	rows := []Row{
		numbers("Bytes", "Size of the file that decodes to this picture.", columns, func(c column) *int { return c.bytes }, size, true),
		numbers("Bits per pixel", "8 × bytes / pixels.", columns, func(c column) *float64 { return c.bpp }, func(v float64) string { return fmt.Sprintf("%.3f", v) }, true),
		numbers("Ratio", "Size of the raw 8-bit samples over the file's size.", columns, func(c column) *float64 { return c.ratio }, func(v float64) string { return fmt.Sprintf("%.1f:1", v) }, false),
	}
	list, _ := w.known(w.table)
	for _, m := range list {
		rows = append(rows, metricRow(m.Info(), columns))
	}
	return append(rows,
		timeRow("Encode ms", "Time to encode, one run on this machine.", columns, func(c column) *float64 { return c.encode }),
		timeRow("Decode ms", "Time to decode, one run on this machine.", columns, func(c column) *float64 { return c.decode }))
}

// shortCount writes a number of bytes in a narrow column: those of large files in megabytes.
func shortCount(n int) string {
	if n < 1e6 {
		return FormatCount(n)
	}
	return FormatBytes(int64(n))
}

// column is what one slot contributes to the table; nil pointers are unknown.
type column struct {
	bytes            *int
	bpp, ratio       *float64
	encode, decode   *float64
	beside, original bool
	values           map[string]metrics.Value
}

func (w *Workbench) column(number int) column {
	if number == Original {
		return w.originalColumn()
	}
	r := w.runs[number]
	if r == nil || r.Result == nil || !r.Fresh {
		return column{}
	}
	res := r.Result
	ratio := res.Ratio()
	c := column{bytes: &res.Bytes, bpp: &res.BPP, ratio: &ratio, decode: &res.DecodeMS, beside: res.Beside, values: res.Values}
	if s, _ := w.Slot(number); s.File == nil {
		c.encode = &res.EncodeMS
	}
	return c
}

// originalColumn has the size of the original's file, where it has one.
func (w *Workbench) originalColumn() column {
	p := w.pictures.pic
	if p == nil || p.Source().Bytes == 0 {
		return column{original: true}
	}
	n := int(p.Source().Bytes)
	bpp := 8 * float64(n) / float64(p.Pixels())
	return column{bytes: &n, bpp: &bpp, original: true}
}

// cell is a value of the table; NaN: not known.
type cell struct {
	value float64
	text  string
}

// row puts cells into a row and marks the best: those that look like the best one, or that
// alike says are as good.
func row(name, help string, cells []cell, lower bool, alike func(best, other float64) bool) Row {
	out := Row{Name: name, Help: help, Best: make([]bool, len(cells))}
	best, known := -1, 0
	for i, c := range cells {
		out.Values = append(out.Values, c.text)
		if math.IsNaN(c.value) {
			continue
		}
		known++
		if best < 0 || (c.value < cells[best].value) == lower && c.value != cells[best].value {
			best = i
		}
	}
	good := 0
	for i, c := range cells {
		if best >= 0 && !math.IsNaN(c.value) && (c.text == cells[best].text || alike != nil && alike(cells[best].value, c.value)) {
			out.Best[i] = true
			good++
		}
	}
	if good == known {
		clear(out.Best) // nothing to choose between
	}
	return out
}

func numbers[T int | float64](name, help string, columns []column, of func(column) *T, format func(T) string, lower bool) Row {
	cells := make([]cell, len(columns))
	for i, c := range columns {
		cells[i].value = math.NaN()
		if v := of(c); v != nil {
			cells[i] = cell{float64(*v), format(*v)}
		}
	}
	return row(name, help, cells, lower, nil)
}

func metricRow(info metrics.Info, columns []column) Row {
	name, help := info.Name, info.Name+": "+info.Summary
	if u := info.DisplayUnit(); u != "" {
		name += " " + u
	}
	if info.Lower {
		name += " ↓"
		help += " Lower is better."
	}
	cells, note := make([]cell, len(columns)), ""
	for i, c := range columns {
		cells[i].value = math.NaN()
		v, ok := c.values[info.ID]
		if ok {
			cells[i] = cell{v.Number, FormatMetric(info, v)}
		}
		if note == "" {
			note = v.Note
		}
	}
	if note != "" {
		help += " Here: " + note + "."
	}
	return row(name, help, cells, info.Lower, nil)
}

// timeNoise is how far two single timings must lie apart to be told apart.
const timeNoise = 1.25

// timeRow compares times: a difference within the noise of single runs, or taken
// beside other work, decides nothing.
func timeRow(name, help string, columns []column, of func(column) *float64) Row {
	cells, beside := make([]cell, len(columns)), false
	for i, c := range columns {
		cells[i].value = math.NaN()
		v := of(c)
		if v == nil {
			continue
		}
		cells[i] = cell{*v, FormatMS(*v)}
		if c.beside {
			cells[i].text = "≈" + cells[i].text
			beside = true
		}
	}
	out := row(name, help, cells, true, func(best, other float64) bool { return other <= timeNoise*best })
	if beside {
		out.Help += " ≈ marks times taken while other work was running."
		clear(out.Best)
	}
	return out
}
