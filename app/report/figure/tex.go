package figure

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"codecworkbench/metrics"

	"gonum.org/v1/plot/vg"
)

// TeX returns the figure as the source of a LaTeX document that needs pgfplots
// alone; its tikzpicture and colours can be moved into a paper.
func (f *Figure) TeX() ([]byte, error) {
	l, err := f.onPage()
	if err != nil {
		return nil, err
	}
	var w bytes.Buffer
	w.WriteString(texHead)
	for i, s := range l.series {
		c := s.style.color
		fmt.Fprintf(&w, "\\definecolor{series%d}{RGB}{%d,%d,%d}\n", i+1, c.R, c.G, c.B)
	}
	w.WriteString("\\begin{document}\n\\begin{lrbox}{\\figurebox}%\n\\begin{tikzpicture}\n")
	l.texGroup(&w)
	for i := range l.panels {
		l.texPanel(&w, i)
	}
	w.WriteString("\\end{groupplot}\n")
	if title := oneLine(l.Title); title != "" {
		last := l.columns
		fmt.Fprintf(&w, "\\path (panels c1r1.north west) -- (panels c%dr1.north east) node[midway, above=6pt, font=\\bfseries] {%s};\n",
			last, EscapeTeX(title))
	}
	w.WriteString("\\end{tikzpicture}%\n\\end{lrbox}\n" + texFoot)
	return w.Bytes(), nil
}

const (
	texHead = `% For pdflatex or lualatex; needs pgfplots 1.15 or later.
% To use it in a paper, copy the colours and the tikzpicture.
\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage{pgfplots}
\usepgfplotslibrary{groupplots}
\pgfplotsset{compat=1.15}
\newsavebox{\figurebox}
`
	texFoot = `% A page as large as the figure.
\ifdefined\pdfpagewidth\else\let\pdfpagewidth\pagewidth\let\pdfpageheight\pageheight\fi
\pdfpagewidth=\wd\figurebox
\pdfpageheight=\dimexpr\ht\figurebox+\dp\figurebox\relax
\hoffset=-1in \voffset=-1in
\shipout\box\figurebox
\end{document}
`
)

// texGroup opens the panels with what they share.
func (l *layout) texGroup(w *bytes.Buffer) {
	n := len(l.panels)
	columns := l.columns
	r := l.panels[0].rect.Size()
	fonts := l.texFonts()
	fmt.Fprintf(w, "\\begin{groupplot}[\n  group style={group name=panels, group size=%d by %d, horizontal sep=%spt, vertical sep=%spt},\n",
		columns, (n+columns-1)/columns, texNumber(l.texSeparation()), texNumber(l.texSeparation()))
	fmt.Fprintf(w, "  scale only axis, width=%spt, height=%spt,\n", texNumber(float64(r.X)), texNumber(float64(r.Y)))
	fmt.Fprintf(w, "  grid=major, grid style={line width=.6pt, draw=black!15}, axis lines=left, axis line style={-}, tick align=outside,\n"+
		"  every axis plot/.append style={line width=%spt},\n"+
		"  label style={font=%s}, tick label style={font=%s, /pgf/number format/.cd, fixed, precision=6, 1000 sep={}}, unbounded coords=jump, filter discard warning=false,\n"+
		"  scaled ticks=false,\n", texNumber(.9*l.texScale()), fonts.label, fonts.tick)
	x := l.x
	x.Lower = false
	fmt.Fprintf(w, "  xlabel={%s},\n", texAxis(x))
	if l.Log {
		w.WriteString("  xmode=log, log basis x=2, log ticks with fixed point,\n")
	}
	fmt.Fprintf(w, "  legend cell align=left, legend style={font=%s, draw=black!15},\n]\n", fonts.tick)
}

