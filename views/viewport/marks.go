package viewport

import (
	"image"
	"image/color"
)

// Mark is a rectangle over the layers: filled, with a number or a short word of
// digits in its middle, or a frame.
type Mark struct {
	Rect  image.Rectangle // in pane pixels
	Color color.RGBA      // opaque
	Frame int             // above 0: only a frame this many pixels wide, inside Rect
	Text  string          // of the characters that glyphs has
	Ink   color.RGBA      // of Text
	Size  int             // device pixels of a dot of the text; at least 1
}

// draw draws the part of a mark in rows y0 to y1.
func (m *Mark) draw(dst *image.RGBA, y0, y1 int) {
	bounds := image.Rect(0, y0, dst.Rect.Dx(), y1)
	r := m.Rect
	if m.Frame > 0 {
		f := m.Frame
		for _, side := range []image.Rectangle{
			{r.Min, image.Pt(r.Max.X, r.Min.Y+f)}, {image.Pt(r.Min.X, r.Max.Y-f), r.Max},
			{image.Pt(r.Min.X, r.Min.Y+f), image.Pt(r.Min.X+f, r.Max.Y-f)}, {image.Pt(r.Max.X-f, r.Min.Y+f), image.Pt(r.Max.X, r.Max.Y-f)},
		} {
			fillRect(dst, side.Intersect(bounds), m.Color)
		}
		return
	}
	fillRect(dst, r.Intersect(bounds), m.Color)
	if m.Text != "" {
		size := max(m.Size, 1)
		at := image.Pt((r.Min.X+r.Max.X-textWidth(m.Text, size))/2, (r.Min.Y+r.Max.Y-glyphHeight*size)/2)
		drawText(dst, bounds.Intersect(r), at, m.Text, size, m.Ink)
	}
}

func fillRect(dst *image.RGBA, r image.Rectangle, c color.RGBA) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := dst.Pix[y*dst.Stride+4*r.Min.X : y*dst.Stride+4*r.Max.X]
		fill(row, c)
	}
}

// Glyphs are 5 dots wide and 7 high, with a dot between them.
const (
	glyphWidth  = 5
	glyphHeight = 7
	advance     = glyphWidth + 1
)

// glyphs has the rows of each character from the top, the leftmost dot in bit 4.
var glyphs = map[byte][glyphHeight]uint8{
	'0': {14, 17, 19, 21, 25, 17, 14}, '1': {4, 12, 4, 4, 4, 4, 14}, '2': {14, 17, 1, 2, 4, 8, 31},
	'3': {31, 2, 4, 2, 1, 17, 14}, '4': {2, 6, 10, 18, 31, 2, 2}, '5': {31, 16, 30, 1, 1, 17, 14},
	'6': {6, 8, 16, 30, 17, 17, 14}, '7': {31, 1, 2, 4, 8, 8, 8}, '8': {14, 17, 17, 14, 17, 17, 14},
	'9': {14, 17, 17, 15, 1, 2, 12}, '-': {0, 0, 0, 31, 0, 0, 0}, '+': {0, 4, 4, 31, 4, 4, 0},
}

// textWidth is how wide a text is, in device pixels.
func textWidth(text string, size int) int { return (len(text)*advance - 1) * size }

// drawText draws a text with its top left corner at a place, inside clip.
func drawText(dst *image.RGBA, clip image.Rectangle, at image.Point, text string, size int, ink color.RGBA) {
	for i := range len(text) {
		rows := glyphs[text[i]]
		for y, bits := range rows {
			for x := range glyphWidth {
				if bits&(16>>x) == 0 {
					continue
				}
				dot := image.Rect(0, 0, size, size).Add(at).Add(image.Pt((i*advance+x)*size, y*size))
				fillRect(dst, dot.Intersect(clip), ink)
			}
		}
	}
}
