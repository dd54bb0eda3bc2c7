package kit

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// What WCAG 2.1 asks of text (1.4.3) and of graphics that mean something (1.4.11).
const (
	leastText    = 4.5
	leastGraphic = 3
)

// grounds are what text and graphics stand on in the theme that is shown, by name; controls
// under the mouse and labels over black and over white pictures among them.
func grounds() map[string]color.NRGBA {
	out := map[string]color.NRGBA{}
	for _, n := range []fyne.ThemeColorName{theme.ColorNameBackground, ColorPanel, ColorRaised, ColorAccentGround} {
		out[string(n)] = shown(n)
	}
	for _, n := range []fyne.ThemeColorName{ColorPanel, ColorRaised, ColorAccentGround} {
		out["hovered "+string(n)] = over(shown(n), theme.Color(theme.ColorNameHover)).(color.NRGBA)
	}
	out["veil on black"] = over(color.Black, theme.Color(ColorVeil)).(color.NRGBA)
	out["veil on white"] = over(color.White, theme.Color(ColorVeil)).(color.NRGBA)
	return out
}

func inBoth(t *testing.T, f func(t *testing.T)) {
	for _, v := range []Variant{Dark, Light} {
		t.Run(string(v), func(t *testing.T) {
			test.NewTempApp(t).Settings().SetTheme(NewTheme(v))
			f(t)
		})
	}
}

func wantContrast(t *testing.T, what string, ink, ground color.NRGBA, least float64) {
	t.Helper()
	if got := Contrast(ink, ground); got < least {
		t.Errorf("%s has a contrast of %.2f, which should be %.1f", what, got, least)
	}
}

// Text can be read on every ground that it stands on.
func TestTextContrast(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, ground := range grounds() {
			for _, ink := range []fyne.ThemeColorName{theme.ColorNameForeground, ColorMuted, theme.ColorNamePlaceHolder} {
				wantContrast(t, fmt.Sprintf("%s on %s", ink, name), shown(ink), ground, leastText)
			}
			if name == "hovered "+string(ColorAccentGround) {
				continue // warnings and candidates' names never stand there
			}
			for _, ink := range []fyne.ThemeColorName{theme.ColorNameError, theme.ColorNameWarning} {
				wantContrast(t, fmt.Sprintf("%s on %s", ink, name), shown(ink), ground, leastText)
			}
		}
		wantContrast(t, "primary buttons", shown(theme.ColorNameForegroundOnPrimary), shown(theme.ColorNamePrimary), leastText)
		wantContrast(t, "primary buttons under the mouse", shown(theme.ColorNameForegroundOnPrimary),
			over(shown(theme.ColorNamePrimary), theme.Color(theme.ColorNameHover)).(color.NRGBA), leastText)
		for n := 1; n <= 9; n++ {
			wantContrast(t, fmt.Sprintf("chip %d", n), InkOn(Series(n)), Series(n), leastText)
			for _, ground := range []fyne.ThemeColorName{theme.ColorNameBackground, ColorPanel, ColorRaised} {
				wantContrast(t, fmt.Sprintf("the name of candidate %d on %s", n, ground), SeriesInk(n), shown(ground), leastText)
			}
			wantContrast(t, fmt.Sprintf("the name of candidate %d over white", n), SeriesInk(n), grounds()["veil on white"], leastText)
			wantContrast(t, fmt.Sprintf("the name of candidate %d over black", n), SeriesInk(n), grounds()["veil on black"], leastText)
		}
	})
}

// Curves, marks and the parts of controls that mean something stand out.
func TestGraphicContrast(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for n := 2; n <= 9; n++ {
			for _, ground := range []fyne.ThemeColorName{theme.ColorNameBackground, ColorPanel, ColorRaised} {
				wantContrast(t, fmt.Sprintf("the colour of candidate %d on %s", n, ground), Series(n), shown(ground), leastGraphic)
			}
		}
		for name, ground := range grounds() {
			wantContrast(t, "the ring of the focus on "+name, shown(theme.ColorNameFocus), ground, leastGraphic)
			wantContrast(t, "the knob of sliders on "+name, shown(ColorKnob), ground, leastGraphic)
		}
		wantContrast(t, "the knob of a switch that is on", shown(theme.ColorNameForegroundOnPrimary), shown(theme.ColorNamePrimary), leastGraphic)
		wantContrast(t, "the knob of a switch that is off", shown(ColorMuted), shown(ColorTrack), leastGraphic)
	})
}

// The focus is seen on every kind of button: its ring is another colour than the button.
func TestFocusIsSeen(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for _, rank := range []Rank{Plain, Primary, Ghost} {
			b := NewButton("word", nil)
			b.Rank = rank
			r := test.WidgetRenderer(b).(*buttonRenderer)
			b.FocusGained()
			ring := color.NRGBAModel.Convert(r.rect.StrokeColor).(color.NRGBA)
			if r.rect.StrokeWidth == 0 {
				t.Errorf("rank %d has no ring", rank)
			}
			wantContrast(t, fmt.Sprintf("the ring of rank %d on a panel", rank), ring, shown(ColorPanel), leastGraphic)
			if fill := color.NRGBAModel.Convert(r.rect.FillColor).(color.NRGBA); fill == ring {
				t.Errorf("rank %d: the ring has the button's colour", rank)
			}
			b.FocusLost()
			if r.rect.StrokeWidth != 0 {
				t.Errorf("rank %d keeps its ring", rank)
			}
		}
	})
}
