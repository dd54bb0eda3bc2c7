package views

import (
	"fmt"
	"image"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"codecworkbench/app/report/figure"
	"codecworkbench/views/kit"

	"gonum.org/v1/plot/vg"
)

// Preferences of exported plots: what the last one was made for.
const (
	prefPlotSize = "plot.size"
	prefPlotDPI  = "plot.dpi"
)

// Sides of the preview of an exported plot.
const (
	previewWidth  = 620
	previewHeight = 300
)

// plotExport is what the dialog that exports a plot asks for beside the path.
type plotExport struct {
	w       *Window
	fig     *figure.Figure
	root    fyne.CanvasObject
	size    *kit.Picker
	dpi     *kit.Picker
	note    *kit.Text
	preview *canvas.Image
	png     bool // dots per inch matter
	place   figure.Size
	dots    int
}

// exportPlot asks where to write the curves that the screen Curves shows, and for what.
func (w *Window) exportPlot() {
	f := w.figureForFiles()
	if f == nil {
		return
	}
	e := newPlotExport(w, f)
	var formats []string
	for _, e := range figure.Formats() {
		formats = append(formats, "."+e)
	}
	w.askPathWith("Export plot", w.baseName()+"-rd.pdf", formats, e.root, e.typed, func(path string) {
		w.app.Preferences().SetString(prefPlotSize, e.place.ID)
		w.app.Preferences().SetInt(prefPlotDPI, e.dots)
		w.writePlot(path)
	})
}

// figureForFiles is the figure that the screen Curves shows, for paper; nil, with a
// message, where there is none.
func (w *Window) figureForFiles() *figure.Figure {
	f := w.curves.ShownFigure()
	if f == nil {
		w.wb.Fail(fmt.Errorf("there is no curve to export yet"))
		return nil
	}
	f.Legend, f.KeepOrder = figure.LegendAuto, false
	return f
}

// plotSize returns what exported plots are made for: as last time.
func (w *Window) plotSize() (figure.Size, int) {
	s, err := figure.FindSize(w.app.Preferences().String(prefPlotSize))
	if err != nil {
		s = figure.Sizes()[0]
	}
	return s, w.app.Preferences().IntWithFallback(prefPlotDPI, s.DPI)
}

// writePlot writes the curves as a figure, in the format that the ending names.
func (w *Window) writePlot(path string) {
	f := w.figureForFiles()
	if f == nil {
		return
	}
	place, dots := w.plotSize()
	f.For(place)
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	w.wb.Write(path, func() ([]byte, error) {
		if format == "png" {
			return f.PNG(dots)
		}
		return f.Encode(format)
	})
}

func newPlotExport(w *Window, f *figure.Figure) *plotExport {
	e := &plotExport{w: w, fig: f, note: kit.Muted(""), preview: canvas.NewImageFromImage(image.NewRGBA(image.Rect(0, 0, 1, 1)))}
	e.place, e.dots = w.plotSize()
	e.preview.FillMode, e.preview.ScaleMode = canvas.ImageFillContain, canvas.ImageScaleSmooth
	e.size = kit.NewPicker(sizeOptions, func(id string) {
		if s, err := figure.FindSize(id); err == nil {
			e.place, e.dots = s, s.DPI
			e.show()
		}
	})
	e.dpi = kit.NewPicker(dpiOptions, func(id string) {
		if n, err := strconv.Atoi(id); err == nil {
			e.dots = n
			e.show()
		}
	})
	e.root = kit.Column(kit.Space, kit.Row(kit.Space, 3, kit.Fixed(210, 0, e.size), kit.Fixed(110, 0, e.dpi), kit.Spacer(4, 0), e.note),
		kit.NewGround(kit.ColorRaised, kit.Corner, kit.Space, kit.Space, kit.Fixed(previewWidth, previewHeight, e.preview)))
	e.show()
	return e
}

func sizeOptions() []kit.Option {
	var out []kit.Option
	for _, s := range figure.Sizes() {
		out = append(out, kit.Option{ID: s.ID, Name: s.Name})
	}
	return out
}

func dpiOptions() []kit.Option {
	var out []kit.Option
	for _, n := range []int{96, 144, 300, 600, 1200} {
		out = append(out, kit.Option{ID: strconv.Itoa(n), Name: dpiName(n)})
	}
	return out
}

func dpiName(n int) string { return fmt.Sprintf("%d dpi", n) }

// typed follows the path: dots per inch are those of PNG files.
func (e *plotExport) typed(path string) {
	if png := strings.EqualFold(filepath.Ext(path), ".png"); png != e.png {
		e.png = png
		e.show()
	}
}

// show shows the page as it will be.
func (e *plotExport) show() {
	e.size.Put(e.place.Name, "")
	e.dpi.Put(dpiName(e.dots), "")
	e.dpi.SetDisabled(!e.png)
	f := *e.fig
	f.For(e.place)
	width, height, err := f.PageSize()
	if err != nil {
		e.note.Set(err.Error())
		return
	}
	text := fmt.Sprintf("%.0f × %.0f mm", float64(width/vg.Millimeter), float64(height/vg.Millimeter))
	if e.png {
		text = fmt.Sprintf("%.0f × %.0f pixels", float64(width/vg.Inch)*float64(e.dots), float64(height/vg.Inch)*float64(e.dots))
	}
	e.note.Set(text)
	scale := min(previewWidth/float64(width/vg.Inch), previewHeight/float64(height/vg.Inch)) * float64(e.w.win.Canvas().Scale())
	if img, err := f.Image(max(int(scale), 1)); err == nil {
		e.preview.Image = img
		e.preview.Refresh()
	}
}
