package heatmap

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"

	"codecworkbench/metrics"
)

// Measures of the legend in pixels, beside a picture up to legendTall pixels high;
// beside a larger one all of it grows.
const (
	legendTall   = 900
	legendWidth  = 190
	legendMargin = 16
	barWidth     = 20
	barLeast     = 120 // shortest and longest bar
	barMost      = 420
	bigText      = 15
	smallText    = 13
	lineHeight   = 19
)

var (
	legendGround = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	legendInk    = color.NRGBA{0x11, 0x11, 0x11, 0xff}
	legendMuted  = color.NRGBA{0x55, 0x55, 0x55, 0xff}
)

// fonts are parsed once.
var fonts = sync.OnceValue(func() *plotfont.Cache { return plotfont.NewCache(liberation.Collection()) })

// WithLegend puts the legend at the right of a painted map: the metric, the kind of
// map, the scale with its values and which end is better.
func WithLegend(painted *image.RGBA, info metrics.Info, kind metrics.MapKind) *image.RGBA {
	ticks, colors := ScaleOf(kind).Ticks(), Colors()
	ticks[0].Label += "  better"
	ticks[len(ticks)-1].Label += "  worse"
	return beside(painted, info.Name, describe(kind), ticks, func(share float64) color.RGBA {
		c := colors[int(share*(Shades-1)+.5)]
		return color.RGBA{c[0], c[1], c[2], 0xff}
	})
}

// WithValues puts a legend at the right of a painted plane: a title, a few words, and the
// scale with its values.
func WithValues(painted *image.RGBA, title, text string, v *Values) *image.RGBA {
	return beside(painted, title, text, v.Ticks(), v.Color)
}

// beside puts a legend at the right of a picture: a title, a text, and a bar of colours.
func beside(painted *image.RGBA, title, text string, ticks []Tick, ink func(share float64) color.RGBA) *image.RGBA {
	size := painted.Rect.Size()
	grow := min(max(float64(size.Y)/legendTall, 1), 8)
	l := legend{grow: grow}
	lines := l.wrap(title, bigText, true)
	textLines := l.wrap(text, smallText, false)
	head := legendMargin + lineHeight*(len(lines)+len(textLines)+1)
	height := max(size.Y, l.px(float64(head+barLeast+2*legendMargin)))
	l.img = image.NewRGBA(image.Rect(0, 0, size.X+l.px(legendWidth), height))
	draw.Draw(l.img, l.img.Rect, image.NewUniform(legendGround), image.Point{}, draw.Src)
	draw.Draw(l.img, painted.Rect, painted, image.Point{}, draw.Over)
	l.left = size.X + l.px(legendMargin)
	y := float64(legendMargin)
	for _, line := range lines {
		l.text(line, 0, y+bigText, bigText, true, legendInk)
		y += lineHeight
	}
	for _, line := range textLines {
		l.text(line, 0, y+smallText, smallText, false, legendMuted)
		y += lineHeight
	}
	l.scale(ticks, ink, y+lineHeight)
	return l.img
}

// PNG is a map over a picture of its pair with its legend, as a file: the colours end
// at the kind's bad end and cover the grey picture by strength, 0 to 1.
func PNG(base *image.NRGBA, m *metrics.Map, info metrics.Info, kind metrics.MapKind, strength float64) ([]byte, error) {
	var file bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&file, WithLegend(Paint(base, m, ScaleOf(kind), strength), info, kind)); err != nil {
		return nil, fmt.Errorf("map of %s: %w", info.ID, err)
	}
	return file.Bytes(), nil
}

// describe names a kind of map with its unit.
func describe(kind metrics.MapKind) string {
	if kind.Unit != "" {
		return kind.Name + ", " + kind.Unit
	}
	return kind.Name
}

// legend is a legend as it is drawn.
type legend struct {
	img  *image.RGBA
	left int
	grow float64
}

func (l *legend) px(v float64) int { return int(math.Round(v * l.grow)) }

func (l *legend) face(points float64, bold bool) font.Face {
	f := plotfont.Font{Typeface: "Liberation", Variant: "Sans"}
	if bold {
		f.Weight = font.WeightBold
	}
	face := fonts().Lookup(f, vg.Length(points*l.grow))
	return face.FontFace(72)
}

// text draws a line whose base line is y, in unscaled pixels below the top.
func (l *legend) text(s string, x, y, points float64, bold bool, ink color.NRGBA) {
	d := font.Drawer{Dst: l.img, Src: image.NewUniform(ink), Face: l.face(points, bold), Dot: fixed.P(l.left+l.px(x), l.px(y))}
	d.DrawString(s)
}

// wrap breaks a text into lines that the legend has room for.
func (l *legend) wrap(s string, points float64, bold bool) []string {
	face := l.face(points, bold)
	room := fixed.I(l.px(legendWidth - 2*legendMargin))
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && font.MeasureString(face, line+" "+word) > room {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// scale draws the bar, its upper end up, with its values.
func (l *legend) scale(ticks []Tick, ink func(share float64) color.RGBA, y float64) {
	bar := min(float64(l.img.Rect.Dy())/l.grow-y-2*legendMargin, barMost)
	top, bottom := l.px(y), l.px(y+bar)
	for row := top; row < bottom; row++ {
		share := 1 - float64(row-top)/float64(max(bottom-top-1, 1))
		draw.Draw(l.img, image.Rect(l.left, row, l.left+l.px(barWidth), row+1), image.NewUniform(ink(share)), image.Point{}, draw.Src)
	}
	for _, t := range ticks {
		at := y + bar*(1-t.At)
		line := l.px(at)
		draw.Draw(l.img, image.Rect(l.left+l.px(barWidth), line, l.left+l.px(barWidth+5), line+max(l.px(1), 1)),
			image.NewUniform(legendMuted), image.Point{}, draw.Src)
		l.text(t.Label, barWidth+9, at+.36*smallText, smallText, false, legendInk)
	}
}
