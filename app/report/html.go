package report

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"strings"

	"codecworkbench/app/report/figure"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// Page is a report for people: curves, what separates them, and pictures, in one file
// that needs nothing else.
type Page struct {
	Title    string
	Made     string         // by which program, when, on what
	Sentence []PageText     // the result
	About    []string       // the conventions that the numbers follow
	Figure   *figure.Figure // drawn for paper
	Tables   []PageTable
	Pictures PagePictures
	Sources  []PageSource // of curves that were not measured here
	Command  string       // that repeats it; may be empty
}

// PageText is a piece of a sentence.
type PageText struct {
	Text string
	Bold bool
}

// PageTable is a table of Bjontegaard deltas over one metric.
type PageTable struct {
	Metric string
	Deltas []rd.Delta
}

// PagePictures are pictures to compare: the original and what codecs made of it.
type PagePictures struct {
	Name     string
	Note     string // what is shown of it: "the middle 1024 x 768 pixels"
	Width    int
	Height   int
	Original []byte // a PNG file
	Others   []PagePicture
}

// PagePicture is one codec's picture.
type PagePicture struct {
	Name   string
	PNG    []byte
	Values []PageValue
}

// PageValue is a number with its name, as written.
type PageValue struct{ Name, Value string }

// PageSource is where a curve comes from.
type PageSource struct{ Name, From, Notes, Caveats string }

//go:embed page.html
var pageText string

// HTML returns the page as one file: drawings, pictures, style and script are in it.
func (p *Page) HTML() ([]byte, error) {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	drawing, panels, err := p.Figure.SVGWithPanels()
	if err != nil {
		return nil, err
	}
	v := pageView{Page: p, Drawing: template.HTML(inline(drawing)), Picture: dataURI(p.Pictures.Original)}
	v.Width, v.Height = panels[0].Size()
	v.marks(p.Figure, panels)
	for _, o := range p.Pictures.Others {
		v.Others = append(v.Others, pagePicture{o, dataURI(o.PNG)})
	}
	for _, t := range p.Tables {
		v.Deltas = append(v.Deltas, deltaRows(t))
	}
	for _, s := range p.Figure.Series {
		if !s.Faint {
			v.Curves = append(v.Curves, curveRows(s.Curve, p.Figure.Metrics))
		}
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return out.Bytes(), nil
}

// pageView is what the template reads.
type pageView struct {
	*Page
	Drawing       template.HTML
	Width, Height float64
	Marks         []pageMark
	Picture       template.URL
	Others        []pagePicture
	Deltas        []deltaTable
	Curves        []curveTable
}

type pagePicture struct {
	PagePicture
	URI template.URL
}

// pageMark is a point that the page tells about under the mouse; marks of one point in
// several panels share a key.
type pageMark struct {
	X, Y float64
	Key  string
	Text string
}

type deltaTable struct {
	Metric   string
	Anchor   string
	Interval bool
	Rows     []deltaRow
}

type deltaRow struct {
	Name, Rate, Interval, Overlap, Note string
	Better                              bool
}

type curveTable struct {
	Name string
	Head []string
	Rows [][]string
}

func dataURI(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
}

// inline cuts what belongs to a file of its own off a drawing.
func inline(svg []byte) string {
	if at := bytes.Index(svg, []byte("<svg")); at >= 0 {
		svg = svg[at:]
	}
	return string(svg)
}

func (v *pageView) marks(f *figure.Figure, panels []figure.Panel) {
	for _, p := range panels {
		for _, m := range p.Marks {
			s := f.Series[m.Series]
			name := s.Name
			if len(s.Images) == 1 && s.Faint {
				name += ", " + s.Images[0].Name
			}
			if q := s.Points[m.Point].Q; q == q {
				name += " q " + codecs.FormatNumber(q)
			}
			text := fmt.Sprintf("%s\n%.4g %s · %.4g %s %s", name, m.XValue, axisUnit(f.X), m.YValue, p.Metric.DisplayUnit(), p.Metric.Name)
			v.Marks = append(v.Marks, pageMark{math.Round(m.X*10) / 10, math.Round(m.Y*10) / 10, fmt.Sprintf("%d-%d", m.Series, m.Point), text})
		}
	}
}

func axisUnit(x metrics.Info) string {
	switch x.ID {
	case "":
		return "bpp"
	case figure.RatioID:
		return ": 1"
	}
	return x.Unit
}

func deltaRows(t PageTable) deltaTable {
	out := deltaTable{Metric: t.Metric}
	for _, d := range t.Deltas {
		out.Anchor = d.Anchor
		out.Interval = out.Interval || finite(d.Low) && finite(d.High)
	}
	for _, d := range t.Deltas {
		r := deltaRow{Name: d.Test, Rate: plainSigned(d.Percent), Overlap: "–", Note: d.Note, Better: d.Percent < 0}
		if finite(d.Overlap) {
			r.Overlap = fmt.Sprintf("%.0f %%", math.Floor(100*d.Overlap))
		}
		if finite(d.Low) && finite(d.High) {
			r.Interval = plainSigned(d.Low) + " … " + plainSigned(d.High)
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

// plainSigned writes a percentage with its sign, a dash where there is none.
func plainSigned(v float64) string {
	if !finite(v) {
		return "–"
	}
	return strings.Replace(fmt.Sprintf("%+.1f", v), "-", "−", 1)
}

func curveRows(c rd.Curve, shown []metrics.Info) curveTable {
	t := curveTable{Name: c.Name, Head: []string{"q", "bpp"}}
	for _, m := range shown {
		head := m.Name
		if u := m.DisplayUnit(); u != "" {
			head += " " + u
		}
		t.Head = append(t.Head, head)
	}
	t.Head = append(t.Head, "encode s", "decode s")
	text := func(v float64, ok bool) string {
		if !ok || !finite(v) {
			return "–"
		}
		return fmt.Sprintf("%.4g", v)
	}
	for _, p := range c.Points {
		if len(p.Values) == 0 {
			continue
		}
		row := []string{text(p.Q, true)}
		get := func(key string) string {
			v, ok := p.Values[key]
			return text(v, ok)
		}
		row = append(row, get(rd.KeyBPP))
		for _, m := range shown {
			v, ok := p.Values[m.ID]
			row = append(row, text(m.Display(v), ok))
		}
		t.Rows = append(t.Rows, append(row, get(rd.KeyEncode), get(rd.KeyDecode)))
	}
	return t
}
