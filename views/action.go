package views

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/views/kit"
)

// Action is one thing that the user can do. Menus, keys, the command palette and
// the list of shortcuts are all made from the window's list of actions.
type Action struct {
	ID   string // "file.open"
	Menu string // the menu that it stands in; empty: in the palette only
	Sub  string // the submenu of Menu that it stands in; empty: in Menu itself
	Name string // "Open …"
	// Line is its name in a submenu that says the rest; empty: Name.
	Line string
	// Key with Mod, or a Rune typed without modifiers, starts the action.
	Key  fyne.KeyName
	Mod  fyne.KeyModifier
	Rune rune
	// Enabled says whether the action can be done now; nil: always.
	Enabled func() bool
	// Checked says whether what the action chooses is chosen; nil: it chooses nothing.
	Checked func() bool
	Run     func()
	// Break puts a line before it in its menu.
	Break bool
	// note says more in a menu, muted.
	note string
	// HelpAs names the line of the list of shortcuts that stands for several actions;
	// empty: the action has a line of its own.
	HelpAs string
}

// enabled reports whether the action can be done now.
func (a *Action) enabled() bool { return a.Enabled == nil || a.Enabled() }

// Shortcut writes the action's key for people: "Ctrl+K", "F1", "S".
func (a *Action) Shortcut() string {
	if a.Rune != 0 {
		return string(unicode.ToUpper(a.Rune))
	}
	if a.Key == "" {
		return ""
	}
	var parts []string
	for _, m := range []struct {
		mod  fyne.KeyModifier
		name string
	}{{fyne.KeyModifierControl, "Ctrl"}, {fyne.KeyModifierSuper, "Cmd"}, {fyne.KeyModifierAlt, "Alt"}, {fyne.KeyModifierShift, "Shift"}} {
		if a.Mod&m.mod != 0 {
			parts = append(parts, m.name)
		}
	}
	key := string(a.Key)
	switch a.Key {
	case fyne.KeyDelete:
		key = "Del"
	case fyne.KeyPageUp:
		key = "PgUp"
	case fyne.KeyPageDown:
		key = "PgDn"
	}
	return strings.Join(append(parts, key), "+")
}

// item makes the action a menu's line.
func (a *Action) item() kit.Item {
	name := a.Name
	if a.Line != "" {
		name = a.Line
	}
	return kit.Item{Name: name, Key: a.Shortcut(), Rule: a.Break, Disabled: !a.enabled(),
		Checked: a.Checked != nil && a.Checked(), Do: a.Run}
}

// do runs the action if it can be done now.
func (a *Action) do() {
	if a.enabled() {
		a.Run()
	}
}

// bindKeys makes a canvas start the actions by their keys.
func bindKeys(c fyne.Canvas, actions []*Action, other func(*fyne.KeyEvent)) {
	for _, a := range actions {
		if a.Key == "" || a.Mod == 0 {
			continue
		}
		run := func(fyne.Shortcut) {
			if c.Overlays().Top() == nil {
				a.do()
			}
		}
		c.AddShortcut(&desktop.CustomShortcut{KeyName: a.Key, Modifier: a.Mod}, run)
		// The driver turns these into shortcuts of their own.
		if a.Mod == fyne.KeyModifierShortcutDefault && a.Key == fyne.KeyZ {
			c.AddShortcut(&fyne.ShortcutUndo{}, run)
		}
		if a.Mod == fyne.KeyModifierShortcutDefault && a.Key == fyne.KeyY {
			c.AddShortcut(&fyne.ShortcutRedo{}, run)
		}
		if a.Mod == fyne.KeyModifierShortcutDefault && a.Key == fyne.KeyV {
			c.AddShortcut(&fyne.ShortcutPaste{}, run)
		}
	}
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		if c.Overlays().Top() != nil {
			if ev.Name == fyne.KeyEscape {
				c.Overlays().Remove(c.Overlays().Top())
			}
			return // keys belong to what lies over the window
		}
		i := slices.IndexFunc(actions, func(a *Action) bool { return a.Key == ev.Name && a.Mod == 0 && a.Rune == 0 })
		if i >= 0 {
			actions[i].do()
			return
		}
		other(ev)
	})
	c.SetOnTypedRune(func(r rune) {
		if c.Overlays().Top() != nil {
			return
		}
		i := slices.IndexFunc(actions, func(a *Action) bool { return a.Rune != 0 && a.Rune == unicode.ToLower(r) })
		if i >= 0 {
			actions[i].do()
		}
	})
}
