package figure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"

	"gonum.org/v1/plot/vg"
)

var (
	psnr  = metrics.Info{ID: "psnr", Name: "PSNR", Unit: "dB"}
	msim  = metrics.Info{ID: "ms-ssim", Name: "MS-SSIM", DB: true}
	lpips = metrics.Info{ID: "lpips", Name: "LPIPS", Lower: true}
)

// Over its panel, the direction of a metric is in words where there is room.
func TestDirection(t *testing.T) {
	for _, c := range []struct {
		unit string
		room vg.Length
		want string
	}{{"", 100, "lower is better"}, {"JND", 200, "JND, lower is better"}, {"JND", 40, "JND ↓"}} {
		if got := direction(c.unit, 9, c.room); got != c.want {
			t.Errorf("unit %q, %v points of room: %q, want %q", c.unit, c.room, got, c.want)
		}
	}
}

// synthetic is a curve of n points whose quality is offset by better dB.
func synthetic(name string, n int, better float64) Series {
	c := rd.Curve{Name: name}
	for i := range n {
		bpp := .1 * math.Pow(1.6, float64(i))
		q := 30 + 6*math.Log2(bpp/.3)/2 + better
		c.Points = append(c.Points, rd.Point{Q: float64(i), Values: map[string]float64{
			rd.KeyBPP: bpp, "psnr": q, "ms-ssim": 1 - math.Pow(10, -(q-15)/10), "lpips": .5 * math.Pow(10, -q/30),
		}})
	}
	return Series{Curve: c}
}

func some(n int) []Series {
	var list []Series
	for i := range n {
		s := synthetic(fmt.Sprintf("codec-%d@size=l", i), 3+i%6, .4*float64(i%7)-.1*float64(i))
		s.Published = i%3 == 2
		list = append(list, s)
	}
	return list
}

func TestNothingToPlot(t *testing.T) {
	all := some(2)
	tests := []struct {
		f    Figure
		says string
	}{
		{Figure{}, "no curve"},
		{Figure{Series: all}, "no metric"},
		{Figure{Series: all, Metrics: []metrics.Info{{ID: "fid"}}}, "no curve has a number for fid over bpp; there are: bpp, lpips, ms-ssim, psnr"},
		{Figure{Series: []Series{{}}, Metrics: []metrics.Info{psnr}}, "no values at all"},
		{Figure{Series: all, Metrics: []metrics.Info{psnr}, X: metrics.Info{ID: "time"}}, "over time"},
		{Figure{Series: all, Metrics: []metrics.Info{psnr}, Log: true, XRange: Range{0, 1}}, "cannot begin at 0"},
		{Figure{Series: all, Metrics: make([]metrics.Info, 99)}, "99 panels"},
		{Figure{Series: all, Metrics: []metrics.Info{psnr}, Width: 1e6}, "inches"},
		{Figure{Series: all, Metrics: []metrics.Info{psnr}, Height: -5}, "inches"},
	}
	for _, tt := range tests {
		for _, format := range Formats() {
			_, err := tt.f.Encode(format)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: %v does not say %q", format, err, tt.says)
			}
		}
	}
	ok := Figure{Series: all, Metrics: []metrics.Info{psnr}}
	if _, err := ok.Encode("gif"); err == nil || !strings.Contains(err.Error(), "png") {
		t.Errorf("gif: %v", err)
	}
	if _, err := ok.PNG(0); err == nil {
		t.Error("0 dpi gave no error")
	}
	if _, err := ok.PNG(1e6); err == nil {
		t.Error("a million dpi gave no error")
	}
	for _, size := range [][2]int{{0, 5}, {5, -1}, {1 << 20, 1 << 20}} {
		if _, _, err := ok.Render(size[0], size[1], 1); err == nil {
			t.Errorf("%v pixels gave no error", size)
		}
	}
}