// texLegend places the names where the figure has them: inside of a panel or, from
// the last one, below them all.
func (l *layout) texLegend(panel int) string {
	n := len(l.panels)
	g := l.legend
	switch {
	case g == nil && !l.endLabels:
		return ""
	case g != nil && g.framed:
		if panel != g.panel {
			return ""
		}
		return ", legend pos=" + map[bool]string{true: "north", false: "south"}[g.where.top] +
			map[bool]string{true: " east", false: " west"}[g.where.right]
	case panel != n-1:
		return ""
	}
	columns := l.columns
	wide := float64(l.panels[0].rect.Size().X)
	gap := l.texSeparation()
	group := float64(columns)*wide + float64(columns-1)*gap
	middle := (group/2 - float64((n-1)%columns)*(wide+gap)) / wide
	perRow := max(1, min(len(l.names()), int(group/(100*l.texScale()))))
	return fmt.Sprintf(", legend columns=%d, legend style={draw=none, at={(%s,0)}, anchor=north, yshift=-%spt, /tikz/every even column/.append style={column sep=6pt}}",
		perRow, texNumber(middle), texNumber(32*l.texScale()))
}

// texScale is how much larger letters are than in a paper.
func (l *layout) texScale() float64 { return float64(l.theme.FontSize / Paper().FontSize) }

// texSeparation is the space between panels in points.
func (l *layout) texSeparation() float64 { return 54 * l.texScale() }

// texFonts are LaTeX's names for the letters of axes and of numbers.
func (l *layout) texFonts() (f struct{ label, tick string }) {
	f.label, f.tick = `\small`, `\footnotesize` // 9 and 8 points
	switch scale := l.texScale(); {
	case scale > 2:
		f.label, f.tick = `\huge`, `\LARGE` // 21 and 17
	case scale > 1.3:
		f.label, f.tick = `\large`, `\normalsize` // 12 and 10
	}
	return f
}

func (l *layout) texPanel(w *bytes.Buffer, i int) {
	p := &l.panels[i]
	fmt.Fprintf(w, "\\nextgroupplot[ylabel={%s}, xmin=%s, xmax=%s, ymin=%s, ymax=%s,\n  xtick={%s}, ytick={%s}",
		texAxis(p.metric), texNumber(p.x.lo), texNumber(p.x.hi), texNumber(p.y.lo), texNumber(p.y.hi),
		texTicks(p.x.ticks), texTicks(p.y.ticks))
	names := l.texLegend(i)
	w.WriteString(names + "]\n")
	for k, line := range p.lines {
		texBand(w, k, line)
	}
	if l.Front {
		l.texFront(w, p)
	}
	for k := len(p.lines) - 1; k >= 0; k-- { // the best curve on top, as in draw
		l.texLine(w, k, p.lines[k], l.series[k].style)
	}
	if names == "" {
		return
	}
	for k, s := range l.series[:l.named] {
		fmt.Fprintf(w, "\\addlegendimage{%s}\\addlegendentry{%s}\n", l.texStyle(k, s.style), EscapeTeX(s.label))
	}
	if l.Front {
		fmt.Fprintf(w, "\\addlegendimage{%s}\\addlegendentry{%s}\n", texFrontStyle, frontName)
	}
}

func texBand(w *bytes.Buffer, series int, line line) {
	for _, run := range line.bands() {
		if len(run) < 2 {
			continue
		}
		shape := make([]string, 2*len(run))
		for i, q := range run {
			shape[i] = texPoint(q.x, q.hi)
			shape[len(shape)-1-i] = texPoint(q.x, q.lo)
		}
		fmt.Fprintf(w, "\\addplot[forget plot, draw=none, mark=none, fill=series%d, fill opacity=.17] coordinates {%s} -- cycle;\n",
			series+1, strings.Join(shape, " "))
	}
}

