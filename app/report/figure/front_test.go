package figure

import (
	"image"
	"slices"
	"strings"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"

	"gonum.org/v1/plot/vg"
)

// The front joins the points that none beats, over all series with a name.
func TestFront(t *testing.T) {
	a, b, faint := synthetic("a", 4, 0), synthetic("b", 4, 1), synthetic("faint", 4, 9)
	a.Points = a.Points[:3] // b alone reaches the last rate
	faint.Faint = true
	f := &Figure{Series: []Series{a, b, faint}, Metrics: []metrics.Info{psnr}, Front: true, KeepOrder: true}
	l, err := f.onPage()
	if err != nil {
		t.Fatal(err)
	}
	var got []float64
	for _, q := range l.front(&l.panels[0]) {
		got = append(got, q.y)
	}
	var want []float64
	for _, p := range b.Points {
		want = append(want, p.Values["psnr"])
	}
	if !slices.Equal(got, want) {
		t.Errorf("the front has %v, want %v", got, want)
	}
	f.X.ID, f.X.Name = RatioID, "Ratio" // more is better
	if l, err = f.onPage(); err != nil {
		t.Fatal(err)
	}
	if n := len(l.front(&l.panels[0])); n != len(b.Points) {
		t.Errorf("over the ratio the front has %d points", n)
	}
	tex, err := f.TeX()
	if err != nil || !strings.Contains(string(tex), "addlegendentry{Pareto front}") {
		t.Errorf("no front in the source: %v", err)
	}
}

// Faint series are drawn and can be pointed at, but have no name.
func TestFaint(t *testing.T) {
	s, faint := synthetic("named", 4, 0), synthetic("nameless", 4, 2)
	faint.Faint = true
	f := &Figure{Series: []Series{faint, s}, Metrics: []metrics.Info{psnr}, Legend: LegendOutside}
	l, err := f.onPage()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(l.names(), []string{"named"}) || l.named != 1 || l.series[0].index != 1 {
		t.Errorf("names %v, first series %d", l.names(), l.series[0].index)
	}
	_, panels, err := f.Render(600, 400, 1)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(panels[0].Marks); n != 8 {
		t.Errorf("%d points can be pointed at, want 8", n)
	}
	svg, err := f.SVG()
	if err != nil || strings.Contains(string(svg), "nameless") {
		t.Errorf("the faint series has a name, or %v", err)
	}
}

// Room over the panels stays free for controls.
func TestHead(t *testing.T) {
	theme := Dark()
	theme.Head = 60
	f := &Figure{Series: some(2), Metrics: []metrics.Info{psnr}, Theme: theme}
	_, panels, err := f.Render(600, 400, 1)
	if err != nil {
		t.Fatal(err)
	}
	if p := panels[0]; p.Rect.Min.Y-p.Box.Min.Y < 79 || !p.Rect.In(p.Box) {
		t.Errorf("data %v in %v", p.Rect, p.Box)
	}
}

// The panels that come with a drawing lie where its points are drawn.
func TestSVGWithPanels(t *testing.T) {
	f := &Figure{Series: some(2), Metrics: []metrics.Info{psnr, msim}, Width: 5 * vg.Inch, Height: 2 * vg.Inch}
	_, panels, err := f.SVGWithPanels()
	if err != nil {
		t.Fatal(err)
	}
	w, h := panels[0].Size()
	page := image.Rect(0, 0, 361, 145)
	if w != 360 || h != 144 || len(panels) != 2 || !panels[1].Rect.In(page) || panels[1].Rect.Min.X < panels[0].Rect.Max.X {
		t.Errorf("%v x %v: %v, %v", w, h, panels[0].Rect, panels[1].Rect)
	}
}

// Where pictures lack a metric, the mean follows the figure's convention.
func TestMeanOfFigure(t *testing.T) {
	c := rd.Curve{Name: "c", Points: []rd.Point{{}}}
	for _, v := range []map[string]float64{{rd.KeyBPP: 1, "psnr": 20}, {rd.KeyBPP: 1, "psnr": 40}, {rd.KeyBPP: 1}} {
		c.Images = append(c.Images, rd.ImageCurve{Points: []rd.Point{{Values: v}}})
	}
	value := func(o rd.MeanOptions) float64 {
		f := &Figure{Series: []Series{{Curve: c}}, Metrics: []metrics.Info{psnr}, Mean: o}
		_, panels, err := f.Render(300, 200, 1)
		if err != nil {
			t.Fatal(err)
		}
		return panels[0].Marks[0].YValue
	}
	if a, b := value(rd.MeanOptions{}), value(rd.MeanOptions{PSNRofMeanMSE: true}); a != 30 || !(b > 22 && b < 24) {
		t.Errorf("mean of dB %v, dB of mean %v", a, b)
	}
}
