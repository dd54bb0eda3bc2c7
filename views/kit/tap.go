package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Tap makes any content tappable. Embed it, or use NewTap.
type Tap struct {
	widget.BaseWidget
	content  fyne.CanvasObject
	OnTapped func()
	// OnOther is called for a tap with Shift held or with the second button; nil: as
	// OnTapped.
	OnOther func()
	shift   bool
	tips    *Tips
	tip     func() string
}

// NewTap returns content that can be tapped.
func NewTap(content fyne.CanvasObject, tapped func()) *Tap {
	t := &Tap{}
	t.Init(content, tapped)
	return t
}

// Init sets an embedded Tap up.
func (t *Tap) Init(content fyne.CanvasObject, tapped func()) {
	t.content, t.OnTapped = content, tapped
	t.ExtendBaseWidget(t)
}

// SetTip sets what says more while the mouse rests on the content.
func (t *Tap) SetTip(tips *Tips, tip func() string) { t.tips, t.tip = tips, tip }

// MouseIn implements desktop.Hoverable.
func (t *Tap) MouseIn(*desktop.MouseEvent) {
	if t.tips != nil {
		t.tips.Show(t.content, t.tip())
	}
}

// MouseMoved implements desktop.Hoverable.
func (t *Tap) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (t *Tap) MouseOut() {
	if t.tips != nil {
		t.tips.Hide()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Tap) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.content) }

// MouseDown implements desktop.Mouseable: it notes the modifier of the tap to come.
func (t *Tap) MouseDown(ev *desktop.MouseEvent) {
	t.shift = ev.Modifier&fyne.KeyModifierShift != 0
}

// MouseUp implements desktop.Mouseable.
func (t *Tap) MouseUp(*desktop.MouseEvent) {}

// Tapped implements fyne.Tappable.
func (t *Tap) Tapped(ev *fyne.PointEvent) {
	if t.shift && t.OnOther != nil {
		t.shift = false
		t.OnOther()
		return
	}
	if t.OnTapped != nil {
		t.OnTapped()
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (t *Tap) TappedSecondary(*fyne.PointEvent) {
	if t.OnOther != nil {
		t.OnOther()
		return
	}
	t.Tapped(nil)
}
