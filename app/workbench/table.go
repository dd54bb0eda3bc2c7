package workbench

import (
	"fmt"
	"math"

	"codecworkbench/metrics"
)

// Row is one line of the table that sets the two shown pictures side by side.
type Row struct {
	Name        string // with its unit, and marked where lower is better: "PSNR-RGB dB", "GMSD ↓"
	Help        string // what it is, in a sentence, and what is special about the values
	Left, Right string // empty while it is not known
	// Better is -1 where the left value is better, 1 where the right one is, and 0
	// where they do not differ by more than is shown or measured reliably.
	Better int
}

// Table returns the measurements of the two slots of Compared.
func (w *Workbench) Table() []Row {
	l, r := w.Compared()
	left, right := w.column(l), w.column(r)
	rows := []Row{
		pair("Bytes", "Size of the file that decodes to this picture.", left.bytes, right.bytes, FormatCount, true),
		pair("Bits per pixel", "8 × bytes / pixels.", left.bpp, right.bpp, func(v float64) string { return fmt.Sprintf("%.3f", v) }, true),
		pair("Ratio", "Size of the raw 8-bit samples over the file's size.", left.ratio, right.ratio, func(v float64) string { return fmt.Sprintf("%.1f:1", v) }, false),
	}
	list, _ := w.known(w.table)
	for _, m := range list {
		rows = append(rows, metricRow(m.Info(), left, right))
	}
	return append(rows,
		timeRow("Encode ms", "Time to encode, one run on this machine.", left, right, left.encode, right.encode),
		timeRow("Decode ms", "Time to decode, one run on this machine.", left, right, left.decode, right.decode))
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

func pair[T int | float64](name, help string, left, right *T, format func(T) string, lower bool) Row {
	row := Row{Name: name, Help: help}
	if left != nil {
		row.Left = format(*left)
	}
	if right != nil {
		row.Right = format(*right)
	}
	if left != nil && right != nil && row.Left != row.Right {
		row.Better = better(float64(*left), float64(*right), lower)
	}
	return row
}

// better tells which of two different values is better.
func better(left, right float64, lower bool) int {
	switch {
	case left == right || math.IsNaN(left) || math.IsNaN(right):
		return 0
	case (left < right) == lower:
		return -1
	}
	return 1
}

func metricRow(info metrics.Info, left, right column) Row {
	row := Row{Name: info.Name, Help: info.Name + ": " + info.Summary}
	if u := info.DisplayUnit(); u != "" {
		row.Name += " " + u
	}
	if info.Lower {
		row.Name += " ↓"
		row.Help += " Lower is better."
	}
	l, okLeft := left.values[info.ID]
	r, okRight := right.values[info.ID]
	if okLeft {
		row.Left = FormatMetric(info, l)
	}
	if okRight {
		row.Right = FormatMetric(info, r)
	}
	for _, v := range []metrics.Value{l, r} {
		if v.Note != "" {
			row.Help += " Here: " + v.Note + "."
			break
		}
	}
	if okLeft && okRight && row.Left != row.Right {
		row.Better = better(l.Number, r.Number, info.Lower)
	}
	return row
}

// timeNoise is how far two single timings must lie apart to be told apart.
const timeNoise = 1.25

// timeRow compares times: a difference within the noise of single runs, or taken
// beside other work, decides nothing.
func timeRow(name, help string, left, right column, l, r *float64) Row {
	format := func(beside bool) func(float64) string {
		return func(v float64) string {
			if beside {
				return "≈" + FormatMS(v)
			}
			return FormatMS(v)
		}
	}
	row := Row{Name: name, Help: help}
	if l != nil {
		row.Left = format(left.beside)(*l)
	}
	if r != nil {
		row.Right = format(right.beside)(*r)
	}
	if left.beside || right.beside {
		row.Help += " ≈ marks times taken while other work was running."
		return row
	}
	if l != nil && r != nil && math.Max(*l, *r) > timeNoise*math.Min(*l, *r) {
		row.Better = better(*l, *r, true)
	}
	return row
}
