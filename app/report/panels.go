package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"slices"
	"strconv"

	"codecworkbench/app/report/figure"
	"codecworkbench/app/report/heatmap"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// PanelFile is one file that shows a panel of a trace.
type PanelFile struct {
	Ext  string // ".png", ".csv"
	Data []byte
	Note string // what its colours mean; may be empty
}

// PanelFiles writes what a codec shows of its inside: a picture of planes,
// histograms, codebooks and lines, and a table of the numbers behind each.
func PanelFiles(p codecs.Panel) ([]PanelFile, error) {
	switch d := p.Data.(type) {
	case codecs.Plane:
		return planeFiles(p.Title, d)
	case *codecs.Plane:
		return planeFiles(p.Title, *d)
	case codecs.Histogram:
		return histogramFiles(p.Title, d)
	case *codecs.Histogram:
		return histogramFiles(p.Title, *d)
	case codecs.Codebook:
		return codebookFiles(d)
	case *codecs.Codebook:
		return codebookFiles(*d)
	case codecs.Table:
		return tableFiles(d)
	case *codecs.Table:
		return tableFiles(*d)
	case codecs.Series:
		return seriesFiles(p.Title, d)
	case *codecs.Series:
		return seriesFiles(p.Title, *d)
	}
	return nil, fmt.Errorf("no file shows data of type %T", p.Data)
}

// Sides of panels' pictures in pixels: small ones are magnified, each value a square.
const (
	goodSide = 640
	maxSide  = 16384
)

// planeFiles paints a plane, with its title and the scale of its colours beside it.
func planeFiles(title string, p codecs.Plane) ([]PanelFile, error) {
	if p.Width < 1 || p.Height < 1 || p.Width > maxSide || p.Height > maxSide || len(p.Values) != p.Width*p.Height {
		return nil, fmt.Errorf("a plane of %d x %d has %d values", p.Width, p.Height, len(p.Values))
	}
	scale := heatmap.NewValues(p)
	side := max(p.Width, p.Height)
	factor := max(1, (goodSide+side/2)/side)
	img := image.NewRGBA(image.Rect(0, 0, p.Width*factor, p.Height*factor))
	rows := [][]string{}
	for y := range p.Height {
		row := make([]string, p.Width)
		for x := range p.Width {
			v := p.Values[y*p.Width+x]
			row[x] = strconv.FormatFloat(float64(v), 'g', -1, 32)
			fillSquare(img, x*factor, y*factor, factor, scale.At(v))
		}
		rows = append(rows, row)
	}
	files, err := withTable(heatmap.WithValues(img, title, planeText(p), scale), rows)
	if err != nil {
		return nil, err
	}
	lo, hi := scale.Ends()
	files[0].Note = fmt.Sprintf("dark %s to bright %s", lo, hi)
	if p.Signed {
		files[0].Note = fmt.Sprintf("blue %s, dark 0, orange %s", lo, hi)
	}
	return files, nil
}

// planeText is a plane's unit, and what one of its values covers.
func planeText(p codecs.Plane) string {
	switch {
	case p.Scale <= 1:
		return p.Unit
	case p.Unit == "":
		return fmt.Sprintf("one value for %d x %d pixels", p.Scale, p.Scale)
	}
	return fmt.Sprintf("%s, one value for %d x %d pixels", p.Unit, p.Scale, p.Scale)
}

func fillSquare(img draw.Image, x0, y0, side int, c color.Color) {
	for y := y0; y < y0+side; y++ {
		for x := x0; x < x0+side; x++ {
			img.Set(x, y, c)
		}
	}
}

func codebookFiles(b codecs.Codebook) ([]PanelFile, error) {
	n := len(b.Tiles)
	if n == 0 || b.Tile < 1 || b.Tile > 4096 {
		return nil, fmt.Errorf("a codebook of %d tiles with sides of %d", n, b.Tile)
	}
	factor := max(1, 32/b.Tile)
	columns := int(math.Ceil(math.Sqrt(float64(n))))
	pitch := b.Tile*factor + 2
	rows := (n + columns - 1) / columns
	if columns*pitch > maxSide {
		return nil, fmt.Errorf("a codebook of %d tiles with sides of %d is too large for one picture", n, b.Tile)
	}
	img := image.NewNRGBA(image.Rect(0, 0, columns*pitch, rows*pitch))
	table := [][]string{{"index", "uses"}}
	for i, tile := range b.Tiles {
		uses := ""
		if i < len(b.Uses) {
			uses = strconv.Itoa(b.Uses[i])
		}
		table = append(table, []string{strconv.Itoa(i), uses})
		if tile == nil {
			continue
		}
		for y := range min(b.Tile, tile.Height()) {
			for x := range min(b.Tile, tile.Width()) {
				fillSquare(img, i%columns*pitch+x*factor, i/columns*pitch+y*factor, factor, tile.RGB8().NRGBAAt(x, y))
			}
		}
	}
	return withTable(img, table)
}

