package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/report/figure"
)

// Series returns the colour of a candidate by its number: that of its curve in the theme
// that is shown, and a light grey for the original.
func Series(number int) color.NRGBA {
	if number < 2 {
		return rgb(0xcfd2d6)
	}
	return figure.Theme{Background: shown(theme.ColorNameBackground)}.Color(number - 1)
}

// SeriesInk is a candidate's colour for text, to be read on all of the theme's grounds and
// on labels over pictures, white ones in the dark theme and black ones in the light.
func SeriesInk(number int) color.NRGBA {
	if number < 2 {
		return shown(ColorMuted)
	}
	var picture color.Color = color.White
	if IsLight(shown(theme.ColorNameBackground)) {
		picture = color.Black
	}
	return figure.Theme{Background: over(picture, theme.Color(ColorVeil)).(color.NRGBA)}.Ink(number - 1)
}

// shown is a colour of the theme as it is now.
func shown(name fyne.ThemeColorName) color.NRGBA {
	return color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
}