func TestFormats(t *testing.T) {
	nasty := some(3)
	nasty[0].Label = `<&> "é" 日本 \x{1} 50% & a_b^2 #1 ~`
	f := &Figure{Series: nasty, Metrics: []metrics.Info{psnr, lpips}, Title: "A <title> & more – ÿ", Better: true}
	t.Run("png", func(t *testing.T) {
		data, err := f.Encode(".png")
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if w := img.Bounds().Dx(); w != 2100 {
			t.Errorf("%d pixels wide; 7 inches at 300 dpi are 2100", w)
		}
		if !bytes.Contains(data[:80], []byte("pHYs\x00\x00\x2e\x23")) { // 11811 a metre
			t.Error("the file does not say its resolution")
		}
	})
	t.Run("svg", func(t *testing.T) {
		for _, embed := range []bool{false, true} {
			f.EmbedFonts = embed
			data, err := f.Encode("svg")
			if err != nil {
				t.Fatal(err)
			}
			dec := xml.NewDecoder(bytes.NewReader(data))
			for {
				if _, err := dec.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
			if embed != bytes.Contains(data, []byte("@font-face")) {
				t.Errorf("EmbedFonts is %v, the file says otherwise", embed)
			}
			if !bytes.Contains(data, []byte("日本")) {
				t.Error("the names are no text")
			}
		}
	})
	t.Run("pdf", func(t *testing.T) {
		data, err := f.Encode("pdf")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(data), []byte("%%EOF")) {
			t.Error("no PDF file")
		}
	})
	t.Run("tex", func(t *testing.T) {
		data, err := f.Encode("tex")
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for _, want := range []string{`\textless{}\&\textgreater{}`, `\textbackslash{}x\{1\} 50\% \& a\_b\textasciicircum{}2 \#1 \textasciitilde{}`, `??`, `$\downarrow$`, `A \textless{}title`} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in\n%s", want, text)
			}
		}
		if strings.Count(text, "{")-strings.Count(text, `\{`) != strings.Count(text, "}")-strings.Count(text, `\}`) {
			t.Error("braces do not match")
		}
		for _, env := range []string{"document", "tikzpicture", "groupplot", "lrbox"} {
			if strings.Count(text, `\begin{`+env+"}") != 1 || strings.Count(text, `\end{`+env+"}") != 1 {
				t.Errorf("environment %s is not there once", env)
			}
		}
	})
}

func TestRank(t *testing.T) {
	series := []Series{synthetic("worst", 5, -3), synthetic("best", 5, 2), synthetic("middle", 4, 0)}
	order := func(f *Figure) string {
		p, err := f.plan()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, s := range p.series {
			names = append(names, s.label)
		}
		return strings.Join(names, " ")
	}
	for _, m := range []metrics.Info{psnr, msim, lpips} {
		if got := order(&Figure{Series: series, Metrics: []metrics.Info{m}}); got != "best middle worst" {
			t.Errorf("%s: %s", m.ID, got)
		}
	}
	if got := order(&Figure{Series: series, Metrics: []metrics.Info{psnr}, KeepOrder: true}); got != "worst best middle" {
		t.Errorf("kept order: %s", got)
	}
}

func TestGapsAndOrder(t *testing.T) {
	point := func(x, y float64) rd.Point {
		return rd.Point{Values: map[string]float64{rd.KeyBPP: x, "psnr": y}}
	}
	tests := []struct {
		name   string
		points []rd.Point
		runs   []int
	}{
		{"undefined value", []rd.Point{point(1, 1), point(2, 2), point(3, math.NaN()), point(4, 4)}, []int{2, 1}},
		{"failed point", []rd.Point{point(1, 1), {}, point(4, 4), point(5, 5)}, []int{1, 2}},
		{"infinite", []rd.Point{point(1, 1), point(2, math.Inf(1))}, []int{1}},
		{"falling", []rd.Point{point(3, 3), point(2, 2), {}, point(1, 1)}, []int{2, 1}},
		{"unsorted", []rd.Point{point(3, 3), point(1, 1), point(2, math.NaN()), point(4, 4)}, []int{1, 2}},
	}
	for _, tt := range tests {
		f := &Figure{Series: []Series{{Curve: rd.Curve{Points: tt.points}}}, Metrics: []metrics.Info{psnr}}
		p, err := f.plan()
		if err != nil {
			t.Fatal(err)
		}
		var lengths []int
		for _, run := range p.data[0][0].runs() {
			lengths = append(lengths, len(run))
		}
		if fmt.Sprint(lengths) != fmt.Sprint(tt.runs) {
			t.Errorf("%s: runs of %v, want %v", tt.name, lengths, tt.runs)
		}
	}
}

