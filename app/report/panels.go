package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strconv"
	"strings"

	"codecworkbench/app/report/figure"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"

	"gonum.org/v1/plot/palette/moreland"
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
		return planeFiles(d)
	case *codecs.Plane:
		return planeFiles(*d)
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
	goodSide = 512
	maxSide  = 16384
)

func planeFiles(p codecs.Plane) ([]PanelFile, error) {
	if p.Width < 1 || p.Height < 1 || p.Width > maxSide || p.Height > maxSide || len(p.Values) != p.Width*p.Height {
		return nil, fmt.Errorf("a plane of %d x %d has %d values", p.Width, p.Height, len(p.Values))
	}
	colors, err := planeColors(p)
	if err != nil {
		return nil, err
	}
	factor := max(1, goodSide/max(p.Width, p.Height))
	img := image.NewNRGBA(image.Rect(0, 0, p.Width*factor, p.Height*factor))
	rows := [][]string{}
	for y := range p.Height {
		row := make([]string, p.Width)
		for x := range p.Width {
			v := p.Values[y*p.Width+x]
			row[x] = strconv.FormatFloat(float64(v), 'g', -1, 32)
			fillSquare(img, x*factor, y*factor, factor, colors(float64(v)))
		}
		rows = append(rows, row)
	}
	files, err := withTable(img, rows)
	if err != nil {
		return nil, err
	}
	files[0].Note = planeNote(p)
	return files, nil
}

// planeNote is a plane's colour scale in words.
func planeNote(p codecs.Plane) string {
	lo, hi := planeRange(p)
	low, high := "black", "white"
	if p.Signed {
		low, high = "blue", "red"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %.4g to %s %.4g %s", low, lo, high, hi, p.Unit))
}

// planeRange is the values that the ends of the colour scale stand for: the least
// and the largest, or for signed planes as much on both sides of 0.
func planeRange(p codecs.Plane) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range p.Values {
		if f := float64(v); finite(f) {
			lo, hi = math.Min(lo, f), math.Max(hi, f)
		}
	}
	if lo > hi {
		return 0, 1
	}
	if p.Signed {
		hi = math.Max(math.Abs(lo), math.Abs(hi))
		lo = -hi
	}
	return lo, hi
}

// planeColors maps the plane's range to a perceptual map after Moreland, "Diverging
// Color Maps for Scientific Visualization" (2009): signed values from blue over grey
// to red, others from black to white.
func planeColors(p codecs.Plane) (func(float64) color.NRGBA, error) {
	lo, hi := planeRange(p)
	m := moreland.ExtendedBlackBody()
	if p.Signed {
		m = moreland.SmoothBlueRed()
	}
	if lo == hi {
		lo, hi = lo-1, hi+1
	}
	m.SetMin(0)
	m.SetMax(1)
	var table [256]color.NRGBA
	for i := range table {
		c, err := m.At(float64(i) / 255)
		if err != nil {
			return nil, fmt.Errorf("colour map: %w", err)
		}
		table[i], _ = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	return func(v float64) color.NRGBA {
		if math.IsNaN(v) {
			return color.NRGBA{}
		}
		t := 255 * (v - lo) / (hi - lo)
		return table[int(math.Round(math.Max(0, math.Min(255, t))))]
	}, nil
}

func fillSquare(img *image.NRGBA, x0, y0, side int, c color.NRGBA) {
	for y := y0; y < y0+side; y++ {
		for x := x0; x < x0+side; x++ {
			img.SetNRGBA(x, y, c)
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
	prior := codecs.Line{Name: "prior"}
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
	s := codecs.Series{XLabel: "Symbol", YLabel: "Share", Lines: []codecs.Line{counted}}
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