func tableFiles(t codecs.Table) ([]PanelFile, error) {
	data, err := csvFile(append([][]string{t.Head}, t.Rows...))
	if err != nil {
		return nil, err
	}
	return []PanelFile{{Ext: ".csv", Data: data}}, nil
}

func histogramFiles(title string, h codecs.Histogram) ([]PanelFile, error) {
	total := 0
	for _, n := range h.Counts {
		total += n
	}
	head := []string{"symbol", "count"}
	counted := codecs.Line{Name: "in this file"}
	prior := codecs.Line{Name: cmp.Or(h.PriorName, "prior")}
	if h.Prior != nil {
		head = append(head, "prior")
	}
	rows := [][]string{head}
	for i, n := range h.Counts {
		symbol := h.First + i
		row := []string{strconv.Itoa(symbol), strconv.Itoa(n)}
		counted.X, counted.Y = append(counted.X, float64(symbol)), append(counted.Y, float64(n)/float64(max(total, 1)))
		if i < len(h.Prior) {
			row = append(row, cell(h.Prior[i]))
			prior.X, prior.Y = append(prior.X, float64(symbol)), append(prior.Y, h.Prior[i])
		}
		rows = append(rows, row)
	}
	s := codecs.Series{XLabel: cmp.Or(h.SymbolName, "Symbol"), YLabel: "Share", Lines: []codecs.Line{counted}}
	if len(prior.X) > 0 {
		s.Lines = append(s.Lines, prior)
	}
	return lineFiles(title, unhide(s), rows)
}

// unhide draws a histogram logarithmically where one symbol has most of all: beside
// it the others, and the prior's fit to them, would not be seen.
func unhide(s codecs.Series) codecs.Series {
	if slices.Max(append(slices.Clone(s.Lines[0].Y), 0)) < 0.5 || len(s.Lines[0].Y) < 3 {
		return s
	}
	out := codecs.Series{XLabel: s.XLabel, YLabel: "log10 of the share"}
	for _, l := range s.Lines {
		y := make([]float64, len(l.Y))
		for i, v := range l.Y {
			y[i] = math.Log10(v) // -Inf leaves a gap
		}
		out.Lines = append(out.Lines, codecs.Line{Name: l.Name, X: l.X, Y: y})
	}
	return out
}

func seriesFiles(title string, s codecs.Series) ([]PanelFile, error) {
	rows := [][]string{{"line", s.XLabel, s.YLabel}}
	for _, l := range s.Lines {
		for i := range min(len(l.X), len(l.Y)) {
			rows = append(rows, []string{l.Name, cell(l.X[i]), cell(l.Y[i])})
		}
	}
	return lineFiles(title, s, rows)
}

// lineFiles draws lines as a figure whose axes are the series'.
func lineFiles(title string, s codecs.Series, rows [][]string) ([]PanelFile, error) {
	f := figure.Figure{
		Title: title, KeepOrder: true,
		X:       metrics.Info{ID: "x", Name: s.XLabel},
		Metrics: []metrics.Info{{ID: "y", Name: s.YLabel}},
	}
	if len(s.Lines) == 1 {
		f.Legend = figure.LegendNone
	}
	for _, l := range s.Lines {
		c := rd.Curve{Name: l.Name}
		for i := range min(len(l.X), len(l.Y)) {
			c.Points = append(c.Points, rd.Point{Values: map[string]float64{"x": l.X[i], "y": l.Y[i]}})
		}
		f.Series = append(f.Series, figure.Series{Curve: c})
	}
	picture, err := f.PNG(figure.DefaultDPI)
	if err != nil {
		return nil, err
	}
	data, err := csvFile(rows)
	if err != nil {
		return nil, err
	}
	return []PanelFile{{Ext: ".png", Data: picture}, {Ext: ".csv", Data: data}}, nil
}

func withTable(img image.Image, rows [][]string) ([]PanelFile, error) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("png: %w", err)
	}
	data, err := csvFile(rows)
	if err != nil {
		return nil, err
	}
	return []PanelFile{{Ext: ".png", Data: buf.Bytes()}, {Ext: ".csv", Data: data}}, nil
}

func csvFile(rows [][]string) ([]byte, error) {
	var buf bytes.Buffer
	if err := csv.NewWriter(&buf).WriteAll(rows); err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	return buf.Bytes(), nil
}
