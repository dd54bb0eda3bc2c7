package figure

import (
	"image/color"
	"math"
	"sort"
	"strings"
	"sync"

	"golang.org/x/image/font"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// fonts is a cache of this package's own: gonum/plot's default one is global, and
// others may change it.
var fonts = sync.OnceValue(func() *plotfont.Cache { return plotfont.NewCache(liberation.Collection()) })

// capHeight is the height of capitals and figures in Liberation Sans, a share of the
// font's size; descent is what letters reach below the line.
const (
	capHeight = .72
	descent   = .22
)

// face is a font at a size.
func face(size vg.Length, bold bool) plotfont.Face {
	f := plotfont.Font{Typeface: "Liberation", Variant: "Sans"}
	if bold {
		f.Weight = font.WeightBold
	}
	return fonts().Lookup(f, size)
}

func width(s string, size vg.Length, bold bool) vg.Length {
	f := face(size, bold)
	return f.Width(s)
}

// shorten cuts s at its end until it is at most wide.
func shorten(s string, size, wide vg.Length, bold bool) string {
	if width(s, size, bold) <= wide {
		return s
	}
	r := []rune(s)
	keep := sort.Search(len(r), func(n int) bool { return width(string(r[:n+1])+"…", size, bold) > wide })
	return strings.TrimSpace(string(r[:max(keep, 1)])) + "…"
}

// label is a piece of text to be drawn.
type label struct {
	text  string
	size  vg.Length
	bold  bool
	color color.NRGBA
	// alignX and alignY say which part of the text lies at the point: 0 left and the
	// base line, 1 right and the top of capitals.
	alignX, alignY vg.Length
	upwards        bool // turned by a quarter, reading from below
}

func (l label) draw(c vg.Canvas, at vg.Point) {
	if l.text == "" {
		return
	}
	f := face(l.size, l.bold)
	offset := vg.Point{X: -l.alignX * f.Width(l.text), Y: -l.alignY * capHeight * l.size}
	c.SetColor(l.color)
	if !l.upwards {
		c.FillString(f, at.Add(offset), l.text)
		return
	}
	c.Push()
	c.Translate(at)
	c.Rotate(math.Pi / 2)
	c.FillString(f, offset, l.text)
	c.Pop()
}
