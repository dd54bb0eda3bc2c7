package workbench

import (
	"slices"
)

// ViewSettings is how the pictures are shown.
type ViewSettings struct {
	Mode    Mode
	Panes   int // how many pictures Side shows, 2 to MaxPanes; Split and maps take three at most
	Gain    int // of the difference, 1 to 64
	Diff    DiffView
	Flicker FlickerView
	Map     MapView
	Smooth  bool // enlarged pixels blend into each other
	NoGrid  bool // no lines between large pixels, and no values in them
	Loupe   bool // a magnified detail follows the mouse
}

// MaxPanes is how many pictures are shown at once at most.
const MaxPanes = 4

// maxDivided is how many pictures share a pane with dividers at most.
const maxDivided = 3

// DiffKind is how a difference is shown.
type DiffKind string

// The kinds of differences.
const (
	DiffAbsolute DiffKind = "absolute" // channel by channel, black is none
	DiffSigned   DiffKind = "signed"   // channel by channel, grey is none
	DiffColor    DiffKind = "color"    // the largest channel's, in false colours
)

// DiffKinds lists the kinds in the order of the controls.
func DiffKinds() []DiffKind { return []DiffKind{DiffAbsolute, DiffSigned, DiffColor} }

// DiffView is which difference the mode Diff shows.
type DiffView struct {
	Kind DiffKind `json:"kind"`
	// Pair shows what the left and the right one differ in; otherwise each is compared
	// with the original.
	Pair bool `json:"pair,omitempty"`
}

// FlickerView is how the mode Flicker changes the pictures.
type FlickerView struct {
	// Every is how long each is seen, in milliseconds; 0: until a key is held.
	Every int `json:"every"`
	// Grey is how long grey is seen between them, in milliseconds: it hides the jump that
	// draws the eye, so that what is compared is what is remembered.
	Grey int `json:"grey"`
}

// FlickerTimes are the values of FlickerView.Every to choose from.
func FlickerTimes() []int { return []int{0, 250, 500, 1000, 2000} }

// greyInterval is how long grey is seen where it is asked for, in milliseconds.
const greyInterval = 150

func defaultView() ViewSettings {
	return ViewSettings{Mode: Split, Panes: 2, Gain: 8, Diff: DiffView{Kind: DiffAbsolute}, Flicker: FlickerView{Every: 500}}
}

// ViewSettings returns how the pictures are shown.
func (w *Workbench) ViewSettings() ViewSettings { return w.view }

// look changes how pictures are shown, where f changes anything. Work may follow from it:
// another number of panes shows other candidates.
func (w *Workbench) look(f func(v *ViewSettings)) {
	v := w.view
	f(&v)
	if v == w.view {
		return
	}
	before := w.Panes()
	w.view = v
	change := View
	if !slices.Equal(before, w.Panes()) {
		change |= Slots
		if !slices.Contains(w.Panes(), w.setup.Active) {
			w.setup.Active = w.setup.Right
		}
	}
	w.touched(change)
}

// SetMode changes how the pictures are shown together.
func (w *Workbench) SetMode(m Mode) { w.look(func(v *ViewSettings) { v.Mode = m }) }

// SetGain changes the amplification of the difference.
func (w *Workbench) SetGain(gain int) {
	w.look(func(v *ViewSettings) { v.Gain = min(max(gain, 1), 64) })
}

// SetPanes changes how many pictures are shown at once.
func (w *Workbench) SetPanes(n int) {
	w.look(func(v *ViewSettings) { v.Panes = min(max(n, 2), MaxPanes) })
}

// SetDiff changes which difference is shown.
func (w *Workbench) SetDiff(d DiffView) {
	if slices.Contains(DiffKinds(), d.Kind) {
		w.look(func(v *ViewSettings) { v.Diff = d })
	}
}

// SetFlicker changes how long each picture is seen, in milliseconds (0: a key changes
// them), and whether grey is seen between them.
func (w *Workbench) SetFlicker(every int, grey bool) {
	w.look(func(v *ViewSettings) {
		v.Flicker = FlickerView{Every: min(max(every, 0), 10000)}
		if grey {
			v.Flicker.Grey = greyInterval
		}
	})
}

