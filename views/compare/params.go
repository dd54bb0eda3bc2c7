package compare

import (
	"errors"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// reason takes the kind of error off a codec's refusal: the rest says enough.
func reason(err error) string {
	text := err.Error()
	for _, kind := range []error{codecs.ErrNotApplicable} {
		if errors.Is(err, kind) && len(text) > len(kind.Error())+2 {
			return text[len(kind.Error())+2:]
		}
	}
	return text
}

// control is one parameter's row in the panel.
type control struct {
	row    fyne.CanvasObject
	update func(value string)
}

// controls builds the rows for a schema. set reports changes; pick asks for a file.
type controls struct {
	wb   *workbench.Workbench
	tips *kit.Tips
	set  func(name, value string)
	pick func(done func(path string))
	// paint opens the brush for the parameter that takes a picture.
	paint func()
}

// build returns the row of one parameter of a codec.
func (c controls) build(codec string, p codecs.Param) control {
	switch p.Kind {
	case codecs.Int, codecs.Float:
		if p.Max > p.Min {
			return c.slider(p)
		}
		return c.field(p, 90)
	case codecs.Bool:
		return c.toggle(p)
	case codecs.Choice:
		return c.choice(p)
	case codecs.File:
		return c.file(p, nil)
	case codecs.PicFile:
		return c.mask(p)
	case codecs.Model:
		return c.file(p, c.wb.Tools().Models.Names(codec))
	}
	return c.field(p, 150)
}

// name is a parameter's label: its unit stands beside it.
func name(p codecs.Param) string {
	label := p.Label
	if label == "" || p.Name == "q" {
		label = p.Name
	}
	if p.Unit != "" {
		label += " " + p.Unit
	}
	return label
}

const labelWidth = 92

// slider is a slider with a field for the exact value.
func (c controls) slider(p codecs.Param) control {
	whole := p.Kind == codecs.Int || p.Step >= 1 && p.Step == math.Trunc(p.Step) && p.Min == math.Trunc(p.Min)
	var s *kit.Slider
	f := kit.NewField(54, true, func(text string) { c.set(p.Name, text) })
	step := p.Step
	if p.Kind == codecs.Int && step == 0 {
		step = 1
	}
	s = kit.NewSlider(p.Min, p.Max, step, func(v float64) {
		if !whole {
			v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'f', 6, 64), 64)
		}
		c.set(p.Name, codecs.FormatNumber(v))
	})
	s.SetTip(c.tips, p.Help)
	label := kit.Muted(name(p)).Clipped()
	width := float32(labelWidth)
	if p.Name == "q" {
		width = 18
	}
	return control{kit.Row(kit.Space, 1, kit.Fixed(width, 0, label), s, f), func(v string) {
		if x, err := strconv.ParseFloat(v, 64); err == nil {
			s.Set(x)
		}
		f.Put(v)
	}}
}

func (c controls) field(p codecs.Param, width float32) control {
	f := kit.NewField(width, p.Kind != codecs.Text, func(text string) { c.set(p.Name, text) })
	return control{kit.Row(kit.Space, 0, kit.Muted(name(p)).Clipped(), f), f.Put}
}

func (c controls) toggle(p codecs.Param) control {
	s := kit.NewSwitch("", func(on bool) { c.set(p.Name, strconv.FormatBool(on)) })
	s.SetTip(c.tips, p.Help)
	return control{kit.Row(kit.Space, 0, kit.Muted(name(p)).Clipped(), s), func(v string) { s.Set(v == "true") }}
}

// choice is a segmented control where the choices are few and short, else a menu.
func (c controls) choice(p codecs.Param) control {
	var options []kit.Option
	for _, o := range p.Choices {
		options = append(options, kit.Option{ID: o, Name: o})
	}
	s := kit.NewSegmented(options, func(id string) { c.set(p.Name, id) })
	if s.MinSize().Width <= kit.SidePanel-2*kit.PanelPadding-labelWidth-kit.Space {
		s.SetTip(c.tips, p.Help)
		return control{kit.Row(kit.Space, 0, kit.Muted(name(p)).Clipped(), s), s.Select}
	}
	m := kit.NewPicker(func() []kit.Option { return options }, func(id string) { c.set(p.Name, id) })
	m.SetTip(c.tips, p.Help)
	return control{kit.Row(kit.Space, 0, kit.Muted(name(p)).Clipped(), kit.Fixed(150, 0, m)), func(v string) { m.Put(v, "") }}
}

// mask is the choice of a picture, and a button to paint one over the picture.
func (c controls) mask(p codecs.Param) control {
	b := kit.NewButton("Paint", c.paint)
	b.SetTip(c.tips, "Paint over the picture what matters there   P")
	file := c.file(p, nil)
	row := file.row.(*fyne.Container)
	row.Objects[1] = kit.Fixed(118, 0, row.Objects[1].(*fyne.Container).Objects[0])
	row.Add(b)
	return file
}

// other is the id of the choice that asks for a file.
const other = "\x00file"

// unset is what a file that is not named is called: where the program has files of its own
// for the parameter, one of those is taken.
func unset(shipped []string) string {
	if len(shipped) > 0 {
		return "built in"
	}
	return "none"
}

// file is a menu of the shipped names, none for plain files, and "File …".
func (c controls) file(p codecs.Param, shipped []string) control {
	options := func() []kit.Option {
		var out []kit.Option
		for _, n := range shipped {
			out = append(out, kit.Option{ID: n, Name: n})
		}
		if p.Default == "" {
			out = append(out, kit.Option{ID: "", Name: unset(shipped)})
		}
		return append(out, kit.Option{ID: other, Name: "File …"})
	}
	m := kit.NewPicker(options, func(id string) {
		if id != other {
			c.set(p.Name, id)
			return
		}
		c.pick(func(path string) { c.set(p.Name, path) })
	})
	m.SetTip(c.tips, p.Help)
	return control{kit.Row(kit.Space, 0, kit.Muted(name(p)).Clipped(), kit.Fixed(150, 0, m)), func(v string) {
		shown := v
		if v == "" {
			shown = unset(shipped)
		} else if filepath.Base(v) != v {
			shown = filepath.Base(v)
			if strings.HasPrefix(shown, "mask-") {
				shown = "painted"
			}
		}
		m.Put(shown, "")
	}}
}
