package report

import (
	"bytes"
	"encoding/csv"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

func table2(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestPanelFiles(t *testing.T) {
	nan := float32(math.NaN())
	tests := []struct {
		name string
		data any
		ext  string   // the files' endings
		want []string // cells of the second row of the table
	}{
		{"plane", codecs.Plane{Width: 3, Height: 2, Values: []float32{1, 2, nan, -4, 5, 6}, Signed: true}, ".png.csv", []string{"-4", "5", "6"}},
		{"flat plane", codecs.Plane{Width: 1, Height: 2, Values: []float32{7, 7}}, ".png.csv", []string{"7"}},
		{"histogram", codecs.Histogram{First: -1, Counts: []int{1, 5, 2}, Prior: []float64{.1, .8, .1}}, ".png.csv", []string{"-1", "1", "0.1"}},
		{"named histogram", codecs.Histogram{Counts: []int{1, 1}, Prior: []float64{.5, .5}, SymbolName: "Bins", PriorName: "even"}, ".png.csv", []string{"0", "1", "0.5"}},
		{"histogram alone", codecs.Histogram{Counts: []int{1}}, ".png.csv", []string{"0", "1"}},
		{"table", codecs.Table{Head: []string{"a", "b"}, Rows: [][]string{{"1", "x,y"}}}, ".csv", []string{"1", "x,y"}},
		{"series", codecs.Series{XLabel: "Step", YLabel: "Loss", Lines: []codecs.Line{{Name: "l", X: []float64{1, 2}, Y: []float64{3, 4}}}}, ".png.csv", []string{"l", "1", "3"}},
		{"pointer", &codecs.Table{Head: []string{"a"}, Rows: [][]string{{"1"}}}, ".csv", []string{"1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, err := PanelFiles(codecs.Panel{Title: "T", Data: tt.data})
			if err != nil {
				t.Fatal(err)
			}
			var ext string
			for _, f := range files {
				ext += f.Ext
				if f.Ext == ".png" {
					if _, err := png.Decode(bytes.NewReader(f.Data)); err != nil {
						t.Error(err)
					}
				}
			}
			if ext != tt.ext {
				t.Errorf("files %s, want %s", ext, tt.ext)
			}
			if got := table2(t, files[len(files)-1].Data)[1]; strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("row %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPlanesTellTheirScale(t *testing.T) {
	for want, p := range map[string]codecs.Plane{
		"dark 0 to bright 6 bits":   {Width: 2, Height: 1, Values: []float32{6, 1}, Unit: "bits"},
		"blue -6, dark 0, orange 6": {Width: 2, Height: 1, Values: []float32{-6, 1}, Signed: true},
	} {
		files, err := PanelFiles(codecs.Panel{Data: p})
		if err != nil {
			t.Fatal(err)
		}
		if files[0].Note != want {
			t.Errorf("%q, want %q", files[0].Note, want)
		}
	}
}

// TestPeakedHistogramsShowTheirTails holds that a symbol with nearly all counts does
// not flatten the rest.
func TestPeakedHistogramsShowTheirTails(t *testing.T) {
	s := codecs.Series{YLabel: "Share", Lines: []codecs.Line{{X: []float64{-1, 0, 1}, Y: []float64{.001, .999, 0}}}}
	if got := unhide(s); got.YLabel == s.YLabel || math.Abs(got.Lines[0].Y[0]+3) > 1e-9 || !math.IsInf(got.Lines[0].Y[2], -1) {
		t.Errorf("%+v", got)
	}
	s.Lines[0].Y = []float64{.3, .4, .3}
	if got := unhide(s); got.YLabel != s.YLabel {
		t.Errorf("an even histogram became logarithmic")
	}
}

func TestCodebookFiles(t *testing.T) {
	tile, err := picture.FromImage(&image.NRGBA{
		Pix:    []byte{255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255},
		Stride: 8, Rect: image.Rect(0, 0, 2, 2),
	}, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := PanelFiles(codecs.Panel{Data: codecs.Codebook{Tile: 2, Tiles: []*picture.Picture{tile, tile, nil}, Uses: []int{4, 0, 1}}})
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(files[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(1, 1).RGBA(); r != 0xffff || g != 0 || b != 0 {
		t.Errorf("the first tile begins with %d %d %d, not with red", r, g, b)
	}
	if rows := table2(t, files[1].Data); rows[1][1] != "4" || rows[3][0] != "2" {
		t.Errorf("got %v", rows)
	}
}

func TestBadPanels(t *testing.T) {
	for _, data := range []any{
		nil, 5, codecs.Plane{Width: 3, Height: 2}, codecs.Plane{Width: -1, Height: -1, Values: []float32{1}},
		codecs.Codebook{}, codecs.Codebook{Tile: 1 << 30, Tiles: make([]*picture.Picture, 1)}, codecs.Series{}, codecs.Histogram{},
	} {
		if _, err := PanelFiles(codecs.Panel{Data: data}); err == nil {
			t.Errorf("%#v gave no error", data)
		}
	}
}
