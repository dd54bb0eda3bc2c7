// Package kit holds what all screens of the window share: the theme and the
// small widgets that Fyne does not have in this form (text that follows the
// theme, number chips, segmented controls, switches, sliders with an entry,
// pickers, buttons, progress bars, tooltips).
//
// Widgets are driven from outside: they show what they are told and report what
// the user does; they keep no model.
package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colour names of the window beside Fyne's own.
const (
	ColorPanel        fyne.ThemeColorName = "panel"         // side panels, bars, cards
	ColorRaised       fyne.ThemeColorName = "raised"        // controls on a panel
	ColorLine         fyne.ThemeColorName = "line"          // borders and rules
	ColorMuted        fyne.ThemeColorName = "muted"         // text of second rank
	ColorAccentGround fyne.ThemeColorName = "accent-ground" // behind what is selected
	ColorSurround     fyne.ThemeColorName = "surround"      // around pictures: neutral
	ColorVeil         fyne.ThemeColorName = "veil"          // labels over pictures: translucent
	ColorTrack        fyne.ThemeColorName = "track"         // unfilled part of sliders and bars
	ColorKnob         fyne.ThemeColorName = "knob"          // of sliders and switches
)

// Text sizes, spacing and corners, in Fyne's units.
const (
	TextSize     = 13
	SmallSize    = 11
	HeadingSize  = 20
	Gap          = 4
	Space        = 8
	Wide         = 12
	Corner       = 6 // controls
	CardCorner   = 8
	ControlSize  = 26 // height of a control
	SidePanel    = 336
	TopBar       = 44
	SlotBar      = 74
	PanelPadding = 14
)

// Variant chooses between dark and light.
type Variant string

// The variants of the theme.
const (
	System Variant = "system" // as the desktop says
	Dark   Variant = "dark"
	Light  Variant = "light"
)

// Theme is the window's look.
type Theme struct{ variant Variant }

// NewTheme returns the theme in a variant.
func NewTheme(v Variant) *Theme { return &Theme{v} }

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func rgba(v uint32, a uint8) color.NRGBA {
	c := rgb(v)
	c.A = a
	return c
}

// pairOf is a colour in the dark and in the light variant.
type pairOf struct{ dark, light color.NRGBA }

// palette is the table of the window's colours. Text on its grounds has a contrast
// of at least 4.5:1, which a test checks.
func palette(name fyne.ThemeColorName) (pairOf, bool) {
	switch name {
	case theme.ColorNameBackground:
		return pairOf{rgb(0x191a1d), rgb(0xf3f4f6)}, true
	case ColorPanel, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground, theme.ColorNameHeaderBackground:
		return pairOf{rgb(0x212327), rgb(0xffffff)}, true
	case ColorRaised, theme.ColorNameButton, theme.ColorNameInputBackground, theme.ColorNameDisabledButton:
		return pairOf{rgb(0x2a2d32), rgb(0xeceef1)}, true
	case ColorLine, theme.ColorNameSeparator, theme.ColorNameInputBorder:
		return pairOf{rgb(0x35383e), rgb(0xd9dce1)}, true
	case theme.ColorNameForeground:
		return pairOf{rgb(0xe8e9ec), rgb(0x1d1f23)}, true
	case ColorMuted, theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return pairOf{rgb(0xa9b0ba), rgb(0x555c67)}, true
	case theme.ColorNamePrimary, theme.ColorNameFocus, theme.ColorNameHyperlink:
		return pairOf{rgb(0x5aa9ff), rgb(0x0b66c3)}, true
	case theme.ColorNameForegroundOnPrimary:
		return pairOf{rgb(0x10161d), rgb(0xffffff)}, true
	case ColorAccentGround, theme.ColorNameSelection:
		return pairOf{rgb(0x1f3a57), rgb(0xdcebfb)}, true
	case ColorSurround:
		return pairOf{rgb(0x2b2b2b), rgb(0x8a8a8a)}, true
	case ColorVeil:
		return pairOf{rgba(0x191a1d, 0xe2), rgba(0xf3f4f6, 0xec)}, true
	case ColorTrack:
		return pairOf{rgb(0x3b3f46), rgb(0xd0d4da)}, true
	case ColorKnob:
		return pairOf{rgb(0xe8e9ec), rgb(0x1d1f23)}, true
	case theme.ColorNameHover:
		return pairOf{rgba(0xffffff, 0x0e), rgba(0x000000, 0x0c)}, true
	case theme.ColorNamePressed:
		return pairOf{rgba(0xffffff, 0x22), rgba(0x000000, 0x1c)}, true
	case theme.ColorNameShadow:
		return pairOf{rgba(0x000000, 0x78), rgba(0x000000, 0x40)}, true
	case theme.ColorNameError:
		return pairOf{rgb(0xff8a65), rgb(0xb23c00)}, true
	case theme.ColorNameWarning:
		return pairOf{rgb(0xf2b84b), rgb(0x8a5a00)}, true
	case theme.ColorNameScrollBar:
		return pairOf{rgba(0xffffff, 0x40), rgba(0x000000, 0x40)}, true
	}
	return pairOf{}, false
}

// Color returns a colour by name.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	light := v == theme.VariantLight
	switch t.variant {
	case Dark:
		light = false
	case Light:
		light = true
	}
	if p, ok := palette(name); ok {
		if light {
			return p.light
		}
		return p.dark
	}
	v = theme.VariantDark
	if light {
		v = theme.VariantLight
	}
	return theme.DefaultTheme().Color(name, v)
}

// Font returns Fyne's fonts.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon returns Fyne's icons.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size returns sizes for a dense desktop window.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return TextSize
	case theme.SizeNameCaptionText:
		return SmallSize
	case theme.SizeNameHeadingText:
		return HeadingSize
	case theme.SizeNameSubHeadingText:
		return 15
	case theme.SizeNamePadding, theme.SizeNameInnerPadding:
		return Gap
	case theme.SizeNameLineSpacing:
		return 2
	case theme.SizeNameInlineIcon:
		return 16
	case theme.SizeNameInputBorder:
		return 1
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return Corner
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	}
	return theme.DefaultTheme().Size(name)
}

// InkOn returns black or white, whichever is easier to read on a colour.
func InkOn(c color.NRGBA) color.NRGBA {
	black, white := rgb(0x101214), rgb(0xffffff)
	if Contrast(black, c) >= Contrast(white, c) {
		return black
	}
	return white
}
