package viewport

import (
	"image"
	"image/color"
)

// Mask is a grey picture that is laid over another one, stretched to its size, as a
// translucent colour: opaque where it is white.
type Mask struct {
	Image *image.Gray // packed, at origin 0,0
	Color color.RGBA
}

// maskStrength is how much of the picture the colour covers where the mask is white,
// in 1/256.
const maskStrength = 120

// over lays the mask over a row of a layer, which begins at device column x0.
func (m *Mask) over(row []uint8, l *Layer, x0, y int) {
	v := &l.View
	w, h := m.Image.Rect.Dx(), m.Image.Rect.Dy()
	_, py := v.ToPicture(0, float64(y-l.Origin.Y)+.5)
	my := clampInt(int(py*float64(h)/float64(v.PicH)), 0, h-1)
	line := m.Image.Pix[my*m.Image.Stride : my*m.Image.Stride+w]
	px, _ := v.ToPicture(float64(x0-l.Origin.X)+.5, 0)
	scale := float64(w) / float64(v.PicW)
	at, step := px*scale, scale/v.Scale
	for i := 0; i < len(row); i += 4 {
		a := int(line[clampInt(int(at), 0, w-1)]) * maskStrength / 255
		at += step
		if a == 0 {
			continue
		}
		row[i] = uint8((int(row[i])*(256-a) + int(m.Color.R)*a) >> 8)
		row[i+1] = uint8((int(row[i+1])*(256-a) + int(m.Color.G)*a) >> 8)
		row[i+2] = uint8((int(row[i+2])*(256-a) + int(m.Color.B)*a) >> 8)
	}
}
