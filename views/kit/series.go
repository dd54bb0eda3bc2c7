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
	return figureTheme(theme.ColorNameBackground).Color(number - 1)
}

// SeriesInk is a candidate's colour for text on the theme's grounds: lighter or darker,
// to be read.
func SeriesInk(number int) color.NRGBA {
	if number < 2 {
		return shown(ColorMuted)
	}
	return figureTheme(ColorRaised).Ink(number - 1)
}

// figureTheme is that of figures on one of the window's grounds.
func figureTheme(ground fyne.ThemeColorName) figure.Theme {
	return figure.Theme{Background: shown(ground)}
}

// shown is a colour of the theme as it is now.
func shown(name fyne.ThemeColorName) color.NRGBA {
	return color.NRGBAModel.Convert(theme.Color(name)).(color.NRGBA)
}
