package latent

import (
	"fmt"
	"image"
	"math"

	"codecworkbench/codecs"
)

// The sheet of channels: so many side by side, so many rows, a position of nothing between.
const (
	sheetColumns = 4
	sheetRows    = 4
)

// SheetPanel shows the strongest channels together, each in units of its own strength;
// value is a latent as the synthesis gets it.
func (a *Account) SheetPanel(value func(x, y, c int) float64) codecs.Panel {
	channels := a.Strongest()[:min(a.Channels, sheetColumns*sheetRows)]
	columns := min(len(channels), sheetColumns)
	rows := ceilDiv(len(channels), max(columns, 1))
	p := codecs.Plane{Width: columns*(a.Wide+1) - 1, Height: rows*(a.High+1) - 1, Unit: "times the channel's RMS", Signed: true}
	p.Where = func(x, y int) (string, image.Rectangle) { return a.onSheet(channels, columns, x, y) }
	p.Values = make([]float32, p.Width*p.Height)
	for i := range p.Values {
		p.Values[i] = float32(math.NaN())
	}
	for i, c := range channels {
		rms := math.Sqrt(a.energy[c] / float64(a.Positions()))
		if rms == 0 {
			rms = 1
		}
		first := i/columns*(a.High+1)*p.Width + i%columns*(a.Wide+1)
		for at := range a.Positions() {
			x, y := at%a.Wide, at/a.Wide
			p.Values[first+y*p.Width+x] = float32(value(x, y, c) / rms)
		}
	}
	return codecs.Panel{ID: "latents", Title: fmt.Sprintf("The %d strongest channels", len(channels)), Data: p,
		Help: "Channels of y as the synthesis gets them, the strongest first, row by row: what each of them looks for in the picture, and how much is left over where it finds nothing."}
}

// onSheet names the latent at a place of the sheet; between channels there is none.
func (a *Account) onSheet(channels []int, columns, x, y int) (string, image.Rectangle) {
	i := y/(a.High+1)*columns + x/(a.Wide+1)
	x, y = x%(a.Wide+1), y%(a.High+1)
	if i >= len(channels) || x == a.Wide || y == a.High {
		return "", image.Rectangle{}
	}
	return fmt.Sprintf("channel %d, position %d, %d", channels[i], x, y), image.Rect(x*a.Scale, y*a.Scale, (x+1)*a.Scale, (y+1)*a.Scale)
}
