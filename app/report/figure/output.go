package figure

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// DefaultDPI is the resolution of PNG files that papers ask for.
const DefaultDPI = 300

// limits of a page and its pixels.
const (
	minPage      = 36 // points
	maxPage      = 7200
	maxPixels    = 100 << 20
	columnInches = 3.5  // of a two-column paper
	paperInches  = 7.16 // both columns
)

// Formats lists what Encode writes.
func Formats() []string { return []string{"png", "svg", "pdf", "tex"} }

// Encode writes the figure in a format of Formats, which may have a dot before it as
// file names have; PNG with DefaultDPI.
func (f *Figure) Encode(format string) ([]byte, error) {
	switch strings.ToLower(strings.TrimPrefix(format, ".")) {
	case "png":
		return f.PNG(DefaultDPI)
	case "svg":
		return f.SVG()
	case "pdf":
		return f.PDF()
	case "tex":
		return f.TeX()
	}
	return nil, fmt.Errorf("no figures in the format %q; there are: %s", format, strings.Join(Formats(), ", "))
}

// onPage plans the figure and its page.
func (f *Figure) onPage() (*layout, error) {
	p, err := f.plan()
	if err != nil {
		return nil, err
	}
	w, h, err := p.pageSize()
	if err != nil {
		return nil, err
	}
	return p.lay(vg.Rectangle{Max: vg.Point{X: w, Y: h}}, f.Height == 0), nil
}

// pageSize is the size asked for, or that of one or two columns of a paper.
func (p *plan) pageSize() (w, h vg.Length, err error) {
	n := len(p.Metrics)
	w, h = p.Width, p.Height
	if w == 0 {
		w = min(vg.Length(min(n, 3))*columnInches, paperInches) * vg.Inch
	}
	if h == 0 {
		rows := (n + 2) / 3
		columns := min((n+rows-1)/rows, p.columnsFor(vg.Point{X: w}, goodPanel))
		rows = (n + columns - 1) / columns
		shape := vg.Length(.75)
		if rows > columns {
			shape = .6 // or the page gets tall
		}
		h = vg.Length(rows) * min(shape*w/vg.Length(columns), 2.6*vg.Inch)
		if columns > 1 {
			h = max(h, vg.Length(rows)*1.9*vg.Inch)
		}
	}
	for _, side := range []vg.Length{w, h} {
		if !(side >= minPage && side <= maxPage) {
			return 0, 0, fmt.Errorf("a figure of %.4g x %.4g inches; sides go from %.2g to %g inches",
				w/vg.Inch, h/vg.Inch, float64(minPage)/72, float64(maxPage)/72)
		}
	}
	return w, h, nil
}

// PageSize returns the size of the page that the files show.
func (f *Figure) PageSize() (w, h vg.Length, err error) {
	l, err := f.onPage()
	if err != nil {
		return 0, 0, err
	}
	return l.page.Max.X, l.page.Max.Y, nil
}

// Image draws the page with so many dots per inch.
func (f *Figure) Image(dpi int) (*image.RGBA, error) {
	l, err := f.onPage()
	if err != nil {
		return nil, err
	}
	return l.raster(dpi)
}

// PNG returns the figure as a PNG file with so many dots per inch, which the file
// says.
func (f *Figure) PNG(dpi int) ([]byte, error) {
	img, err := f.Image(dpi)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("png: %w", err)
	}
	return withResolution(buf.Bytes(), dpi), nil
}

// raster draws a layout whose page begins at 0.
func (l *layout) raster(dpi int) (*image.RGBA, error) {
	size := l.page.Max
	if dpi < 1 || float64(size.X/vg.Inch)*float64(size.Y/vg.Inch)*float64(dpi)*float64(dpi) > maxPixels {
		return nil, fmt.Errorf("a figure of %.4g x %.4g inches can't have %d dots per inch", size.X/vg.Inch, size.Y/vg.Inch, dpi)
	}
	c := vgimg.NewWith(vgimg.UseWH(size.X, size.Y), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(l.theme.Background))
	l.draw(draw.NewCanvas(c, size.X, size.Y))
	img, ok := c.Image().(*image.RGBA)
	if !ok {
		return nil, errors.New("the drawing library gave no RGBA image")
	}
	return img, nil
}

// withResolution puts a pHYs chunk behind the header (PNG specification, 11.3.5.3).
func withResolution(file []byte, dpi int) []byte {
	const header = 8 + 25 // signature, IHDR
	if len(file) < header {
		return file
	}
	perMetre := uint32(math.Round(float64(dpi) / .0254))
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, "pHYs"...)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	out := append([]byte(nil), file[:header]...)
	return append(append(out, chunk...), file[header:]...)
}

// SVG returns the figure as an SVG document with text as text.
func (f *Figure) SVG() ([]byte, error) {
	data, _, err := f.SVGWithPanels()
	return data, err
}

// SVGWithPanels returns the figure as SVG, and where its panels and points lie in the
// units of the document's view box.
func (f *Figure) SVGWithPanels() ([]byte, []Panel, error) {
	l, err := f.onPage()
	if err != nil {
		return nil, nil, err
	}
	c := vgsvg.NewWith(vgsvg.UseWH(l.page.Max.X, l.page.Max.Y), vgsvg.EmbedFonts(f.EmbedFonts))
	l.drawPage(draw.NewCanvas(c, l.page.Max.X, l.page.Max.Y))
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return nil, nil, fmt.Errorf("svg: %w", err)
	}
	panels := make([]Panel, len(l.panels))
	for i := range l.panels {
		panels[i] = l.panel(&l.panels[i], 1, float64(l.page.Max.Y))
		panels[i].width = float64(l.page.Max.X)
	}
	// vgsvg names one font only; these have the same widths.
	const named, stack = "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"
	return bytes.ReplaceAll(buf.Bytes(), []byte(named), []byte(stack)), panels, nil
}