func TestSlots(t *testing.T) {
	got := assignSlots([]Series{{}, {Slot: 1}, {}, {Slot: 3}, {}})
	if want := []int{2, 1, 4, 3, 5}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Curves must be told apart without colour, and seen against every ground.
func TestStyles(t *testing.T) {
	for name, theme := range map[string]Theme{"paper": Paper(), "light": Light(), "dark": Dark()} {
		seen := map[string]int{}
		for slot := 1; slot <= 28; slot++ {
			s := theme.style(slot, false)
			key := fmt.Sprint(s.marker, s.dash)
			if before, twice := seen[key]; twice {
				t.Errorf("%s: slots %d and %d look alike without colour", name, before, slot)
			}
			seen[key] = slot
			if c := contrastOf(s.color, theme.Background); c < 2.99 {
				t.Errorf("%s: slot %d has a contrast of %.2f", name, slot, c)
			}
			if c := contrastOf(s.text, theme.Background); c < 4.49 {
				t.Errorf("%s: the name of slot %d has a contrast of %.2f", name, slot, c)
			}
		}
		for _, c := range []color.NRGBA{theme.Text, theme.Muted} {
			if contrastOf(c, theme.Background) < 4.5 {
				t.Errorf("%s: text %v is too faint", name, c)
			}
		}
	}
	if Dark().Color(2) != rgb(onDark[1]) || Light().Color(2) != rgb(onLight[1]) {
		t.Error("a colour that is readable as it is was changed")
	}
}

func TestTicks(t *testing.T) {
	always := func([]tick, float64) bool { return true }
	tests := []struct {
		a    axis
		most int
		want string
	}{
		{axis{lo: 0, hi: 2.25, quarters: true}, 10, "0 0.25 0.5 0.75 1 1.25 1.5 1.75 2 2.25"},
		{axis{lo: 0, hi: 2.25, quarters: true}, 6, "0 0.5 1 1.5 2"},
		{axis{lo: 23.8, hi: 41.2}, 9, "24 26 28 30 32 34 36 38 40"},
		{axis{lo: -31, hi: 92}, 8, "−20 0 20 40 60 80"},
		{axis{lo: .0108, hi: .0157}, 4, "0.012 0.014"},
		{axis{lo: .05, hi: 4.2, log: true}, 9, "0.0625 0.125 0.25 0.5 1 2 4"},
		{axis{lo: .05, hi: 4.2, log: true}, 4, "0.0625 0.25 1 4"},
		{axis{lo: .5, hi: 1, log: true}, 6, "0.5 0.6 0.7 0.8 0.9 1"},
		{axis{lo: 1e7, hi: 3e7}, 4, "1e+07 2e+07 3e+07"},
	}
	for _, tt := range tests {
		tt.a.setTicks(tt.most, always)
		var labels []string
		for _, x := range tt.a.ticks {
			labels = append(labels, x.label)
		}
		if got := strings.Join(labels, " "); got != tt.want {
			t.Errorf("%g..%g, at most %d: %s, want %s", tt.a.lo, tt.a.hi, tt.most, got, tt.want)
		}
	}
}

func TestRenderPanels(t *testing.T) {
	f := &Figure{Series: some(3), Metrics: []metrics.Info{psnr, msim}, Theme: Dark(), XRange: Range{.2, 1}}
	for _, scale := range []float64{1, 1.25, 2} {
		img, panels, err := f.Render(int(500*scale), int(300*scale), scale)
		if err != nil {
			t.Fatal(err)
		}
		if len(panels) != 2 {
			t.Fatalf("%d panels", len(panels))
		}
		for _, p := range panels {
			if !p.Rect.In(img.Rect) || p.Rect.Dx() < 100 {
				t.Errorf("scale %g: data in %v of %v", scale, p.Rect, img.Rect)
			}
			for _, m := range p.Marks {
				v := f.Series[m.Series].Points[m.Point].Values
				if m.XValue != v[rd.KeyBPP] || m.YValue != p.Metric.Display(v[p.Metric.ID]) || m.XValue < .2 || m.XValue > 1 {
					t.Errorf("mark %+v is not of %v", m, v)
				}
				x, y := p.ToData(m.X, m.Y)
				if math.Abs(x-m.XValue) > 1e-9 || math.Abs(y-m.YValue) > 1e-9 {
					t.Errorf("%v, %v came back as %v, %v", m.XValue, m.YValue, x, y)
				}
				near, ok := p.Nearest(m.X+1, m.Y-1, 3)
				if !ok || math.Hypot(near.X-m.X, near.Y-m.Y) > 3 {
					t.Errorf("the nearest of %+v is %+v", m, near)
				}
			}
			m := p.Marks[len(p.Marks)/2]
			if img.RGBAAt(int(m.X), int(m.Y)) == img.RGBAAt(0, 0) {
				t.Errorf("scale %g: nothing is drawn at %v, %v", scale, m.X, m.Y)
			}
		}
		if _, ok := panels[0].Nearest(-50, -50, 5); ok {
			t.Error("a mark far away is near")
		}
	}
}

func TestParseLegend(t *testing.T) {
	for name, want := range map[string]Legend{"auto": LegendAuto, "Outside": LegendOutside, "ends": LegendEnds, "none": LegendNone} {
		if got, err := ParseLegend(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := ParseLegend("left"); err == nil {
		t.Error("no error")
	}
}

// No number may stop a figure from being drawn, or make it take forever.
func FuzzFigure(f *testing.F) {
	f.Add(.1, 30., .2, 31., .3, math.Inf(1), 0., 0., uint8(0))
	f.Add(1e300, -1e300, 1e-300, 1e300, math.NaN(), 5., -1., 1e-9, uint8(1))
	f.Add(1e29, 1e-29, 1e-29, 1e29, 0., 0., 1e-29, 1e29, uint8(2))
	f.Add(.5, 1., .5, 1., .5, 1.+1e-15, .5, .5+1e-15, uint8(3))
	f.Fuzz(func(t *testing.T, x0, y0, x1, y1, x2, y2, lo, hi float64, options uint8) {
		c := rd.Curve{Name: "f"}
		var band []Interval
		for _, p := range [][2]float64{{x0, y0}, {x1, y1}, {x2, y2}} {
			c.Points = append(c.Points, rd.Point{Values: map[string]float64{rd.KeyBPP: p[0], "psnr": p[1]}})
			band = append(band, Interval{p[1] - 1, hi})
		}
		fig := &Figure{
			Series:  []Series{{Curve: c, Bands: map[string][]Interval{"psnr": band}}},
			Metrics: []metrics.Info{psnr}, Log: options&1 != 0, Legend: Legend(options >> 1 & 3),
			XRange: Range{lo, hi}, Width: 144, Height: 108,
		}
		if options&8 != 0 {
			fig.YRange = map[string]Range{"psnr": {lo, hi}}
		}
		if options&16 != 0 {
			fig.Metrics[0].DB = true
		}
		if _, _, err := fig.Render(100, 80, 1); err != nil {
			return
		}
		for _, format := range []string{"svg", "tex"} {
			data, err := fig.Encode(format)
			if err != nil {
				t.Fatal(err)
			}
			if format == "svg" && (bytes.Contains(data, []byte("NaN")) || bytes.Contains(data, []byte("Inf"))) {
				t.Fatalf("places that are no numbers: %s", data)
			}
		}
	})
}
