package inside

import (
	"fmt"
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// controls say what the decode leaves out, and what that costs.
type controls struct {
	wb       *workbench.Workbench
	tips     *kit.Tips
	root     *fyne.Container
	caption  *kit.Text
	switches *fyne.Container
	built    string // what switches was built for
	byID     map[string]*kit.Switch
	steps    *fyne.Container
	slider   *kit.Slider
	step     *kit.Text
	result   *kit.Text
	note     *kit.Text
	reset    *kit.Button
}

func newControls(wb *workbench.Workbench, tips *kit.Tips) *controls {
	c := &controls{wb: wb, tips: tips, caption: kit.Caption("SWITCH A PART OFF AND SEE WHAT IT IS WORTH"), switches: kit.Row(kit.Wide, -1),
		step: kit.NewText("").Clipped(), result: kit.NewText("").Clipped(), note: kit.Muted("").Small().Clipped()}
	c.slider = kit.NewSlider(1, 2, 1, func(v float64) { wb.DecodeUpTo(int(v)) })
	c.steps = kit.Row(kit.Space, -1, kit.Muted("Decode"), kit.Fixed(150, 0, c.slider), kit.Fixed(170, 0, c.step))
	c.reset = kit.NewButton("Reset", wb.ResetChanges)
	c.reset.SetTip(tips, "Decodes the file as it is")
	// What a change costs stands above what makes it: tooltips open downwards.
	c.root = kit.Column(kit.Gap, kit.Row(kit.Space, 0, c.result, c.reset), c.note, c.caption, c.switches, c.steps)
	return c
}

// show follows the file and its changes.
func (c *controls) show(in workbench.Inside) {
	changes := c.wb.Changes()
	c.build(in)
	off := map[string]bool{}
	for _, id := range changes.Off {
		off[id] = true
	}
	for id, s := range c.byID {
		s.Set(!off[id])
	}
	n := len(in.Steps)
	setVisible(c.steps, n > 1)
	setVisible(c.caption, len(in.Switches) > 0 || n > 1)
	setVisible(c.switches, len(in.Switches) > 0)
	if n > 1 {
		at := n
		if changes.UpTo > 0 {
			at = min(changes.UpTo, n)
		}
		c.slider.Min, c.slider.Max = 1, float64(n)
		c.slider.Set(float64(at))
		c.slider.Refresh()
		c.step.Set(in.Steps[at-1])
		if at == n {
			c.step.Set("everything")
		}
	}
	c.reset.SetDisabled(!changes.Any())
	text, problem := outcome(in, changes)
	c.result.Set(text)
	style := theme.ColorNameForeground
	if problem {
		style = theme.ColorNameError
	}
	c.result.SetStyle(style, false)
	c.note.Set(remark(in, changes))
}

// build makes the switches of another file.
func (c *controls) build(in workbench.Inside) {
	key := in.Codec.ID
	for _, s := range in.Switches {
		key += "\n" + s.ID
	}
	if key == c.built {
		return
	}
	c.built, c.byID = key, map[string]*kit.Switch{}
	c.switches.Objects = nil
	for _, s := range in.Switches {
		sw := kit.NewSwitch(s.Name, func(on bool) { c.wb.SwitchPart(s.ID, on) })
		sw.SetTip(c.tips, s.Help)
		c.byID[s.ID] = sw
		c.switches.Add(sw)
	}
}

// outcome says what the changes cost.
func outcome(in workbench.Inside, changes workbench.Changes) (text string, problem bool) {
	plain := ""
	if !math.IsNaN(in.PSNR) && in.PSNR != 0 {
		plain = decibels(in.PSNR)
	}
	if !changes.Any() {
		if plain == "" {
			return "", false
		}
		if math.IsInf(in.PSNR, 1) {
			return "Every pixel is the original's", false
		}
		return plain + " dB, decoded as it is", false
	}
	a := in.Altered
	switch {
	case a.Err != nil:
		return sentence(a.Err.Error()), true
	case a.Picture == nil:
		return "decoding …", false
	case math.IsNaN(a.PSNR) || plain == "":
		return "decoded with changes", false
	case math.IsInf(in.PSNR, 1) || math.IsInf(a.PSNR, 1):
		return fmt.Sprintf("%s → %s dB", plain, decibels(a.PSNR)), false
	}
	return fmt.Sprintf("%s → %s dB (%+.2f)", plain, decibels(a.PSNR), a.PSNR-in.PSNR), false
}

func decibels(v float64) string {
	if math.IsInf(v, 1) {
		return "∞"
	}
	return fmt.Sprintf("%.2f", v)
}

// remark lists what was changed, and what the decoder says of it.
func remark(in workbench.Inside, c workbench.Changes) string {
	var parts []string
	add := func(n int, what codecs.Noun) {
		if n > 0 {
			parts = append(parts, workbench.FormatCount(n)+" "+what.For(n)+" replaced")
		}
	}
	add(len(c.Edits), nounOf(in))
	add(len(c.Bytes), codecs.Noun{One: "byte", Many: "bytes"})
	if in.Altered.Bytes > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s bytes left out", workbench.FormatCount(in.Altered.Bytes), workbench.FormatCount(in.Bytes)))
	}
	return strings.Join(append(parts, in.Altered.Warnings...), " · ")
}

// sentence makes an error's text one.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
