package figure

import (
	"bytes"
	"fmt"
	"image/color"

	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
)

// PDF returns the figure as a PDF file with embedded fonts.
func (f *Figure) PDF() (data []byte, err error) {
	l, err := f.onPage()
	if err != nil {
		return nil, err
	}
	defer func() { // vgpdf panics where it can't write its temporary font files
		if r := recover(); r != nil {
			data, err = nil, fmt.Errorf("pdf: %v", r)
		}
	}()
	c := &pdfCanvas{vgpdf.New(l.page.Max.X, l.page.Max.Y)}
	l.drawPage(draw.NewCanvas(c, l.page.Max.X, l.page.Max.Y))
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	if buf.Len() == 0 {
		return nil, fmt.Errorf("pdf: the drawing library wrote nothing")
	}
	return buf.Bytes(), nil
}

// pdfCanvas mends what vgpdf 0.17 gets wrong: translucent colours come out grey,
// bold text makes the file fail, and text outside of ASCII comes out as other
// letters. Text that PDF's Latin encoding lacks is drawn as outlines.
type pdfCanvas struct{ *vgpdf.Canvas }

// straight is a colour whose RGBA is not multiplied by alpha, against image/color's
// contract: vgpdf takes it so.
type straight struct{ color.NRGBA }

func (c straight) RGBA() (r, g, b, a uint32) {
	return uint32(c.R) * 0x101, uint32(c.G) * 0x101, uint32(c.B) * 0x101, uint32(c.A) * 0x101
}

func (c *pdfCanvas) SetColor(clr color.Color) {
	if clr == nil {
		clr = color.Black
	}
	n, ok := color.NRGBAModel.Convert(clr).(color.NRGBA)
	if !ok {
		n = color.NRGBA{A: 0xff}
	}
	c.Canvas.SetColor(straight{n})
}

// FillString writes runs of Latin letters as text and others as outlines.
func (c *pdfCanvas) FillString(f plotfont.Face, at vg.Point, s string) {
	r := []rune(s)
	for len(r) > 0 {
		n := 1
		as := c.encodable(f, r[0])
		for n < len(r) && c.encodable(f, r[n]) == as {
			n++
		}
		if as {
			c.Canvas.FillString(f, at, latin1(r[:n]))
		} else {
			c.outline(f, at, r[:n])
		}
		at.X += f.Width(string(r[:n]))
		r = r[n:]
	}
}

// encodable reports whether vgpdf can write a rune as text: not in bold, and within
// the part of code page 1252 that equals Unicode.
func (c *pdfCanvas) encodable(f plotfont.Face, r rune) bool {
	return f.Font.Weight == 0 && (r >= 0x20 && r < 0x7f || r >= 0xa0 && r <= 0xff)
}

// latin1 holds a byte a letter, as vgpdf hands it on.
func latin1(r []rune) string {
	b := make([]byte, len(r))
	for i, v := range r {
		b[i] = byte(v)
	}
	return string(b)
}

// outline fills the letters' shapes.
func (c *pdfCanvas) outline(f plotfont.Face, at vg.Point, text []rune) {
	var buf sfnt.Buffer
	for i, r := range text {
		x := at.X + f.Width(string(text[:i]))
		if path := glyph(f.Face, &buf, r, f.Font.Size, vg.Point{X: x, Y: at.Y}); len(path) > 0 {
			c.Fill(path)
		}
	}
}

// glyph is the outline of one letter, nil for blanks.
func glyph(f *opentype.Font, buf *sfnt.Buffer, r rune, size vg.Length, at vg.Point) vg.Path {
	index, err := f.GlyphIndex(buf, r)
	if err != nil {
		return nil
	}
	perEm := fixed.Int26_6(f.UnitsPerEm())
	segments, err := f.LoadGlyph(buf, index, perEm, nil)
	if err != nil {
		return nil
	}
	scale := size / vg.Length(perEm)
	pt := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
	}
	var path vg.Path
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(path) > 0 {
				path.Close()
			}
			path.Move(pt(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(pt(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(pt(s.Args[0]), pt(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(pt(s.Args[0]), pt(s.Args[1]), pt(s.Args[2]))
		}
	}
	if len(path) > 0 {
		path.Close()
	}
	return path
}