// SetSmooth chooses between blending enlarged pixels and showing them as squares.
func (w *Workbench) SetSmooth(on bool) { w.look(func(v *ViewSettings) { v.Smooth = on }) }

// SetGrid chooses whether large pixels have lines between them and values in them.
func (w *Workbench) SetGrid(on bool) { w.look(func(v *ViewSettings) { v.NoGrid = !on }) }

// SetLoupe switches the magnified detail on or off.
func (w *Workbench) SetLoupe(on bool) { w.look(func(v *ViewSettings) { v.Loupe = on }) }

// DiffsPair reports whether the difference shown is the one between left and right: it
// is also where one of them is the original.
func (w *Workbench) DiffsPair() bool {
	return w.view.Diff.Pair || w.setup.Left == Original || w.setup.Right == Original
}

// PanesWanted is how many pictures the present mode would show, were there enough
// candidates.
func (w *Workbench) PanesWanted() int {
	divided := min(w.view.Panes, maxDivided)
	switch w.view.Mode {
	case Side:
		return w.view.Panes
	case Split:
		return divided
	case Mapped:
		if w.view.Map.Side {
			return w.view.Panes
		}
		return divided
	case Diff:
		if !w.DiffsPair() {
			return divided
		}
	}
	return 2
}

// PanesMost is how many pictures the present mode can show.
func (w *Workbench) PanesMost() int {
	switch {
	case w.view.Mode == Side, w.view.Mode == Mapped && w.view.Map.Side:
		return MaxPanes
	case w.view.Mode == Split, w.view.Mode == Mapped, w.view.Mode == Diff && !w.DiffsPair():
		return maxDivided
	}
	return 2
}

// Panes lists the slots that are shown, in reading order: the left one first, the right
// one last. Between them stand those that were chosen for it, then the original, then
// the others by number. Where there are fewer slots, there are fewer panes.
func (w *Workbench) Panes() []int {
	left, right := w.setup.Left, w.setup.Right
	out := []int{left}
	add := func(n int) {
		if n == Original && (w.view.Mode == Diff || w.view.Mode == Mapped) {
			return // it has no errors to show
		}
		if len(out) < w.PanesWanted()-1 && n != right && !slices.Contains(out, n) && w.setup.index(n) >= 0 {
			out = append(out, n)
		}
	}
	for _, n := range w.setup.More {
		add(n)
	}
	for _, s := range w.setup.Slots {
		add(s.Number)
	}
	return append(out, right)
}

// Seen reports whether a slot is shown.
func (w *Workbench) Seen(number int) bool { return slices.Contains(w.Panes(), number) }

// Compared returns the two slots that the table sets side by side: the left one and the
// active one, or the right one where the left is active.
func (w *Workbench) Compared() (left, right int) {
	if w.setup.Active != w.setup.Left && w.Seen(w.setup.Active) {
		return w.setup.Left, w.setup.Active
	}
	return w.setup.Left, w.setup.Right
}

// put shows a slot in the place of another one that is shown.
func (w *Workbench) put(number, instead int) {
	switch instead {
	case w.setup.Left:
		w.setup.Left = number
	case w.setup.Right:
		w.setup.Right = number
	default:
		panes := w.Panes()
		more := slices.Clone(panes[1 : len(panes)-1])
		if i := slices.Index(more, instead); i >= 0 {
			more[i] = number
		}
		w.setup.More = more
	}
}

// Place names the place of a shown slot, for people; empty where it is not shown.
func (w *Workbench) Place(number int) string {
	panes := w.Panes()
	i := slices.Index(panes, number)
	switch {
	case i < 0:
		return ""
	case len(panes) > 2 && w.PanesMost() == MaxPanes: // in rows and columns
		return [...]string{"1st", "2nd", "3rd", "4th"}[i]
	case i == 0:
		return "left"
	case i == len(panes)-1:
		return "right"
	}
	return "middle"
}
