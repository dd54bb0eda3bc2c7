package figure

import (
	"bytes"
	"image/png"
	"testing"

	"codecworkbench/metrics"

	"gonum.org/v1/plot/vg"
)

// A figure for a place is as wide as that place, with letters that fit it, in every
// format.
func TestSizes(t *testing.T) {
	for _, s := range Sizes() {
		f := &Figure{Series: []Series{synthetic("one", 6, 1), synthetic("two", 6, 0)}, Metrics: []metrics.Info{psnr}}
		f.For(s)
		w, h, err := f.PageSize()
		if err != nil {
			t.Fatalf("%s: %v", s.ID, err)
		}
		if s.Width > 0 && w != s.Width || s.Height > 0 && h != s.Height {
			t.Errorf("%s: the page is %v x %v", s.ID, w, h)
		}
		if s.FontSize > 0 && f.Theme.FontSize != s.FontSize {
			t.Errorf("%s: letters of %v points", s.ID, f.Theme.FontSize)
		}
		data, err := f.PNG(s.DPI)
		if err != nil {
			t.Fatalf("%s: %v", s.ID, err)
		}
		c, err := png.DecodeConfig(bytes.NewReader(data))
		if want := float64(w/vg.Inch) * float64(s.DPI); err != nil || float64(c.Width) < want-1 || float64(c.Width) > want+1 {
			t.Errorf("%s: %d pixels for %.1f, %v", s.ID, c.Width, want, err)
		}
		for _, format := range Formats() {
			if _, err := f.Encode(format); err != nil {
				t.Errorf("%s as %s: %v", s.ID, format, err)
			}
		}
		if got, err := FindSize(s.ID); err != nil || got != s {
			t.Errorf("%s is found as %+v, %v", s.ID, got, err)
		}
	}
	if _, err := FindSize("poster"); err == nil {
		t.Error("a size that is not there was found")
	}
}

// Two metrics stand one over the other in a column of a paper, and side by side on two.
func TestPanelsOfSizes(t *testing.T) {
	for id, want := range map[string]int{"column": 1, "double": 2, "slide": 2} {
		s, err := FindSize(id)
		if err != nil {
			t.Fatal(err)
		}
		f := &Figure{Series: []Series{synthetic("one", 6, 1)}, Metrics: []metrics.Info{psnr, psnr}}
		f.For(s)
		l, err := f.onPage()
		if err != nil {
			t.Fatal(err)
		}
		if l.columns != want {
			t.Errorf("%s: %d panels in a row, want %d", id, l.columns, want)
		}
		if w := l.panels[0].rect.Size().X; w < 10*l.em {
			t.Errorf("%s: a panel of %.1f letters", id, w/l.em)
		}
	}
}
