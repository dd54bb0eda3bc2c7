package curves

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/report/figure"
	"codecworkbench/views/kit"
)

// drawing is a figure as it was drawn last.
type drawing struct {
	fig    *figure.Figure
	size   image.Point
	scale  float32
	ground color.Color
	img    *image.RGBA
	panels []figure.Panel
	err    error
}

// generate draws the figure where it is another one than last time.
func (c *Chart) generate(w, h int) image.Image {
	c.draw(w, h)
	if c.drawn.img == nil {
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	}
	return c.drawn.img
}

func (c *Chart) draw(w, h int) {
	scale := float32(w) / max(c.raster.Size().Width, 1)
	want := drawing{fig: c.fig, size: image.Pt(w, h), scale: scale, ground: theme.Color(c.ground)}
	if d := c.drawn; d.fig == want.fig && d.size == want.size && d.scale == want.scale && d.ground == want.ground {
		return
	}
	c.drawn = want
	if c.fig == nil {
		return
	}
	f := *c.fig
	f.Theme = c.theme()
	c.drawn.img, c.drawn.panels, c.drawn.err = f.Render(w, h, float64(scale))
	if c.drawn.err != nil {
		c.hint.Set(c.drawn.err.Error())
		c.centreHint()
	}
}

// theme is the figure package's window theme on the chart's own ground.
func (c *Chart) theme() figure.Theme {
	t := figureTheme(c.ground)
	t.FontSize, t.Head = vgLength(c.font), vgLength(c.head)
	return t
}

// figureTheme is the figure package's theme that fits a ground of the window's.
func figureTheme(name fyne.ThemeColorName) figure.Theme {
	ground, _ := color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
	t := figure.Dark()
	if kit.IsLight(ground) {
		t = figure.Light()
	}
	t.Background = ground
	return t
}

// ensure draws the figure now, so that marks can be placed before it is painted.
func (c *Chart) ensure() {
	if c.drawn.fig == c.fig && (c.drawn.img != nil || c.drawn.err != nil) && c.drawn.ground == theme.Color(c.ground) {
		return
	}
	s := c.raster.Size()
	scale := c.pixels()
	if s.Width >= 20 && s.Height >= 20 {
		c.draw(int(math.Round(float64(s.Width*scale))), int(math.Round(float64(s.Height*scale))))
	}
}

func (c *Chart) pixels() float32 {
	if cv := fyne.CurrentApp().Driver().CanvasForObject(c.raster); cv != nil {
		return cv.Scale()
	}
	return 1
}
