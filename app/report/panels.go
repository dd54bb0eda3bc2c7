package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"

	"codecworkbench/codecs"
)

// PanelFile is one file of a panel's export.
type PanelFile struct {
	Ext  string // ".png" or ".csv"
	Data []byte
}

// PanelFiles exports one panel of a Trace: numbers as CSV, maps and codebooks as
// PNG too.
func PanelFiles(p codecs.Panel) ([]PanelFile, error) {
	var files []PanelFile
	add := func(ext string, data []byte, err error) error {
		files = append(files, PanelFile{ext, data})
		return err
	}
	var err error
	switch d := p.Data.(type) {
	case codecs.Plane:
		if len(d.Values) != d.Width*d.Height {
			return nil, fmt.Errorf("%d values for %d x %d", len(d.Values), d.Width, d.Height)
		}
		data, encodeErr := encodePNG(planeImage(d))
		if err = add(".png", data, encodeErr); err == nil {
			data, encodeErr = planeCSV(d)
			err = add(".csv", data, encodeErr)
		}
	case codecs.Histogram:
		data, csvErr := histogramCSV(d)
		err = add(".csv", data, csvErr)
	case codecs.Codebook:
		data, encodeErr := encodePNG(codebookImage(d))
		if err = add(".png", data, encodeErr); err == nil {
			rows := [][]string{{"index", "uses"}}
			for i, n := range d.Uses {
				rows = append(rows, []string{strconv.Itoa(i), strconv.Itoa(n)})
			}
			data, encodeErr = writeCSV(rows)
			err = add(".csv", data, encodeErr)
		}
	case codecs.Table:
		data, csvErr := writeCSV(append([][]string{d.Head}, d.Rows...))
		err = add(".csv", data, csvErr)
	case codecs.Series:
		data, csvErr := seriesCSV(d)
		err = add(".csv", data, csvErr)
	default:
		err = fmt.Errorf("unknown kind of panel %T", p.Data)
	}
	return files, err
}

func encodePNG(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

func writeCSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// planeImage draws a map of numbers: dark to light from its least to its greatest
// value, or blue over white to vermilion around 0 where it is signed.
func planeImage(d codecs.Plane) image.Image {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range d.Values {
		lo, hi = min(lo, float64(v)), max(hi, float64(v))
	}
	if d.Signed {
		hi = max(math.Abs(lo), math.Abs(hi))
		lo = -hi
	}
	img := image.NewNRGBA(image.Rect(0, 0, d.Width, d.Height))
	for i, v := range d.Values {
		t := 0.5
		if hi > lo {
			t = (float64(v) - lo) / (hi - lo)
		}
		img.SetNRGBA(i%d.Width, i/d.Width, planeColor(t, d.Signed))
	}
	return img
}

func planeColor(t float64, signed bool) color.NRGBA {
	if !signed {
		return blend(color.NRGBA{0, 0, 0, 255}, color.NRGBA{255, 255, 255, 255}, t)
	}
	white := color.NRGBA{255, 255, 255, 255}
	if t < 0.5 {
		return blend(color.NRGBA{0, 114, 178, 255}, white, 2*t)
	}
	return blend(white, color.NRGBA{213, 94, 0, 255}, 2*t-1)
}

func blend(a, b color.NRGBA, t float64) color.NRGBA {
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + t*(float64(y)-float64(x)))) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

func planeCSV(d codecs.Plane) ([]byte, error) {
	var rows [][]string
	for y := range d.Height {
		row := make([]string, d.Width)
		for x := range row {
			row[x] = strconv.FormatFloat(float64(d.Values[y*d.Width+x]), 'g', 6, 32)
		}
		rows = append(rows, row)
	}
	return writeCSV(rows)
}

func histogramCSV(d codecs.Histogram) ([]byte, error) {
	rows := [][]string{{"symbol", "count", "prior"}}
	for i, n := range d.Counts {
		prior := ""
		if i < len(d.Prior) {
			prior = strconv.FormatFloat(d.Prior[i], 'g', 8, 64)
		}
		rows = append(rows, []string{strconv.Itoa(d.First + i), strconv.Itoa(n), prior})
	}
	return writeCSV(rows)
}

func seriesCSV(d codecs.Series) ([]byte, error) {
	rows := [][]string{{"line", d.XLabel, d.YLabel}}
	for _, l := range d.Lines {
		if len(l.X) != len(l.Y) {
			return nil, fmt.Errorf("line %s: %d and %d values", l.Name, len(l.X), len(l.Y))
		}
		for i := range l.X {
			rows = append(rows, []string{l.Name, strconv.FormatFloat(l.X[i], 'g', -1, 64), strconv.FormatFloat(l.Y[i], 'g', -1, 64)})
		}
	}
	return writeCSV(rows)
}

// codebookImage lays the tiles out in a near-square grid with gaps of one pixel.
func codebookImage(d codecs.Codebook) image.Image {
	cols := max(int(math.Ceil(math.Sqrt(float64(len(d.Tiles))))), 1)
	rows := (len(d.Tiles) + cols - 1) / cols
	step := d.Tile + 1
	img := image.NewNRGBA(image.Rect(0, 0, max(cols*step-1, 1), max(rows*step-1, 1)))
	for i, tile := range d.Tiles {
		src := tile.RGB8()
		x0, y0 := i%cols*step, i/cols*step
		for y := range min(d.Tile, src.Rect.Dy()) {
			for x := range min(d.Tile, src.Rect.Dx()) {
				img.SetNRGBA(x0+x, y0+y, src.NRGBAAt(x, y))
			}
		}
	}
	return img
}
