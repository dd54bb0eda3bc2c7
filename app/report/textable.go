package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"codecworkbench/app/report/figure"
	"codecworkbench/metrics/rd"
)

// BDTable returns Bjontegaard delta rates as LaTeX source, a table in the style of
// the booktabs package: a row a curve, with the bootstrap interval where there is
// one and the overlap of the quality ranges. What was refused is a dash, with the
// reason below. All deltas must share anchor, metric and method, which the caption
// names; the metric's name is given.
func BDTable(deltas []rd.Delta, metric string) ([]byte, error) {
	if len(deltas) == 0 {
		return nil, fmt.Errorf("no comparison to write")
	}
	first := deltas[0]
	interval := false
	for _, d := range deltas {
		if d.Anchor != first.Anchor || d.Metric != first.Metric || d.Method != first.Method {
			return nil, fmt.Errorf("one table can't hold both %s by %s (%s) and %s by %s (%s)",
				quote(first.Anchor), first.Metric, first.Method, quote(d.Anchor), d.Metric, d.Method)
		}
		interval = interval || finite(d.Low) && finite(d.High)
	}
	var w strings.Builder
	w.WriteString("% Needs the package booktabs.\n\\begin{table}\n  \\centering\n")
	fmt.Fprintf(&w, "  \\caption{BD-rate against %s at equal %s (%s); negative: fewer bits.}\n  \\smallskip\n",
		figure.EscapeTeX(first.Anchor), figure.EscapeTeX(metric), methodName(first.Method))
	columns, head := "lrr", "Codec & BD-rate [\\%] & Overlap"
	if interval {
		columns, head = "lrcr", "Codec & BD-rate [\\%] & 95\\,\\% interval & Overlap"
	}
	fmt.Fprintf(&w, "  \\begin{tabular}{%s}\n    \\toprule\n    %s \\\\\n    \\midrule\n", columns, head)
	var notes []string
	for _, d := range deltas {
		cells := []string{figure.EscapeTeX(d.Test), signed(d.Percent)}
		if interval {
			between := "--"
			if finite(d.Low) && finite(d.High) {
				between = "[" + signed(d.Low) + ", " + signed(d.High) + "]"
			}
			cells = append(cells, between)
		}
		cells = append(cells, fmt.Sprintf("%.2f", d.Overlap))
		fmt.Fprintf(&w, "    %s \\\\\n", strings.Join(cells, " & "))
		if !finite(d.Percent) && d.Note != "" {
			notes = append(notes, fmt.Sprintf("%s: %s.", figure.EscapeTeX(d.Test), figure.EscapeTeX(d.Note)))
		}
	}
	w.WriteString("    \\bottomrule\n  \\end{tabular}\n")
	if len(notes) > 0 {
		fmt.Fprintf(&w, "  \\par\\smallskip{\\footnotesize %s}\n", strings.Join(notes, " "))
	}
	w.WriteString("\\end{table}\n")
	return []byte(w.String()), nil
}

// signed writes a percentage with one decimal and its sign, a dash where there is
// none.
func signed(v float64) string {
	if !finite(v) {
		return "--"
	}
	return fmt.Sprintf("$%+.1f$", v)
}

func methodName(m rd.Method) string {
	switch m {
	case rd.Cubic:
		return "cubic fit"
	case rd.Akima:
		return "Akima"
	}
	return "PCHIP"
}

// BDCSV returns Bjontegaard delta rates as a table with a heading: a row a curve and
// metric. A cell is empty where there is no number; the note says why.
func BDCSV(tables []PageTable) []byte {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	write := func(cells ...string) { _ = w.Write(cells) } // a bytes.Buffer takes everything
	write("metric", "anchor", "curve", "bd_rate_percent", "low", "high", "level", "pictures", "bd_quality", "overlap", "method", "note")
	for _, t := range tables {
		for _, d := range t.Deltas {
			level, pictures := "", ""
			if d.Images > 0 {
				level, pictures = "0.95", strconv.Itoa(d.Images)
			}
			write(t.Metric, d.Anchor, d.Test, cell(d.Percent), cell(d.Low), cell(d.High), level, pictures, cell(d.Quality), cell(d.Overlap), methodName(d.Method), d.Note)
		}
	}
	w.Flush()
	return buf.Bytes()
}