// texStyle is a series' look as pgfplots' options.
func (l *layout) texStyle(series int, s style) string {
	options := "solid"
	if k := l.texScale(); k != 1 {
		options += ", scale=" + texNumber(k)
	}
	if s.hollow {
		options += ", fill=white"
	}
	if s.marker == triangleDown {
		options += ", rotate=180"
	}
	if s.bare {
		return fmt.Sprintf("series%d, mark=none, line width=.3pt", series+1)
	}
	look := fmt.Sprintf("series%d, mark=%s, mark size=%spt, mark options={%s}", series+1, texMarks[s.marker].name, texMarks[s.marker].size, options)
	if len(s.dash) > 0 {
		look += ", dash pattern=" + texDash(s.dash)
	}
	if s.hollow {
		look += ", line width=.7pt"
	}
	return look
}

func (l *layout) texLine(w *bytes.Buffer, series int, line line, s style) {
	if _, ok := line.last(); !ok {
		return
	}
	fmt.Fprintf(w, "\\addplot[forget plot, %s] coordinates {", l.texStyle(series, s))
	for _, q := range line.points {
		switch {
		case q.drawn():
			w.WriteString(texPoint(q.x, q.y) + " ")
		case finite(q.x):
			fmt.Fprintf(w, "(%s,nan) ", texNumber(q.x))
		}
	}
	w.WriteString("};\n")
}

// texMarks are pgfplots' names of the markers with sizes that make them look alike.
var texMarks = [markers]struct{ name, size string }{
	circle: {"*", "1.7"}, square: {"square*", "1.5"}, triangle: {"triangle*", "2.1"}, diamond: {"diamond*", "2.3"},
	triangleDown: {"triangle*", "2.1"}, pentagon: {"pentagon*", "1.9"}, cross: {"x", "2.3"}, plus: {"+", "2.3"},
}

func texDash(dash []vg.Length) string {
	var parts []string
	for i, d := range dash {
		parts = append(parts, [2]string{"on", "off"}[i%2]+" "+texNumber(float64(d))+"pt")
	}
	return strings.Join(parts, " ")
}

func texPoint(x, y float64) string { return "(" + texNumber(x) + "," + texNumber(y) + ")" }

// texNumber keeps seven digits: TeX's own arithmetic has fewer.
func texNumber(v float64) string { return strconv.FormatFloat(v, 'g', 7, 64) }

func texTicks(ticks []tick) string {
	var parts []string
	for _, t := range ticks {
		parts = append(parts, texNumber(t.value))
	}
	return strings.Join(parts, ",")
}

func texAxis(m metrics.Info) string {
	m2 := m
	m2.Lower = false
	s := EscapeTeX(bracketed(m2))
	if m.Lower {
		s += ` $\downarrow$`
	}
	return s
}

// EscapeTeX makes text safe in a LaTeX document outside of mathematics. Letters that
// pdflatex lacks without further packages become question marks.
func EscapeTeX(s string) string {
	const latin = 0x17f // the end of Latin Extended-A, which the font encoding T1 covers
	return strings.Map(func(r rune) rune {
		if r > latin || r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, texEscaper.Replace(oneLine(s)))
}

var texEscaper = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `$`, `\$`, `&`, `\&`, `#`, `\#`, `%`, `\%`, `_`, `\_`,
	`^`, `\textasciicircum{}`, `~`, `\textasciitilde{}`, `<`, `\textless{}`, `>`, `\textgreater{}`, `|`, `\textbar{}`,
	`"`, `\textquotedbl{}`, `'`, `\textquotesingle{}`, "`", `\textasciigrave{}`, "−", `$-$`, "…", `\dots{}`,
	"–", `--`, "—", `---`, "’", `'`, "‘", "`", "“", "``", "”", "''", "×", `$\times$`, "±", `$\pm$`, "≤", `$\le$`, "≥", `$\ge$`,
	"α", `$\alpha$`, "β", `$\beta$`, "λ", `$\lambda$`, "μ", `$\mu$`, "σ", `$\sigma$`, "Δ", `$\Delta$`,
)
