package classical

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/BurntSushi/toml"

	"codecworkbench/codecs"
	"codecworkbench/codecs/command"
	"codecworkbench/codecs/command/userfile"
)

var extensionPattern = regexp.MustCompile(`^\.[a-z0-9]{1,8}$`)

// check fills in defaults and returns the first mistake.
func (d *definition) check(meta toml.MetaData) *userfile.Mistake {
	if !meta.IsDefined("seconds") {
		d.Seconds = userfile.DefaultSeconds
	}
	return cmp.Or(
		userfile.CheckID(d.ID),
		d.checkHead(),
		userfile.CheckSeconds(d.Seconds),
		d.Quality.check(),
		d.checkParams(),
		d.checkTool("encoder", &d.Encoder, append(d.encoderPlaceholders(), "{in}", "{out}")),
		d.checkTool("decoder", &d.Decoder, []string{"{in}", "{out}"}),
	)
}

// checkHead checks the keys outside of tables.
func (d *definition) checkHead() *userfile.Mistake {
	switch {
	case d.Name == "":
		return userfile.Wrong(toml.Key{"name"}, "name is missing; say what people call the format")
	case !extensionPattern.MatchString(d.Native):
		return userfile.Wrong(toml.Key{"native"}, "native %q; give the extension of the format's files, such as \".avif\"", d.Native)
	case d.Lossless && d.Quality != nil:
		return userfile.Wrong(toml.Key{"quality", "worst"}, "a lossless codec has no [quality]; remove the table or lossless")
	case !d.Lossless && d.Quality == nil:
		return userfile.Wrong(toml.Key{"quality"}, "the table [quality] is missing; add it, or lossless = true")
	case d.MinSide < 0 || d.MaxSide < 0 || d.MaxSide > 0 && d.MaxSide < d.MinSide:
		return userfile.Wrong(toml.Key{"max_side"}, "min_side %d, max_side %d; give sides in pixels, the smaller first", d.MinSide, d.MaxSide)
	}
	return nil
}

func (q *nativeQuality) check() *userfile.Mistake {
	if q == nil {
		return nil
	}
	low, high := min(q.Worst, q.Best), max(q.Worst, q.Best)
	switch {
	case q.Worst == q.Best:
		return userfile.Wrong(toml.Key{"quality", "best"}, "worst and best are the same; give the program's two extremes")
	case q.Divide < 0 || q.Divide > 0 && (low <= 0 || q.Best == low):
		return userfile.Wrong(toml.Key{"quality", "divide"}, "divide needs a number above 0, and worst above 0 and below best")
	case q.Step <= 0 || q.Step > high-low:
		return userfile.Wrong(toml.Key{"quality", "step"}, "step = %g; give the smallest useful step, above 0", q.Step)
	case q.Default < low || q.Default > high:
		return userfile.Wrong(toml.Key{"quality", "default"}, "default = %g is outside %g to %g", q.Default, low, high)
	}
	return q.checkLadder(low, high)
}

func (q *nativeQuality) checkLadder(low, high float64) *userfile.Mistake {
	for i, v := range q.Ladder {
		rises := i == 0 || q.shown(v) > q.shown(q.Ladder[i-1])
		if v < low || v > high || !rises {
			return userfile.Wrong(toml.Key{"quality", "ladder"}, "the ladder's %g is out of order or outside %g to %g; list the program's values from worst to best", v, low, high)
		}
	}
	return nil
}

func (d *definition) checkParams() *userfile.Mistake {
	var seen []string
	for i, p := range d.Params {
		wrong := func(key, text string, args ...any) *userfile.Mistake {
			m := userfile.Wrong(toml.Key{"param", key}, text, args...)
			m.Index = i
			return m
		}
		kind := codecs.ParamKind(p.Kind)
		switch {
		case !userfile.ID.MatchString(p.Name) || slices.Contains([]string{"q", "in", "out"}, p.Name) || slices.Contains(seen, p.Name):
			return wrong("name", "parameter %d is named %q; give another name of lower-case letters, digits and hyphens", i+1, p.Name)
		case kind != codecs.Int && kind != codecs.Float && kind != codecs.Choice:
			return wrong("kind", "parameter %s is of kind %q; give int, float or choice", p.Name, p.Kind)
		case kind == codecs.Choice && len(p.Choices) == 0:
			return wrong("choices", "parameter %s has no choices; list them", p.Name)
		}
		if _, err := p.param().Check(p.Default); err != nil {
			return wrong("default", "the default of parameter %s: %v", p.Name, err)
		}
		seen = append(seen, p.Name)
	}
	return nil
}

// param is the parameter as the rest of the program sees it.
func (p paramDefinition) param() codecs.Param {
	label := p.Label
	if label == "" {
		label = p.Name
	}
	return codecs.Param{Name: p.Name, Label: label, Kind: codecs.ParamKind(p.Kind), Min: p.Min, Max: p.Max, Step: p.Step,
		Choices: p.Choices, Default: p.Default, Unit: p.Unit, Help: p.Help}
}

// encoderPlaceholders lists what an encoder's arguments hold besides the files.
func (d *definition) encoderPlaceholders() []string {
	var out []string
	if d.Quality != nil {
		out = append(out, "{q}")
	}
	for _, p := range d.Params {
		out = append(out, "{"+p.Name+"}")
	}
	return out
}

// checkTool checks one program's table, whose arguments must use each of the
// placeholders and no others.
func (d *definition) checkTool(table string, t *tool, placeholders []string) *userfile.Mistake {
	if t.Picture == "" {
		t.Picture = command.PNG
	}
	if t.Picture != command.PNG && t.Picture != command.PPM || t.Picture == command.PPM && d.Alpha {
		return userfile.Wrong(toml.Key{table, "picture"}, "[%s] has picture = %q; give png or, without alpha, ppm", table, t.Picture)
	}
	return userfile.CheckProgram(table, t.Programs, t.Args, placeholders)
}
