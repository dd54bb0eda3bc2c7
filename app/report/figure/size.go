package figure

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Size is a place that figures are made for: its measures, and the size of letters that
// is read well there. Lines and markers follow the letters.
type Size struct {
	ID, Name      string
	Width, Height vg.Length // of the page; a height of 0 is what the panels need
	FontSize      vg.Length // 0: the theme's
	// DPI is the usual resolution of PNG files for it.
	DPI int
}

// Sizes lists the places, the usual one first: as wide as its panels need, up to both
// columns of a paper.
func Sizes() []Size {
	const mm = vg.Millimeter
	return []Size{
		{ID: "auto", Name: "As the panels need", DPI: DefaultDPI},
		{ID: "column", Name: "One column, 88 mm", Width: 88 * mm, FontSize: 8, DPI: 600},
		{ID: "double", Name: "Two columns, 180 mm", Width: 180 * mm, FontSize: 8, DPI: 600},
		{ID: "slide", Name: "Slide, 16:9", Width: 40. / 3 * vg.Inch, Height: 7.5 * vg.Inch, FontSize: 20, DPI: 144},
	}
}

// FindSize finds a place by its id.
func FindSize(id string) (Size, error) {
	var ids []string
	for _, s := range Sizes() {
		if s.ID == id {
			return s, nil
		}
		ids = append(ids, s.ID)
	}
	return Size{}, fmt.Errorf("no size %q for figures; there are: %s", id, strings.Join(ids, ", "))
}

// For makes the figure for a place.
func (f *Figure) For(s Size) {
	f.Width, f.Height = s.Width, s.Height
	if f.Theme == (Theme{}) {
		f.Theme = Paper()
	}
	if s.FontSize > 0 {
		f.Theme = f.Theme.enlarged(s.FontSize / f.Theme.FontSize)
	}
}

// enlarged is the theme with letters, lines and markers larger by a factor.
func (t Theme) enlarged(by vg.Length) Theme {
	t.FontSize, t.LineWidth, t.MarkerRadius, t.Head = by*t.FontSize, by*t.LineWidth, by*t.MarkerRadius, by*t.Head
	return t
}
