package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// Theme is the look of a figure. Lengths are points, 1/72 inch on paper; Render
// takes a screen's pixel as 3/4 point.
type Theme struct {
	Background, Grid, Frame, Text, Muted color.NRGBA
	FontSize, LineWidth, MarkerRadius    vg.Length
	// TopLabels puts the metric's name over its panel, as the window does, instead of
	// along the axis with the unit in brackets, as papers do.
	TopLabels bool
	// Head is the room over each panel that is left free in place of the metric's name:
	// the window puts a control there. 0: the name.
	Head vg.Length
}

// Paper is black on white, for print.
func Paper() Theme {
	return Theme{
		Background: gray(0xff), Grid: gray(0xdd), Frame: gray(0x44), Text: gray(0x11), Muted: gray(0x55),
		FontSize: 8, LineWidth: 1, MarkerRadius: 2,
	}
}

// Light is the window's light theme.
func Light() Theme {
	return Theme{
		Background: rgb(0xf3f4f6), Grid: rgb(0xd9dce1), Frame: rgb(0x9aa1ab), Text: rgb(0x1d1f23), Muted: rgb(0x5d6570),
		FontSize: 8.25, LineWidth: 1.2, MarkerRadius: 2.1, TopLabels: true,
	}
}

// Dark is the window's dark theme.
func Dark() Theme {
	return Theme{
		Background: rgb(0x191a1d), Grid: rgb(0x35383e), Frame: rgb(0x5d6570), Text: rgb(0xe8e9ec), Muted: rgb(0x9aa1ab),
		FontSize: 8.25, LineWidth: 1.2, MarkerRadius: 2.1, TopLabels: true,
	}
}

func gray(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 0xff} }

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff}
}

// The series' colours for dark and for light grounds: Okabe and Ito's without black, moved
// until each has the contrast that graphics need and any two stay apart for deuteranopes
// and protanopes too, which a test measures. A slot has one hue in both.
var (
	onDark  = [...]uint32{0xd99600, 0x64beda, 0x00996f, 0xce7ea1, 0xe2d86a, 0xc46232, 0x938cff, 0x147db8}
	onLight = [len(onDark)]uint32{0x995800, 0x1696a9, 0x00805d, 0x9a597d, 0x988741, 0x801b00, 0x757df0, 0x0057a6}
)

// Contrast that graphics and text need against their ground: WCAG 2.1, criteria
// 1.4.11 and 1.4.3.
const (
	graphicContrast = 3
	textContrast    = 4.5
)

// Color is the colour of a slot, counted from 1, for lines and markers, darker or lighter
// where the background asks for it.
func (t Theme) Color(slot int) color.NRGBA {
	colors := &onLight
	if luminance(t.Background) < .18 {
		colors = &onDark
	}
	return readable(rgb(colors[(max(slot, 1)-1)%len(colors)]), t.Background, graphicContrast)
}

// Ink is the colour of a slot for text: as Color, with the contrast that text needs.
func (t Theme) Ink(slot int) color.NRGBA { return readable(t.Color(slot), t.Background, textContrast) }

// style is how a series is drawn.
type style struct {
	color, text color.NRGBA
	marker      marker
	hollow      bool
	bare        bool // no markers
	width       vg.Length
	dash        []vg.Length
}

// Dashes in units of the line's width, told apart by length and rhythm.
var (
	ownDashes       = [][]vg.Length{nil, {6, 2}, {2, 1.5}, {7, 2, 1.5, 2}}
	publishedDashes = [][]vg.Length{{5, 3}, {1.5, 2.5}, {7, 2.5, 1.5, 2.5}, {10, 3}, {4, 2, 1.5, 2, 1.5, 2}}
)

// style gives every slot another colour and marker; after a round of the colours the
// markers shift and the dashes change. Published curves have a dash each, so that
// they can be told apart without colour too.
func (t Theme) style(slot int, published bool) style {
	i := max(slot, 1) - 1
	round := i / len(onDark)
	s := style{
		color:  t.Color(slot),
		marker: marker((i + round) % int(markers)),
		width:  t.LineWidth,
		dash:   ownDashes[round%len(ownDashes)],
	}
	s.text = readable(s.color, t.Background, textContrast)
	if published {
		s.hollow, s.width, s.dash = true, t.LineWidth*.8, publishedDashes[i%len(publishedDashes)]
	}
	dash := make([]vg.Length, len(s.dash))
	for k, d := range s.dash {
		dash[k] = d * s.width
	}
	s.dash = dash
	return s
}

// faint is a style for one of many lines behind others. On light grounds colours pale
// sooner.
func (t Theme) faint(s style) style {
	paler := .6
	if luminance(t.Background) > .18 {
		paler = .35
	}
	s.color = mixLinear(s.color, t.Background, paler)
	s.bare, s.hollow, s.dash, s.width = true, false, nil, t.LineWidth*.5
	return s
}

// dim is a style for what stands behind something else for a while.
func (t Theme) dim(s style) style {
	s.color, s.text = mixLinear(s.color, t.Background, .6), mixLinear(s.text, t.Background, .5)
	return s
}

// readable darkens c on a light ground and lightens it on a dark one, in linear
// light, until it has the contrast asked for. The hue stays.
func readable(c, ground color.NRGBA, contrast float64) color.NRGBA {
	target := color.NRGBA{0, 0, 0, 0xff}
	if luminance(ground) < .18 {
		target = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	}
	const steps = 64
	for i := range steps + 1 {
		m := mixLinear(c, target, float64(i)/steps)
		if contrastOf(m, ground) >= contrast {
			return m
		}
	}
	return target
}

// contrastOf is WCAG's contrast ratio, 1..21.
func contrastOf(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + .05) / (math.Min(x, y) + .05)
}

func luminance(c color.NRGBA) float64 {
	return .2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B)
}

// linear undoes sRGB's transfer function, IEC 61966-2-1.
func linear(v uint8) float64 {
	x := float64(v) / 255
	if x <= .04045 {
		return x / 12.92
	}
	return math.Pow((x+.055)/1.055, 2.4)
}

func fromLinear(x float64) uint8 {
	if x <= .0031308 {
		x *= 12.92
	} else {
		x = 1.055*math.Pow(x, 1/2.4) - .055
	}
	return uint8(math.Round(255 * math.Max(0, math.Min(1, x))))
}

// mixLinear goes from a to b in linear light, as t goes from 0 to 1.
func mixLinear(a, b color.NRGBA, t float64) color.NRGBA {
	f := func(a, b uint8) uint8 { return fromLinear(linear(a) + t*(linear(b)-linear(a))) }
	return color.NRGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), 0xff}
}
