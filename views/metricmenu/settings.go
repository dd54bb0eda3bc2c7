package metricmenu

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/metrics"
	"codecworkbench/views/kit"
)

// settingsWidth is how wide the field and the list of settings are.
const settingsWidth = 620

// OpenSettings asks for a metric with settings of its own, listing what can be set;
// add takes its id, or says what is wrong with it.
func OpenSettings(c fyne.Canvas, wb *workbench.Workbench, add func(id string) error) {
	var popup *widget.PopUp
	wrong := kit.NewText("")
	wrong.Color = "error"
	field := kit.NewField(settingsWidth, false, nil)
	field.SetPlaceHolder("butteraugli@nits=203")
	field.OnSubmitted = func(id string) {
		if err := add(id); err != nil {
			wrong.Set(wb.Plainly(err))
			popup.Resize(popup.MinSize())
			return
		}
		popup.Hide()
	}
	field.OnKey = func(ev *fyne.KeyEvent) bool {
		if ev.Name == fyne.KeyEscape {
			popup.Hide()
		}
		return ev.Name == fyne.KeyEscape
	}
	rows := []fyne.CanvasObject{kit.Strong("A metric with settings"), field, wrong, kit.Caption("SETTINGS")}
	for _, m := range wb.Tools().Metrics.All() {
		if c, ok := m.(metrics.Configurable); ok {
			for _, o := range c.Settings().Options() {
				rows = append(rows, settingRow(m.Info(), o))
			}
		}
	}
	popup = widget.NewPopUp(kit.NewGround("", 0, kit.Wide, kit.Wide, kit.Column(kit.Gap, rows...)), c)
	size := popup.MinSize()
	popup.ShowAtPosition(fyne.NewPos(max((c.Size().Width-size.Width)/2, 0), max((c.Size().Height-size.Height)/3, 0)))
	c.Focus(field)
}

// settingRow says how a setting is written, what it can be and what it does.
func settingRow(i metrics.Info, o metrics.Option) fyne.CanvasObject {
	values := strings.Join(o.Choices, ", ")
	if o.Choices == nil {
		values = fmt.Sprintf("%v to %v, else %.4g", o.Min, o.Max, o.Default)
	}
	name := kit.NewText(i.ID + "@" + o.Name + "=").Small()
	name.Mono = true
	return kit.Fixed(settingsWidth, 0, kit.Row(kit.Space, 2, kit.Fixed(190, 0, name.Clipped()),
		kit.Fixed(150, 0, kit.NewText(values).Small().Clipped()), kit.Muted(o.Summary).Small().Clipped()))
}
